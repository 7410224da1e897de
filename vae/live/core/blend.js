// The nearest of many points, and the mean of what they have: see vae/latent.py.

import { row } from "./latent.js";

export const NEIGHBOURS = 8;

// The k rows of `points` (N * D) nearest to `query` (D), nearest first: {index, distance}.
export function nearest(points, query, k) {
  const d = query.length;
  const n = points.length / d;
  k = Math.min(k, n);
  const index = new Int32Array(k).fill(-1);
  const best = new Float64Array(k).fill(Infinity);
  for (let i = 0, row = 0; i < n; i++, row += d) {
    let sum = 0;
    for (let j = 0; j < d; j++) {
      const step = points[row + j] - query[j];
      sum += step * step;
    }
    if (sum < best[k - 1]) insert(index, best, i, sum);
  }
  return { index, distance: best.map(Math.sqrt) };
}

function insert(index, best, i, value) {
  let at = best.length - 1;
  for (; at > 0 && best[at - 1] > value; at--) {
    best[at] = best[at - 1];
    index[at] = index[at - 1];
  }
  best[at] = value;
  index[at] = i;
}

// The mean of the `values` (N * E) at the k points nearest to `query`, weighted by
// ((R - d) / (R d))^2 with R the distance of neighbour k + 1: see vae/latent.py.
export function blend(points, values, query, k = NEIGHBOURS) {
  const e = (values.length * query.length) / points.length;
  const { index, distance } = nearest(points, query, k + 1);
  if (distance[0] === 0 || index.length === 1) return row(values, index[0], e);
  const radius = distance[distance.length - 1];
  const weights = distance.map((d) => ((radius - d) / (radius * d)) ** 2);
  const total = weights.reduce((a, b) => a + b, 0);
  const out = new Float64Array(e);
  index.forEach((i, at) => {
    const w = total ? weights[at] / total : 1 / index.length;
    for (let j = 0; j < e; j++) out[j] += w * values[i * e + j];
  });
  return Float32Array.from(out);
}
