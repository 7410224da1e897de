// The paths side by side: a filmstrip of each, with a button to take it and how long it is.
// `choose(name)` takes a path, `go(name, share)` also a place of it, from 0 to 1.

import { h, help } from "../../widgets/dom.js";
import { createPicture } from "../../widgets/picture.js";
import { mixture } from "../../widgets/downloads.js";
import { measureWay } from "./measure.js";
import { WAYS } from "./paths.js";

const FRAMES = 11; // in a filmstrip

// `colourOf(name)` is a path's colour, `last()` the number of the last key frame.
export function createWayStrips({ bench, ways, last, colourOf, choose, go }) {
  const { model } = bench;
  const strips = Object.keys(WAYS).map(createStrip);
  const element = h("section", { class: "card compare", "aria-label": "The paths, side by side" },
    h("header", {}, h("h2", {}, "Five ways from A to B"), help("a path",
      ...Object.values(WAYS).map(({ name, words }) => `${name}: ${words} `))),
    h("div", { class: "strips" }, ...strips.map((s) => s.element)));

  function createStrip(name) {
    const pictures = Array.from({ length: FRAMES }, () => createPicture(model.image));
    const said = h("span", { class: "quiet" });
    const button = h("button", { type: "button", class: "way", title: WAYS[name].words,
      onclick: () => choose(name) }, h("i", { class: "swatch" }), WAYS[name].name);
    const element = h("div", { class: "way-row", "data-way": name }, h("div", {}, button, said),
      h("div", { class: "frames" }, ...pictures.map((p, i) => h("button", { type: "button",
        class: "plain", "aria-label": `Go to step ${i + 1} of ${FRAMES}, ${WAYS[name].name}`,
        onclick: () => go(name, i / (FRAMES - 1)) }, p.canvas))));
    return { name, element, pictures, said, button };
  }

  // Which path is taken.
  function show(chosen) {
    for (const { name, button } of strips) {
      button.setAttribute("aria-pressed", String(name === chosen));
      button.querySelector("i").style.background = colourOf(name);
    }
  }

  // News of the paths that are not ready.
  function tell() {
    for (const { name, said } of strips) if (!ways.ready(name)) said.textContent = ways.status(name);
  }

  // Draws and measures all that there are, in idle time -> {name: what waymeasure.js says of it}.
  function* fill() {
    const measured = {};
    for (const strip of strips) {
      const { name, element, said } = strip;
      const reason = ways.error(name) ?? (ways.ready(name) ? null : ways.status(name));
      element.classList.toggle("empty", Boolean(reason));
      said.textContent = reason ?? "";
      if (reason) continue;
      yield* draw(strip);
      measured[name] = yield* measureWay(bench, (t) => ways.at(name, t), last());
      said.textContent = `length ${measured[name].length.toFixed(1)}`;
    }
    return measured;
  }

  function* draw({ name, pictures }) {
    for (const [i, picture] of pictures.entries()) {
      picture.paint(mixture(model, ways.at(name, (i * last()) / (FRAMES - 1))));
      yield;
    }
  }

  return { element, show, tell, fill };
}
