// The pad with its tools, drawings that draw themselves, and a button to add what is drawn to your
// pictures.

import { h } from "../../widgets/dom.js";
import { PEN, Pad, strokesOf } from "../../widgets/pad.js";
import { drawingsFor, firstFor } from "../../core/drawings.js";
import { draw } from "./steps.js";

const FIRST = new Map(); // what a new page draws, by its lines

export function firstOf(card) {
  const lines = firstFor(card);
  if (!FIRST.has(lines)) FIRST.set(lines, strokesOf(lines, PEN));
  return FIRST.get(lines);
}

// `painted()` hears of a drawing that draws itself, `keep()` that it is to be one of your pictures.
export function createDrawing({ bench, painted, keep }) {
  const { card, model, history } = bench;
  const digits = Boolean(card.prepare.digits);
  const pad = new Pad({ image: model.image, digits, painted, pen: () => history.now.pen,
    move: (strokes) => history.move(draw(strokes)), settle: () => history.settle() });
  const tools = createTools(bench);
  const element = h("div", {}, h("div", { class: "draw" }, pad.canvas, tools.element),
    h("div", { class: "row drawings" }, h("span", { class: "quiet" }, "draw me"),
      ...Object.entries(drawingsFor(card)).map(([name, lines]) => h("button", { type: "button",
        onclick: () => play(lines) }, name))),
    h("p", { class: "quiet" }, digits
      ? "The model gets your strokes as MNIST has its digits: fitted into 20 × 20 pixels, centred by mass."
      : "The model gets the pad, reduced to its own size.",
    " ", h("button", { type: "button", class: "do-keep", onclick: keep }, "Add to your pictures")));

  function play(lines) {
    const strokes = strokesOf(lines, history.now.pen);
    pad.play(strokes);
    history.change(draw(strokes));
  }

  function show({ drawing, pen }) {
    pad.show(drawing.strokes);
    tools.show(pen);
  }

  // The drawing that a new page shows draws itself.
  function begin() {
    const { drawing } = history.now;
    if (!history.canUndo && drawing.strokes === firstOf(card)) pad.play(drawing.strokes);
  }

  return { element, pad, show, begin };
}

function createTools({ model, history }) {
  const set = (changes) => ({ pen: { ...history.now.pen, ...changes } });
  const size = h("input", { type: "range", min: 6, max: 60, "aria-label": "Pen size",
    oninput: () => history.move(set({ size: size.valueAsNumber })), onchange: () => history.settle() });
  const colour = h("input", { type: "color", "aria-label": "Pen colour", hidden: model.image[0] === 1,
    onchange: () => history.change(set({ colour: colour.value })) });
  const eraser = h("button", { type: "button",
    onclick: () => history.change(set({ erasing: !history.now.pen.erasing })) }, "Eraser");
  const element = h("div", { class: "tools" },
    h("label", { class: "choice" }, h("span", { class: "quiet" }, "pen"), size), colour, eraser,
    h("button", { type: "button", class: "do-clear", onclick: () => history.change(draw([])) }, "Clear"));

  function show(pen) {
    size.value = pen.size;
    colour.value = pen.colour;
    eraser.setAttribute("aria-pressed", String(pen.erasing));
  }

  return { element, show };
}
