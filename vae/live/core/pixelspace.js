// Where examples lie among each other by their pixels. A bundle holds no pixels, only codes: what stands
// here for each example is what the decoder draws of its code, as bytes.

import { nearest } from "./blend.js";

const MOST = 8e6; // bytes
const BATCH = 50; // examples decoded at once

export class PixelSpace {
  #done = 0; // examples that are drawn

  constructor({ model, atlas }) {
    Object.assign(this, { model, mean: atlas.mean });
    this.n = Math.min(atlas.n, Math.floor(MOST / model.pixels)); // examples that are compared
    this.bytes = new Uint8Array(this.n * model.pixels);
  }

  // Draws the examples, piece by piece; another call goes on where one has stopped.
  *draw() {
    const { model, mean, bytes, n } = this, d = model.latent;
    while (this.#done < n) {
      const from = this.#done, to = Math.min(from + BATCH, n);
      const images = model.decodeMany(mean.subarray(from * d, to * d), to - from);
      for (let i = 0; i < images.length; i++) bytes[from * model.pixels + i] = Math.round(255 * images[i]);
      this.#done = to;
      yield;
    }
  }

  // The `k` examples nearest to the pixels `x` (C * H * W) in [0, 1]: {index, distance}, the distance as
  // the root mean square over the pixels.
  nearest(x, k) {
    const { index, distance } = nearest(this.bytes, x.map((v) => 255 * v), k);
    return { index, distance: distance.map((v) => v / 255 / Math.sqrt(x.length)) };
  }
}
