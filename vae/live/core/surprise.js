// What a picture costs a model, as vae/objective.py says it, with the same noise and so the same nats.

import { LIKELIHOODS } from "./likelihoods.js";
import { sfc32 } from "./random.js";

export const DRAWS = 8; // of the noise: each a binarization, if there is one, and a code
const SEED = 0; // of that noise, the same for every picture

// -> surprise(x): of a picture (C * H * W) in [0, 1], in nats,
//
//   rate         KL(q || p), or null where a posterior has none
//   distortion   -log p(x|z)
//   entropy      H(x), the picture's own, 0 where it is not binarized
//   surprise     rate + distortion - entropy
//   beyond       whether rate + distortion are more than pixels cost without any model
//
// With `where` (C * H * W), that is filled with what each pixel adds: its part of distortion - entropy.
// `encodeMany(x, n)` gives n posteriors, `features(codes, n)` the decoder's numbers for n codes.
export function createSurprise({ code, pixels, likelihood, encodeMany, features }) {
  const { levels, cost, pixel } = LIKELIHOODS[likelihood];
  const binary = levels === 2, ceiling = ceilingOf(likelihood, pixels);
  const thresholds = binary ? thresholdsOf(pixels) : [];
  const codes = new Float32Array(DRAWS * code.size);

  function viewsOf(x) {
    return binary ? thresholds.map((u, i) => (u < x[i % pixels] ? 1 : 0)) : x;
  }

  // What a view costs with one of the draws, each pixel's part of it added to `where`.
  function pixelByPixel(where, h, view) {
    let sum = 0;
    for (let i = 0; i < pixels; i++) {
      const v = pixel(h, view, i);
      where[i] += v / DRAWS;
      sum += v;
    }
    return sum;
  }

  return function surprise(x, where = null) {
    const views = viewsOf(x), n = views.length / pixels;
    const posteriors = encodeMany(views, n), uniform = sfc32(SEED + 1);
    let rate = code.hasRate ? 0 : null, distortion = 0;
    for (let k = 0; k < DRAWS; k++) {
      const { mean, scale } = posteriors[k % n], z = code.draw({ mean, scale }, uniform);
      codes.set(z, k * code.size);
      if (code.hasRate) rate += code.rate(mean, scale, z) / DRAWS;
    }
    where?.set(binary ? x.map((p) => -entropyAt(p)) : new Float32Array(pixels));
    const h = features(codes, DRAWS), each = h.length / DRAWS;
    for (let k = 0; k < DRAWS; k++) {
      const view = views.subarray((k % n) * pixels, (k % n + 1) * pixels);
      const part = h.subarray(k * each, (k + 1) * each);
      distortion += (where ? pixelByPixel(where, part, view) : cost(part, view)) / DRAWS;
    }
    const entropy = binary ? entropyOf(x) : 0, total = (rate ?? 0) + distortion;
    return { rate, distortion, entropy, surprise: total - entropy, beyond: total > ceiling };
  };
}

// What pixels cost without any model, each of their values equally probable, nats.
export const ceilingOf = (likelihood, pixels) => pixels * Math.log(LIKELIHOODS[likelihood].levels);

// Of each draw and pixel, the grey from which on it is 1: a pixel is that as often as it should be, to
// within one draw.
function thresholdsOf(pixels) {
  const first = Float64Array.from({ length: pixels }, sfc32(SEED));
  return Float32Array.from({ length: DRAWS * pixels }, (_, i) =>
    (first[i % pixels] + Math.floor(i / pixels) / DRAWS) % 1);
}

// H(x) of a picture as chances of each pixel to be 1, nats.
export function entropyOf(x) {
  let sum = 0;
  for (const p of x) sum += entropyAt(p);
  return sum;
}

const entropyAt = (p) => (p > 0 && p < 1 ? -(p * Math.log(p) + (1 - p) * Math.log1p(-p)) : 0);
