// The picture that goes through the models: drawn on the pad, or picked. One panel for all parts of the page
// that put a picture in: `place(slot)` moves it there.

import { DRAWINGS } from "../../core/drawings.js";
import { anyOf } from "../../core/origins.js";
import { action } from "../../widgets/action.js";
import { createChoice } from "../../widgets/choice.js";
import { h } from "../../widgets/dom.js";
import { Pad, strokesOf } from "../../widgets/pad.js";
import { createPick } from "../../widgets/picker.js";
import { inputOf } from "./reading.js";

export const PEN = { size: 22, colour: "#ffffff", erasing: false };
export const FIRST = strokesOf(DRAWINGS["a three"], PEN);
export const SOURCES = { draw: "Draw", picked: "Choose" };

const ABOUT_EXAMPLE = "A bundle has the codes of held-out examples, not their pixels: each model shows what its own " +
  "code says, with its measured figures. Of a drawing or one of your pictures the difference is shown too.";

export class Input {
  #version = -1; // of the pad
  #picked = null;
  #now = null;

  constructor(bench) {
    const { model, card, history } = bench;
    Object.assign(this, { bench, history });
    this.pad = new Pad({ image: model.image, digits: Boolean(card.prepare.digits), pen: () => PEN,
      move: (drawing) => history.move({ drawing }), settle: () => history.settle(), painted() {} });
    this.choice = createChoice({ name: "from", label: "Where the picture comes from",
      choices: Object.entries(SOURCES), choose: (from) => history.change({ from }) });
    this.pick = createPick({ bench, label: "picture", picked: history.now.picked, change: (picked) => history.change({ picked }) });
    this.panels = {
      draw: h("div", { class: "drawing" }, this.pad.canvas, h("div", { class: "row" },
        ...["a two", "a three", "an eight"].map((name) => this.#drawing(name)),
        h("button", { type: "button", onclick: () => this.draw([]) }, "Clear"))),
      picked: h("div", {}, h("div", { class: "row" }, this.pick.element, action("random", "Another example (R)", () => this.other())),
        h("p", { class: "quiet" }, ABOUT_EXAMPLE)) };
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
    if (from === "draw") return this.#drawn();
    this.#version = -1;
    if (this.#picked !== picked) this.#now = inputOf(this.bench, this.#picked = picked);
    return this.#now;
  }

  #drawn() {
    this.#picked = null;
    if (this.#version === this.pad.version) return this.#now;
    this.#version = this.pad.version;
    const x = this.pad.x();
    return (this.#now = x && { x, image: this.bench.model.image });
  }
}
