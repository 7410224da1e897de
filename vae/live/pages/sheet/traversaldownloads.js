// What can be taken from traversals: films, a figure, the values.

import { about } from "../../io/provenance.js";
import { h } from "../../widgets/dom.js";
import { createFilmDownloads } from "../../widgets/downloads.js";
import { contactSheet, togetherGif } from "../../widgets/figure.js";
import { distanceText } from "../../widgets/format.js";
import { createSelect } from "../../widgets/form.js";
import { createTask } from "../../widgets/task.js";
import { codeWith, columnValues, filmOf, filmTogether } from "./traversal.js";

const FIGURE = { scale: 2, gap: 2 };

export function createTraversalDownloads({ bench, traversals: { live, rates } }) {
  const { model, data, history } = bench;
  const name = `${data.model} traversals`;
  const task = createTask(bench);
  const films = createFilmDownloads(bench, { name, frames, json, kinds: ["gif", "webp", "mp4"] });

  function frames() {
    const { base, range, filmed } = history.now;
    return filmOf(base.z, filmed === "all" ? live : [Number(filmed)], range).map((z) => [{ weight: 1, z }]);
  }

  function json() {
    return { ...about(bench, bench.link()), base: Array.from(history.now.base.z),
      values: columnValues(history.now), rows: live.map((j) => ({ dimension: j, rate: rates?.[j] })) };
  }

  function saveFigure() {
    const { base, columns } = history.now, values = columnValues(history.now);
    const codes = live.flatMap((j) => values.map((v) => codeWith(base.z, j, v)));
    const heads = values.map((v) => distanceText(v, model.code.numberUnit, 1));
    const labels = live.map((j) => `${model.code.names[j]}${rates ? `  ${rates[j].toFixed(2)} nats` : ""}`);
    return task.run("Drawing the figure", `${name}.png`, (how) =>
      contactSheet(model, codes, { columns, ...FIGURE, heads, labels, ...how }));
  }

  function saveTogether() {
    const { base, range, fps } = history.now;
    return task.run("Drawing the film", `${name} together.gif`, (how) =>
      togetherGif(model, filmTogether(base.z, live, range), { fps, ...how }));
  }

  return h("footer", { class: "row" },
    createSelect(bench, "filmed", "film of", [["all", "each in turn"], ...live.map((j) => [String(j), model.code.names[j]])]),
    films.element,
    h("button", { type: "button", class: "do-figure", title: "All rows as one picture, with names and values",
      onclick: saveFigure }, "Figure"),
    h("button", { type: "button", class: "do-together", title: "All rows moving side by side, as a GIF",
      onclick: saveTogether }, "GIF of all rows"), ...task.elements);
}
