// The picture that goes through the models: drawn on the pad, or picked. One panel for all parts of the page
// that put a picture in: `place(slot)` moves it there.

import { DRAWINGS } from "../../core/drawings.js";
import { anyOf } from "../../core/origins.js";
import { action } from "../../widgets/action.js";
import { createChoice } from "../../widgets/choice.js";
import { h } from "../../widgets/dom.js";
import { PEN, Pad, strokesOf } from "../../widgets/pad.js";
import { createPick } from "../../widgets/picker.js";
import { Original } from "./original.js";
import { inputOf } from "./reading.js";

export const FIRST = strokesOf(DRAWINGS["a three"], PEN);
const DRAWN = { digits: ["a two", "a three", "an eight"], others: ["a face", "a house"] };
export const SOURCES = { draw: "Draw", picked: "Choose" };

export class Input {
  #version = -1; // of the pad
  #onPad = null; // what is drawn, as an input
  #picked = null;

  constructor(bench, wake) {
    const { model, card, history } = bench;
    Object.assign(this, { bench, history, wake });
    this.pad = new Pad({ image: model.image, digits: Boolean(card.prepare.digits), pen: () => PEN,
      move: (drawing) => history.move({ drawing }), settle: () => history.settle(), painted() {} });
    this.choice = createChoice({ name: "from", label: "Where the picture comes from",
      choices: Object.entries(SOURCES), choose: (from) => history.change({ from }) });
    this.pick = createPick({ bench, label: "picture", picked: history.now.picked, change: (picked) => history.change({ picked }) });
    this.original = new Original({ bench, wake, image: model.image });
    this.panels = {
      draw: h("div", { class: "drawing" }, this.pad.canvas, h("div", { class: "row" },
        ...DRAWN[card.prepare.digits ? "digits" : "others"].map((name) => this.#drawing(name)),
        h("button", { type: "button", onclick: () => this.draw([]) }, "Clear"))),
      picked: h("div", { class: "drawing" }, this.original.canvas, h("div", { class: "row" }, this.pick.element,
        action("random", "Another example (R)", () => this.other())), this.original.words) };
    this.element = h("section", { class: "card input", "aria-label": "The picture" }, this.choice.element,
      ...Object.values(this.panels));
  }

  #drawing(name) {
    return h("button", { type: "button", onclick: () => this.draw(strokesOf(DRAWINGS[name], PEN)) }, name);
  }

  draw(drawing) {
    this.history.change({ drawing, from: "draw" });
  }

  // Another held-out example, of any class.
  other() {
    const k = Math.floor(Math.random() * Math.max(1, this.bench.classes.length));
    this.history.change({ picked: anyOf(this.bench, k), from: "picked" });
  }

  place(slot) {
    if (this.element.parentElement !== slot) slot.prepend(this.element);
  }

  // While the hand moves, too.
  show() {
    this.pad.show(this.history.now.drawing);
  }

  settle() {
    const { from, picked } = this.history.now;
    this.choice.show(from);
    for (const [key, panel] of Object.entries(this.panels)) panel.hidden = key !== from;
    if (this.pick.picked !== picked) this.pick.show(picked);
  }

  // The same object as long as it is the same picture; null where nothing is drawn.
  get now() {
    const { from, picked } = this.history.now;
    if (from === "draw") return this.#fromPad();
    if (this.#picked !== picked) this.original.show(inputOf(this.bench, this.#picked = picked));
    return this.original.now;
  }

  #fromPad() {
    if (this.#version === this.pad.version) return this.#onPad;
    this.#version = this.pad.version;
    const x = this.pad.x();
    return (this.#onPad = x && { x, image: this.bench.model.image });
  }
}
