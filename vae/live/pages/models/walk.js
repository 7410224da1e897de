// One model's straight line between its codes of two pictures: where it stands, and a strip of all of it.

import { lerp } from "../../core/latent.js";
import { h } from "../../widgets/dom.js";
import { createPicture } from "../../widgets/picture.js";
import { readingOf } from "./reading.js";

const FRAMES = 7; // in the strip

export class Walk {
  #ends = null; // the inputs
  #codes = null; // and their codes, or null
  #left = 0; // frames of the strip still to decode
  #at = null;

  constructor(context) {
    const { model, title } = context;
    Object.assign(this, { context, pixels: new Float32Array(model.pixels) });
    this.picture = createPicture(model.image, { "aria-label": `Between A and B, by ${title}` });
    this.frames = Array.from({ length: FRAMES }, () => createPicture(model.image));
    this.why = h("p", { class: "why", hidden: true });
    this.shown = h("div", { class: "shown" }, this.picture.canvas,
      h("div", { class: "strip", "aria-hidden": "true" }, ...this.frames.map(({ canvas }) => canvas)));
    this.element = h("div", {}, this.why, this.shown);
  }

  // At `t` between the inputs `ends`. Whether the strip is still to be drawn.
  paint(ends, t, until) {
    if (ends !== this.#ends) this.#lead(ends);
    if (!this.#codes) return false;
    if (t !== this.#at) this.picture.paint(this.#imageAt(this.#at = t));
    while (this.#left && performance.now() < until) {
      const i = FRAMES - this.#left--;
      this.frames[i].paint(this.#imageAt(i / (FRAMES - 1)));
    }
    return this.#left > 0;
  }

  #lead(ends) {
    const readings = ends.map((input) => readingOf(this.context, input));
    const why = readings.find((reading) => reading.why)?.why;
    this.#ends = ends;
    this.#at = null;
    this.#codes = why ? null : readings.map(({ z }) => z);
    this.#left = FRAMES;
    this.why.hidden = !why;
    this.shown.hidden = Boolean(why);
    this.why.textContent = why ?? "";
  }

  #imageAt(t) {
    const { model } = this.context;
    return model.decode(model.code.normalized(lerp(...this.#codes, t)), this.pixels);
  }
}
