// What the rounds measured; when all are over, which sliders were which, and what differed.

import { REACH, ROUNDS, summary } from "../../core/rounds.js";
import { download, h } from "../../widgets/dom.js";
import { percent } from "../../widgets/format.js";
import { createPicture } from "../../widgets/picture.js";
import { allOver, resultsOf } from "./schema.js";

const COLUMNS = ["seed", "round", "sliders", "example", "left", "moves", "seconds", "hint"];
const AXES = 3, FRAMES = 7; // of the strips at the end
const KINDS = { own: "the model's own dimensions", turned: "the same space, turned at random" };

export function createResults({ data, model, history, memory }) {
  const csv = h("button", { type: "button", class: "do-csv", onclick: save, title: "All rounds on this model that are over" }, "CSV");
  const clear = h("button", { type: "button", class: "do-clear", onclick: () => history.change({ results: [] }) }, "Remove all");
  const rows = h("tbody", {}), end = h("div", { class: "end" });
  const figuresOf = table(["Round", "Sliders", "Left", "Moves", "Seconds"], rows);
  const element = h("section", { class: "card results", "aria-label": "Results" },
    h("header", {}, h("h2", {}, "Results"), h("span", { class: "space" }), csv, clear),
    h("p", {}, `In each of ${ROUNDS} rounds make your picture like the other one, with the sliders alone. Sliders A and B take turns: `,
      "one set is the model's own dimensions. How near you came, with how many moves and in what time, is measured here."),
    figuresOf, end);
  let shown = null;

  // `rounds` are those of the state's seed.
  function settle(state, rounds) {
    if (shown === state.results && end.dataset.seed === String(state.seed)) return;
    memory.write("match", shown = state.results);
    end.dataset.seed = state.seed;
    const results = resultsOf(state), over = allOver(state);
    csv.hidden = !over;
    clear.hidden = !state.results.length;
    figuresOf.hidden = !results.length;
    rows.replaceChildren(...results.map((result) => row(result.round, rounds.of(result.round).letter, ...figures(result))));
    end.replaceChildren(...(over ? ending(results, rounds) : []));
  }

  function ending(results, rounds) {
    const [a, b] = [rounds.of(1), rounds.of(2)];
    return [
      h("p", {}, h("strong", {}, "Sliders A were ", KINDS[a.kind], "; sliders B were ", KINDS[b.kind], "."),
        " Both reach the same pictures; only what one slider changes is different."),
      table(["Median of", "Left", "Moves", "Seconds"], h("tbody", {}, ...summary(results).map(({ kind, n, ...medians }) =>
        row(`${KINDS[kind]}, ${n} rounds`, ...figures(medians))))),
      ...["own", "turned"].map((kind) => strips(kind, rounds)),
      h("p", { class: "quiet" }, "Three rounds with each are few: they say how it went this time, for you, on this model.")];
  }

  // What the first sliders of a kind do to the mean of the examples' codes.
  function strips(kind, { both, space }) {
    const axes = both[kind], middle = model.code.origin();
    const pictures = axes.slice(0, AXES).map((_, i) => h("div", { class: "film" }, ...Array.from({ length: FRAMES }, (_, f) => {
      const picture = createPicture(model.image), values = axes.map((_, k) => (k === i ? REACH * (-1 + (2 * f) / (FRAMES - 1)) : 0));
      picture.paint(model.decode(space.at(axes, values, middle)));
      return picture.canvas;
    })));
    return h("figure", {}, h("figcaption", { class: "quiet" }, `The first ${pictures.length}: ${KINDS[kind]}`), ...pictures);
  }

  function save() {
    const lines = history.now.results.map((result) => [result.seed, result.round, result.kind, result.example,
      result.left.toFixed(4), result.moves, result.seconds.toFixed(2), Number(result.hint)].join(","));
    download(`${data.model} match.csv`, new Blob([`${[COLUMNS.join(","), ...lines].join("\r\n")}\r\n`], { type: "text/csv" }));
  }

  return { element, settle };
}

const figures = ({ left, moves, seconds }) => [percent(left), moves, seconds.toFixed(1)];
const row = (first, ...cells) => h("tr", {}, h("th", { scope: "row" }, first), ...cells.map((cell) => h("td", {}, cell)));
const table = (head, body) => h("table", {}, h("thead", {}, h("tr", {}, ...head.map((name) => h("th", { scope: "col" }, name)))), body);
