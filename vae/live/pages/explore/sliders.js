// One slider for each number of the code, those with a name first and then the most informative, and
// buttons for its choices.

import { histogram, largest, readDims } from "../../core/reading.js";
import { h, help } from "../../widgets/dom.js";
import { Choice } from "./choice.js";
import { Dimension } from "./dimension.js";

const BINS = 48;
const SMALLEST = 4; // σ that a slider reaches at least
const SHORT = 6; // letters of a name that fit beside a slider of full length

// What the sliders show of the examples: the rate of each dimension, which are live (those with a name
// first) and which dead, how far a slider reaches, and where examples lie.
export function readingsOf({ model: { code }, atlas, card }) {
  const titles = new Map((card.names ?? []).map((named) => [named.dimension, titleOf(named)]));
  const dims = readDims(atlas, code);
  return {
    titles,
    ...dims,
    live: dims.live.toSorted((a, b) => titles.has(b) - titles.has(a)),
    names: code.names,
    units: code.units,
    isLearned: code.isLearned,
    limits: Array.from(largest(atlas.mean, code.size), (most, j) => reachOf(most, code.units[j])),
    counts: (j, limit) => histogram(atlas.mean, code.size, j, limit, BINS),
  };
}

const titleOf = ({ name, correlation, n }) => `Its rank correlation with the ${name} of the pictures is ` +
  `${correlation < 0 ? "−" : "+"}${Math.abs(correlation).toFixed(2)} (n = ${n.toLocaleString("en")}). Rename`;

// A round number that no example is beyond.
const reachOf = (most, unit) =>
  (unit ? Math.max(SMALLEST, Math.ceil(most)) : Math.max(0.1, Math.ceil(10 * most) / 10));

// `move(j, value)` while the hand moves a slider, `settle()` when it lets go, `rename(j, name)`. Without
// `names` and `units` the code is one of N(0, I).
export function createSliderCard(readings, { move, settle, rename }, choices = []) {
  const { rates, live, dead, limits, counts, names, titles, units } = readings;
  const dims = Array.from(limits, (limit, j) => new Dimension({ j, limit, settle,
    initial: names?.[j] ?? `z${j}`, title: titles?.get(j) ?? "Rename", unit: units?.[j] ?? "σ", worth: worthOf(readings, j),
    counts: (most) => counts(j, most), move: (value) => move(j, value), rename: (name) => rename(j, name) }));
  const most = rates ? "most informative" : "most varied";
  const rows = (some) => h("div", { class: "rows scrolls" }, ...some.map((j) => dims[j].element));
  const element = h("section", { class: "card sliders", "aria-label": "Latent dimensions" },
    h("header", {}, h("h2", {}, "Dimensions"),
      h("span", { class: "quiet" }, titles?.size ? `named, then ${most}` : `${most} first`),
      help("a dimension", ...aboutOf(readings))),
    ...choices.map((choice) => choice.element), rows(live),
    dead.length ? h("details", {}, h("summary", {}, `${dead.length} unused`), rows(dead)) : null);
  let turn = 0; // the slider that is next to move

  // At most `most` sliders move in one call: while the hand hovers over the map all of them do, and
  // laying out sixteen would take a frame. Returns whether some are left for the next frame.
  function show(z, most = z.length) {
    choices.forEach((choice) => choice.show(z));
    const later = choices.map((choice) => choice.paint()).some((left) => left);
    for (let n = 0; n < z.length && most > 0; n++) {
      const j = (turn + n) % z.length;
      if (dims[j].value === z[j]) continue;
      dims[j].show(z[j]);
      if (!--most) turn = (j + 1) % z.length;
    }
    return later || dims.some(({ value }, j) => value !== z[j]);
  }

  return { element, dims, live: live.map((j) => dims[j]), show };
}

// What a dimension tells about pictures.
const worthOf = ({ rates, spread }, j) => (rates
  ? { text: `${rates[j].toFixed(2)} nats`, title: "rate of this dimension" }
  : { text: `± ${spread[j].toFixed(2)}`, title: "standard deviation of the examples' codes" });

function aboutOf({ rates, units, isLearned }) {
  const inSigma = !units || units.every((unit) => unit);
  return ["Each slider is one number of the code",
    inSigma ? ", in standard deviations σ of the prior" : "",
    ". The hills behind a handle show where the held-out examples lie",
    ...(rates ? ["; the bar is the posterior, μ ± σ, of the example you started from. The rate, KL(q ‖ p) in ",
      "nats, is the most that a dimension says of a picture on average: how far all codes together are from ",
      "the prior counts too",
      isLearned ? "; p is here the Gaussian with the prior's own mean and spread." : "."]
      : ["; the figure is the standard deviation of their codes."])];
}

// `code` is the picture in use, with its `posterior`.
export function createSliders({ bench, code }) {
  const { model, idle, history, memory } = bench;
  const choices = createChoices(bench, code);
  const card = createSliderCard(readingsOf(bench), {
    move: (j, value) => code.move(code.z.with(j, value)),
    settle: () => code.settle(),
    rename: (j, name) => history.change({ names: { ...history.now.names, [j]: name } }),
  }, choices);

  // What each slider would make of the current code, a picture at a time.
  function* drawFilm(z) {
    for (const dim of card.live) {
      for (const [f, picture] of dim.pictures.entries()) {
        picture.paint(model.decode(z.with(dim.j, dim.valueAt(f))));
        yield;
      }
    }
  }

  // After a step of the page's state.
  function settle({ film, names }) {
    const { posterior } = code;
    for (const dim of card.dims) {
      dim.showPosterior(posterior);
      dim.showName(names[dim.j]);
      if (film) dim.openFilm(model.image);
    }
    memory.write("names", names);
    card.element.classList.toggle("long-names", card.dims.some(({ name }) => name.value.length > SHORT));
    card.element.classList.toggle("with-film", film);
    if (film) idle.put("film", drawFilm(Float32Array.from(code.shown)));
  }

  return { element: card.element, show: card.show, settle, classKeys: keysOf(choices) };
}

// The number of a class takes it, where there is one choice.
const keysOf = ([choice, another]) => (choice && !another
  ? Object.fromEntries(choice.row.items.slice(0, 10).map((_, k) => [String(k), () => choice.choose(k)])) : {});

function createChoices(bench, code) {
  const { blocks, withClass } = bench.model.code;
  return blocks.filter(({ widget }) => widget === "buttons").map((block) => new Choice({ bench, block,
    choose(k) {
      code.move(withClass(code.z, block, k));
      code.settle();
    } }));
}
