// Pure functions of codes, on typed arrays: the arithmetic of vae/latent.py and a few readings.
// Many codes stand in one array, row after row.

import { need } from "./errors.js";

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

export const row = (values, i, e) => Float32Array.from(values.subarray(i * e, (i + 1) * e));

// Row i of the atlas as the source of a code.
export function exampleAt({ mean, scale, index, label }, i, classes) {
  const d = mean.length / index.length;
  const name = classes[label[i]];
  return { words: `example ${index[i]}${name === undefined ? "" : ` (${name})`}`, example: i,
    mean: row(mean, i, d), scale: row(scale, i, d) };
}

// Between codes and map: each projection has place(z) -> [x, y] and lift([x, y], z) -> code.
export function umapProjection(codes, coordinates) {
  return {
    coordinates,
    place: (z) => blend(codes, coordinates, z),
    lift: (xy) => blend(coordinates, codes, xy),
  };
}

// PCA is exact both ways: a lift moves within the plane and keeps what `z` has across it.
export function pcaProjection(codes, { mean, axes }) {
  const d = mean.length;
  const place = (z) => {
    const xy = new Float32Array(2);
    for (let a = 0; a < 2; a++) {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += (z[j] - mean[j]) * axes[a * d + j];
      xy[a] = sum;
    }
    return xy;
  };
  const lift = (xy, z = mean) => {
    const at = place(z);
    const across = (j) => (xy[0] - at[0]) * axes[j] + (xy[1] - at[1]) * axes[d + j];
    return Float32Array.from(z, (v, j) => v + across(j));
  };
  const coordinates = new Float32Array((2 * codes.length) / d);
  for (let i = 0; i < codes.length / d; i++) {
    coordinates.set(place(codes.subarray(i * d, (i + 1) * d)), 2 * i);
  }
  return { coordinates, place, lift };
}

export const norm = (z) => Math.sqrt(z.reduce((sum, v) => sum + v * v, 0));
export const apart = (a, b) => norm(a.map((v, i) => v - b[i]));

// The share of a standard normal's codes in `d` dimensions that lie within `r` of the origin:
// the regularized lower incomplete gamma function P(d/2, r^2/2), by its series.
export function chiCdf(r, d) {
  const [a, x] = [d / 2, (r * r) / 2];
  if (x <= 0) return 0;
  if (x > a + 40 * Math.sqrt(a + 1) + 40) return 1;
  let term = 1 / a, sum = term;
  for (let n = 1; n < 10000 && term > sum * 1e-12; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return Math.min(1, sum * Math.exp(a * Math.log(x) - x - logGamma(a)));
}

function logGamma(a) { // of a whole or half number >= 1/2, exactly by recursion
  let sum = a % 1 ? Math.log(Math.PI) / 2 : 0;
  for (let t = a % 1 || 1; t < a; t++) sum += Math.log(t);
  return sum;
}

// KL(q || p) of each dimension, averaged over the codes, in nats: (D).
export function ratePerDim({ mean, scale }, d) {
  const rates = new Float64Array(d);
  const n = mean.length / d;
  for (let i = 0; i < mean.length; i++) {
    const [m2, s2] = [mean[i] ** 2, scale[i] ** 2];
    rates[i % d] += (m2 + s2 - 1 - Math.log(s2)) / (2 * n);
  }
  return rates;
}

// Which dimensions are active: the posterior mean varies over the data (Burda et al., 2015).
export function activeDims(mean, d) {
  const n = mean.length / d;
  const first = new Float64Array(d), second = new Float64Array(d);
  for (let i = 0; i < mean.length; i++) {
    first[i % d] += mean[i] / n;
    second[i % d] += mean[i] ** 2 / n;
  }
  return Array.from(first, (m, j) => second[j] - m * m > 0.01);
}

// Counts of column `j` of the codes in `bins` equal steps from -limit to limit.
export function histogram(codes, d, j, limit, bins) {
  const counts = new Uint32Array(bins);
  for (let i = j; i < codes.length; i += d) {
    const bin = Math.floor(((codes[i] + limit) / (2 * limit)) * bins);
    if (bin >= 0 && bin < bins) counts[bin]++;
  }
  return counts;
}

export function largest(codes, d) {
  const most = new Float64Array(d);
  for (let i = 0; i < codes.length; i++) most[i % d] = Math.max(most[i % d], Math.abs(codes[i]));
  return most;
}

// A standard normal code, by Box and Muller (1958), from a source of uniform numbers.
export function sampleNormal(d, uniform = Math.random) {
  return Float32Array.from({ length: d }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    return radius * Math.cos(2 * Math.PI * uniform());
  });
}

// A code as text and back, exactly: the shortest decimal that is the same float32.
export function formatCode(z) {
  return Array.from(z, shortest).join(",");
}

function shortest(v) {
  for (let digits = 1; digits < 9; digits++) {
    const text = Number(v.toPrecision(digits));
    if (Math.fround(text) === v) return String(text);
  }
  return String(Number(v.toPrecision(9)));
}

const LARGEST = 100; // in the prior's sigma; a decoder says nothing sensible out there

export function parseCode(text, d) {
  const words = text.split(",");
  need(words.length === d,
    `The link's code has ${words.length} numbers; this model has ${d} dimensions.`);
  const z = Float32Array.from(words, (word) => (word.trim() ? Number(word) : NaN));
  const bad = z.findIndex((v) => !(Math.abs(v) <= LARGEST));
  need(bad < 0, `Number ${bad + 1} of the link's code is not usable: ` +
    `it must lie between -${LARGEST} and ${LARGEST}.`);
  return z;
}
