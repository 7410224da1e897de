// Axes to move along in a latent space: its own dimensions, or the same space turned at random.

import { difference, dot, norm, scaled } from "./latent.js";
import { sampleNormal } from "./normal.js";
import { readDims } from "./reading.js";
import { sfc32 } from "./random.js";

// n axes of n numbers each, at right angles and of length 1; every turn is as probable: Gaussian rows,
// each freed of those before it.
//
// How to Generate Random Matrices from the Classical Compact Groups (Mezzadri, 2007),
// https://arxiv.org/abs/math-ph/0609050
export function turned(n, seed) {
  const uniform = sfc32(seed), axes = [];
  for (let i = 0; i < n; i++) {
    let axis = Float64Array.from(sampleNormal(n, uniform));
    for (const other of [...axes, ...axes]) axis = difference(axis, scaled(other, dot(axis, other))); // twice: rounding
    axes.push(scaled(axis, 1 / norm(axis)));
  }
  return axes;
}

export const own = (n) => Array.from({ length: n }, (_, i) => Float64Array.from({ length: n }, (_, j) => Number(i === j)));

// The live dimensions of a model, each in standard deviations of the examples' codes: what axes are turned in, so
// that all are as long as each other.
export class Space {
  constructor({ atlas, model: { code } }) {
    const { live, spread } = readDims(atlas, code);
    Object.assign(this, { live, spread, middle: code.origin() });
  }

  get size() {
    return this.live.length;
  }

  // What a code is along each axis.
  along(axes, z) {
    const numbers = Float64Array.from(this.live, (j) => (z[j] - this.middle[j]) / this.spread[j]);
    return axes.map((axis) => dot(axis, numbers));
  }

  // The code that is this much along each axis; its other numbers are those of `z`.
  at(axes, values, z) {
    const code = Float32Array.from(z);
    for (const [n, j] of this.live.entries()) {
      code[j] = this.middle[j] + this.spread[j] * values.reduce((sum, value, i) => sum + value * axes[i][n], 0);
    }
    return code;
  }
}
