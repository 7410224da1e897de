// The pad with what stands around it: drawings that draw themselves, what the model gets of one, and
// a button to keep it.

import { h } from "../../widgets/dom.js";
import { createPad } from "../../widgets/pad.js";
import { DRAWINGS } from "../../core/drawings.js";

// `digits`: whether the model wants drawings prepared as MNIST has its digits. `change()` is told of
// every stroke, `keep()` that the drawing is to stay.
export function createDrawing({ model, digits, change, keep }) {
  const pad = createPad({ image: model.image, digits, change });
  const element = h("div", {}, pad.element,
    h("div", { class: "row drawings" }, h("span", { class: "quiet" }, "draw me"),
      ...Object.entries(DRAWINGS).map(([name, lines]) => h("button", { type: "button",
        onclick: () => pad.play(lines) }, name))),
    h("p", { class: "quiet" }, digits
      ? "The model gets your strokes as MNIST has its digits: fitted into 20 × 20 pixels, centred by mass."
      : "The model gets the pad, reduced to its own size.",
    " ", h("button", { type: "button", class: "do-keep", onclick: keep }, "Keep this drawing")));
  return { element, pad };
}
