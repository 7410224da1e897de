// The codes of a grid, drawn from a source or around a picture. Each takes the same count of random
// numbers, so that a larger grid begins with the pictures of a smaller one.

import { sampleNormal } from "../../core/normal.js";
import { sfc32 } from "../../core/random.js";

export const SIDES = [4, 6, 8, 10, 12];
export const TEMPERATURES = [0, 2];
export const RADII = [0, 3];

// How far variations go in each dimension: (model, code) -> (D), which a radius multiplies; and the
// radius to begin with.
export const SPREADS = {
  even: { name: "the same in all directions", radius: 0.5,
    scale: (model) => new Float32Array(model.latent).fill(1) },
  // In the directions in which the encoder is unsure of what the decoder draws here.
  posterior: { name: "as unsure as the encoder is", radius: 1,
    scale: (model, z) => model.encode(model.decode(z)).scale },
};

export function newCodes({ side, seed, t }, source) {
  const uniform = sfc32(seed);
  return Array.from({ length: side ** 2 }, () => source(uniform, t));
}

// The first is the picture itself.
export function variations({ side, seed, center, radius }, scale) {
  const uniform = sfc32(seed), { z } = center;
  const near = () => {
    const eps = sampleNormal(z.length, uniform);
    return z.map((v, j) => v + radius * scale[j] * eps[j]);
  };
  return [z, ...Array.from({ length: side ** 2 - 1 }, near)];
}
