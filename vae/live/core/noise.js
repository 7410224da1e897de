// The noise of a likelihood of 256 grey levels: each pixel is a Gaussian, rounded, as `Greys` in
// vae/distributions.py.

import { LIKELIHOODS } from "./likelihoods.js";

const { levels, scale: scaleOf } = LIKELIHOODS.gaussian;
const SPAN = Math.log(levels); // of log sigma, from one grey level to the whole range

// Of the picture of a code: {loc, scale}, both (C * H * W).
export function gaussiansOf({ features }, z) {
  const h = features(z, 1), n = h.length / 2;
  return { loc: h.slice(0, n), scale: h.slice(n).map(scaleOf) };
}

// A draw from it, in grey levels from 0 to 1: `noise` are as many standard normal numbers.
export function drawnWith(noise, { loc, scale }, into) {
  for (let i = 0; i < into.length; i++) {
    const level = Math.round((levels - 1) * (loc[i] + scale[i] * noise[i]));
    into[i] = Math.min(levels - 1, Math.max(0, level)) / (levels - 1);
  }
  return into;
}

// Where sigma stands between one grey level, 0, and 1, the whole range, on a scale of logarithms: the mean over
// the channels, (H * W).
export function placesOf(scale, into) {
  const n = into.length, c = scale.length / n;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let k = 0; k < c; k++) sum += 1 + Math.log(scale[k * n + i]) / SPAN;
    into[i] = Math.min(1, Math.max(0, sum / c));
  }
  return into;
}
