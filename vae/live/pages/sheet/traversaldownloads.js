// Take traversals with you: films, a figure, the values.

import { about } from "../../io/provenance.js";
import { createBusy } from "../../widgets/task.js";
import { h, select } from "../../widgets/dom.js";
import { contactSheet, togetherGif } from "../../widgets/figure.js";
import { createFilmDownloads } from "../../widgets/downloads.js";

// `base()` is the code that they start from, `link()` the page's.
export function createTraversalTake({ bench, traversals, base, link }) {
  const { model, data } = bench;
  const name = `${data.model} traversals`;
  const busy = createBusy(bench);
  const take = createFilmDownloads(bench, { name, link, frames: walk, json, kinds: ["gif", "webp", "mp4"] });
  let filmed = "all";

  function walk() {
    const dims = filmed === "all" ? traversals.live : [Number(filmed)];
    return traversals.film(dims).map((z) => [{ weight: 1, z }]);
  }

  function json() {
    const { values, dims } = traversals.figure();
    return { ...about(bench, link()), base: Array.from(base()), values,
      rows: dims.map((j) => ({ dimension: j, rate: traversals.rates[j] })) };
  }

  function figure() {
    const { codes, columns, values, dims } = traversals.figure();
    const heads = values.map((v) => `${v.toFixed(1)} σ`);
    const labels = dims.map((j) => `z${j}  ${traversals.rates[j].toFixed(2)} nats`);
    return busy.run("Drawing the figure", `${name}.png`, (how) =>
      contactSheet(model, codes, { columns, scale: 2, gap: 2, heads, labels, ...how }));
  }

  function together() {
    return busy.run("Drawing the film", `${name} together.gif`, (how) =>
      togetherGif(model, traversals.together(), how));
  }

  return h("footer", { class: "row" },
    select("film of", [["all", "each in turn"], ...traversals.live.map((j) => [String(j), `z${j}`])], "all",
      (which) => (filmed = which)), take.element,
    h("button", { type: "button", class: "do-figure", title: "All rows as one picture, with names and values",
      onclick: figure }, "Figure"),
    h("button", { type: "button", class: "do-together", title: "All rows swinging side by side, as a GIF",
      onclick: together }, "All together"), ...busy.elements);
}
