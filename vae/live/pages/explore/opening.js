// Explore while the encoder and the atlas are still on their way: the picture and its sliders, which need
// the decoder alone. They stand where the page will have them.

import { h } from "../../widgets/dom.js";
import { evenly } from "../../widgets/large.js";
import { createPicture } from "../../widgets/picture.js";
import { createSliderCard } from "./sliders.js";

// `first` is what Python knows of the model: {z, rates, live, dead, limits, named: [[j, name], …]}. Returns {element, moved(),
// atRest()}: the code (D) where the hand has moved it, else null; and a promise of its letting go.
export function createOpening(decoder, first) {
  const z = Float32Array.from(first.z), pixels = new Float32Array(decoder.pixels);
  const picture = createPicture(decoder.image, { "aria-label": "The decoded image" });
  const titles = new Map(first.named), names = first.z.map((_, j) => titles.get(j) ?? `z${j}`);
  const sliders = createSliderCard({ ...first, titles, names, counts: () => [] }, { move, settle: () => {}, rename: () => {} });
  sliders.dims.forEach(({ name }) => (name.disabled = true)); // names are kept once all is there
  const element = h("div", { class: "bench opening" },
    h("div", { class: "view card pinned" }, h("figure", evenly(decoder.image), h("div", { class: "frame" }, picture.canvas))),
    h("section", { class: "card map" }, h("p", { class: "waiting quiet" }, "Loading the map …")),
    sliders.element);
  let moved = false, pending = 0;

  function move(j, value) {
    moved = true;
    z[j] = value;
    pending ||= requestAnimationFrame(paint);
  }

  function paint() {
    pending = 0;
    picture.paint(decoder.decode(z, pixels));
    sliders.show(z);
    element.dispatchEvent(new CustomEvent("atelier:painted", { bubbles: true, detail: { code: z } }));
  }

  paint();
  return { element, moved: () => (moved ? z : null), atRest: () => atRest(element) };
}

// At once, or when the pointer that is down on `element` goes up.
function atRest(element) {
  if (!element.querySelector("input:active")) return Promise.resolve();
  return new Promise((resolve) => addEventListener("pointerup", resolve, { once: true }));
}
