// What one model makes of a picture: its reconstruction, the difference, and what it costs.

import { createDifference } from "../../widgets/difference.js";
import { h } from "../../widgets/dom.js";
import { isDark } from "../../widgets/palette.js";
import { createPicture } from "../../widgets/picture.js";
import { readingOf } from "./reading.js";

const TERMS = [["rate", "rate"], ["distortion", "distortion"], ["elbo", "−ELBO"], ["surprise", "surprise"]];

export class Reconstruction {
  #input = null; // that is on the screen
  #priced = null; // that the figures are of
  #reading = null;

  constructor(context, page) {
    const { image, pixels } = context.model;
    Object.assign(this, { context, page, pixels: new Float32Array(pixels) });
    this.rebuilt = createPicture(image, { "aria-label": `The reconstruction by ${context.title}` });
    this.difference = createDifference(image);
    this.values = TERMS.map(() => h("dd", {}));
    this.figures = h("dl", { class: "figures" }, ...TERMS.flatMap(([, word], i) => [h("dt", {}, word), this.values[i]]));
    this.why = h("p", { class: "why", hidden: true });
    this.shown = h("div", { class: "shown" }, this.rebuilt.canvas, this.difference.canvas, this.figures);
    this.element = h("div", {}, this.why, this.shown);
  }

  // Drawn again in the next frame, as the theme is another.
  recolour() {
    this.#input = null;
  }

  // One frame, whose work should end at `until`. Whether figures are still to come.
  paint(input, until) {
    if (input !== this.#input) this.#draw(input);
    if (!input || this.#priced === input || this.#reading.why) return false;
    if (performance.now() >= until) return true;
    this.#price(input);
    return false;
  }

  #draw(input) {
    this.#input = input;
    this.#reading = input && readingOf(this.context, input);
    const why = input ? this.#reading.why : "";
    this.why.hidden = !why;
    this.shown.hidden = !input || Boolean(why);
    this.why.textContent = why ?? "";
    if (this.shown.hidden) return;
    this.figures.classList.add("stale");
    const image = this.context.model.decode(this.#reading.z, this.pixels);
    this.rebuilt.paint(image);
    const original = input.x ?? input.original;
    this.difference.canvas.hidden = !original;
    if (original) this.difference.paint(original, image, isDark(this.page));
  }

  #price(input) {
    this.#priced = input;
    const price = this.#reading.price(), words = priceWords(price);
    this.values.forEach((value, i) => (value.textContent = words[i]));
    this.figures.classList.remove("stale");
  }
}

const number = (v) => (v === null || v === undefined ? "none" : `${v.toFixed(1)} nats`);

function priceWords(price) {
  if (!price) return TERMS.map(() => "not known");
  const { rate, distortion, surprise } = price;
  return [number(rate), number(distortion), number(rate === null ? null : rate + distortion), number(surprise)];
}
