// The pad, and what is coded of it: black and white where the model has no greys.

import { drawingsFor } from "../../core/drawings.js";
import { h } from "../../widgets/dom.js";
import { PEN, Pad, strokesOf } from "../../widgets/pad.js";
import { createPicture } from "../../widgets/picture.js";

export function createDrawing({ model, card, history }, levels) {
  const pad = new Pad({ image: model.image, digits: Boolean(card.prepare.digits), pen: () => PEN,
    move: (drawing) => history.move({ drawing }), settle: () => history.settle(), painted() {} });
  const coded = createPicture(model.image, { "aria-label": "The picture that is coded" });
  const choose = (lines) => history.change({ drawing: strokesOf(lines, PEN) });
  const elements = [
    h("div", { class: "two" }, pad.canvas, h("figure", {}, coded.canvas,
      h("figcaption", {}, levels === 2 ? "what is coded: black or white" : `what is coded: ${levels} levels`))),
    h("div", { class: "row" }, ...Object.entries(drawingsFor(card)).map(([name, lines]) =>
      h("button", { type: "button", onclick: () => choose(lines) }, name)),
    h("button", { type: "button", class: "do-clear", onclick: () => choose([]) }, "Clear")),
  ];

  // The symbols of the picture in use.
  function read() {
    pad.show(history.now.drawing);
    const x = pad.x() ?? new Float32Array(model.pixels);
    const symbols = Uint8Array.from(x, (v) => Math.round(v * (levels - 1)));
    coded.paint(Float32Array.from(symbols, (v) => v / (levels - 1)));
    return symbols;
  }

  return { elements, read };
}
