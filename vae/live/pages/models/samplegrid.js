// A grid of pictures of codes, decoded as far as a frame has time, going on in the next one.

import { sfc32 } from "../../core/random.js";
import { h } from "../../widgets/dom.js";
import { createPicture } from "../../widgets/picture.js";

export class SampleGrid {
  #codes = [];
  #left = 0; // pictures still to decode
  #drawn = null; // what the codes were drawn for

  // `side` pictures a side; `label` says what they are.
  constructor({ model }, side, label) {
    this.model = model;
    this.pixels = new Float32Array(model.pixels);
    this.pictures = Array.from({ length: side ** 2 }, () => createPicture(model.image));
    this.element = h("div", { class: "samples", role: "img", "aria-label": label, style: `--side:${side}` },
      ...this.pictures.map(({ canvas }) => canvas));
  }

  // `draw()` gives the code of each in turn; it is asked where `key` is another than before.
  show(key, draw) {
    if (key === this.#drawn) return;
    this.#drawn = key;
    this.#codes = this.pictures.map(() => draw());
    this.#left = this.#codes.length;
  }

  // Whether there is more to do.
  paint(until) {
    while (this.#left && performance.now() < until) {
      const i = this.#codes.length - this.#left--;
      this.pictures[i].paint(this.model.decode(this.#codes[i], this.pixels));
    }
    return this.#left > 0;
  }
}

// Draws of one seed: `sample(uniform, temperature)` gives each code, the same for every model of one prior.
export function drawsFrom(sample, seed, temperature = 1) {
  const uniform = sfc32(seed);
  return () => sample(uniform, temperature);
}
