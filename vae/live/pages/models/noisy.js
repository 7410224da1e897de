// One model's picture with its noise: the mean, a sample, and sigma at each pixel.

import { drawnWith, gaussiansOf, placesOf } from "../../core/noise.js";
import { h } from "../../widgets/dom.js";
import { asRgb } from "../../widgets/palette.js";
import { createPicture } from "../../widgets/picture.js";
import { ModelView } from "./modelview.js";

const labelled = (picture, words) => h("figure", {}, picture.canvas, words);

export class Noisy extends ModelView {
  #gaussians = null; // of the picture that is on the screen
  #noise = null; // that the sample is drawn with

  constructor(context) {
    const { title, model: { image } } = context, [, ...plane] = image;
    const mean = createPicture(image, { "aria-label": `The mean, by ${title}` });
    const sample = createPicture(image, { "aria-label": `A sample with noise, by ${title}` });
    const map = createPicture([3, ...plane], { "aria-label": `Where σ is large, by ${title}` });
    const range = h("figcaption", {});
    super(context, [labelled(mean, h("figcaption", {}, "mean")),
      labelled(sample, h("figcaption", {}, "with noise")), labelled(map, range)], ["rate", "distortion", "elbo"]);
    Object.assign(this, { mean, sample, map, range, places: new Float32Array(plane[0] * plane[1]),
      pixels: new Float32Array(context.model.pixels) });
  }

  draw(z) {
    const { model } = this.context;
    this.mean.paint(model.decode(z, this.pixels));
    this.#gaussians = gaussiansOf(model, z);
    this.map.paint(asRgb(placesOf(this.#gaussians.scale, this.places)));
    this.range.textContent = rangeWords(this.#gaussians.scale);
    this.#noise = null;
  }

  // One frame, with as many standard normal numbers as there are pixels.
  paintWith(noise, input, until) {
    const left = this.paint(input, until);
    if (!this.shown.hidden && noise !== this.#noise) {
      this.sample.paint(drawnWith(this.#noise = noise, this.#gaussians, this.pixels));
    }
    return left;
  }
}

function rangeWords(scale) {
  let low = Infinity, high = 0;
  for (const sigma of scale) [low, high] = [Math.min(low, sigma), Math.max(high, sigma)];
  return high < 1.001 * low ? `σ = ${short(high)}` : `σ from ${short(low)} to ${short(high)}`;
}

const short = (sigma) => String(Number(sigma.toPrecision(2)));
