// The paths side by side: a filmstrip of each, with a button to take it and how long it is.

import { frameImage, PATHS } from "../../core/paths.js";
import { h, help } from "../../widgets/dom.js";
import { createPicture } from "../../widgets/picture.js";
import { letter } from "./places.js";
import { measurePath } from "./measure.js";

const FRAMES = 11; // in a filmstrip

// `choose(name)` takes a path, `go(name, share)` also a place of it, from 0 to 1; `colourOf(name)` is
// its colour.
export function createPathStrips({ bench, paths, colourOf, choose, go }) {
  const { model, history } = bench;
  const strips = Object.keys(PATHS).map((name) => createStrip({ model, name, choose, go }));
  const title = h("h2", {});
  const element = h("section", { class: "card compare", "aria-label": "The paths, side by side" },
    h("header", {}, title, help("a path",
      ...Object.values(PATHS).map(({ name, words }) => `${name}: ${words} `))),
    h("div", { class: "strips" }, ...strips.map((strip) => strip.element)));
  const last = () => history.now.keys.length - 1;

  // Which path is in use, in the theme's colours.
  function show() {
    title.textContent = `Paths from A to ${letter(last())}`;
    for (const { name, button } of strips) {
      button.setAttribute("aria-pressed", String(name === history.now.path));
      button.querySelector("i").style.background = colourOf(name);
    }
  }

  // News of the paths that are not ready.
  function say() {
    for (const { name, words } of strips) if (!paths.ready(name)) words.textContent = paths.status(name);
  }

  // Draws and measures all that there are, in idle time -> {name: what measure.js says of it}.
  function* fill() {
    const measured = {};
    for (const strip of strips) {
      const { name, element, words } = strip;
      const reason = paths.error(name) ?? (paths.ready(name) ? null : paths.status(name));
      element.classList.toggle("empty", Boolean(reason));
      words.textContent = reason ?? "";
      if (reason) continue;
      yield* draw(strip);
      measured[name] = yield* measurePath(bench, (t) => paths.at(name, t), last());
      words.textContent = `length ${measured[name].length.toFixed(1)}`;
    }
    return measured;
  }

  function* draw({ name, pictures }) {
    for (const [i, picture] of pictures.entries()) {
      picture.paint(frameImage(model, paths.at(name, (i * last()) / (FRAMES - 1))));
      yield;
    }
  }

  return { element, show, say, fill };
}

function createStrip({ model, name, choose, go }) {
  const pictures = Array.from({ length: FRAMES }, () => createPicture(model.image));
  const words = h("span", { class: "quiet" });
  const button = h("button", { type: "button", class: "path", title: PATHS[name].words,
    onclick: () => choose(name) }, h("i", { class: "swatch" }), PATHS[name].name);
  const element = h("div", { class: "path-row", "data-path": name }, h("div", {}, button, words),
    h("div", { class: "frames" }, ...pictures.map((p, i) => h("button", { type: "button",
      class: "plain", "aria-label": `Go to step ${i + 1} of ${FRAMES}, ${PATHS[name].name}`,
      onclick: () => go(name, i / (FRAMES - 1)) }, p.canvas))));
  return { name, element, pictures, words, button };
}
