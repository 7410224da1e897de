// The codes of a grid, drawn from a source or around a picture. Each takes the same count of random
// numbers, so that a larger grid begins with the pictures of a smaller one.

import { sampleNormal } from "../../core/normal.js";
import { sfc32 } from "../../core/random.js";

export const SIDES = [4, 6, 8, 10, 12];
export const TEMPERATURES = { initial: 1, min: 0, max: 2 };
export const RADII = { initial: 0.5, min: 0, max: 3 };

// How far variations go in each dimension: (model, code) -> (D), which a radius multiplies; and the
// radius to begin with.
export const SPREADS = {
  even: { name: "the same in all directions", radius: RADII.initial,
    scale: ({ code }) => code.prior.widths },
  // In the directions in which the encoder is unsure of what the decoder draws here.
  posterior: { name: "as unsure as the encoder is", radius: 1,
    scale: (model, z) => model.encode(model.decode(z)).scale },
};

// An encoder that answers with a point is never unsure.
export const spreadsFor = ({ code }) =>
  Object.keys(SPREADS).filter((key) => key !== "posterior" || code.hasRate);

export function newCodes({ side, seed, temperature }, source) {
  const uniform = sfc32(seed);
  return Array.from({ length: side ** 2 }, () => source(uniform, temperature));
}

// The first is the picture itself.
export function variations({ side, seed, centre, radius }, scale, code) {
  const uniform = sfc32(seed), { z } = centre;
  const near = () => {
    const eps = sampleNormal(z.length, uniform);
    return code.normalized(z.map((v, j) => v + radius * scale[j] * eps[j]));
  };
  return [z, ...Array.from({ length: side ** 2 - 1 }, near)];
}
