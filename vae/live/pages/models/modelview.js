// One model's view of a picture: what is drawn of it in this frame, and what it costs, as soon as there is time.

import { h } from "../../widgets/dom.js";
import { Figures } from "./figures.js";
import { readingOf } from "./reading.js";

export class ModelView {
  #input = null; // that is on the screen
  #priced = null; // that the figures are of
  #reading = null;

  // `drawings` are the elements that `draw(z, input)` of a subclass fills; `terms` are those of Figures.
  constructor(context, drawings, terms) {
    this.context = context;
    this.figures = new Figures(terms);
    this.why = h("p", { class: "why", hidden: true });
    this.shown = h("div", { class: "shown", hidden: true }, ...drawings, this.figures.element);
    this.element = h("div", {}, this.why, this.shown);
  }

  // Drawn again in the next frame, as the theme is another.
  recolour() {
    this.#input = this.#priced = null;
  }

  // One frame, whose work should end at `until`. Whether figures are still to come.
  paint(input, until) {
    if (input !== this.#input) this.#read(input);
    if (!input || this.#priced === input || this.#reading.why) return false;
    if (performance.now() >= until) return true;
    this.#priced = input;
    this.figures.show(this.#reading.price());
    return false;
  }

  #read(input) {
    this.#input = input;
    this.#reading = input && readingOf(this.context, input);
    const why = input ? this.#reading.why : "";
    this.why.hidden = !why;
    this.shown.hidden = !input || Boolean(why);
    this.why.textContent = why ?? "";
    if (this.shown.hidden) return;
    this.figures.wait();
    this.draw(this.#reading.z, input);
  }
}
