// What leads from some codes to others: the arithmetic of vae/directions.py.

import { need } from "./errors.js";
import { check, difference, dot, norm, scaled } from "./latent.js";

const FEWEST = 3; // examples on either side of a direction

// The direction from the mean of the rows without something to the mean of those with it, and two
// readings of its worth: see vae/directions.py.
export function direction(withRows, withoutRows, d) {
  const x = examples(withRows, d), y = examples(withoutRows, d);
  need(Math.min(x.length, y.length) >= FEWEST, `A direction needs at least ${FEWEST} examples ` +
    `with and ${FEWEST} without; these are ${x.length} and ${y.length}.`);
  check(...x, ...y);
  const [sx, sy] = [total(x), total(y)];
  const vector = sx.map((v, j) => v / x.length - sy[j] / y.length);
  need(vector.some((v) => v !== 0),
    "Both sets of examples have the same mean, so there is no direction.");
  return { vector, auc: aucLeftOut(x, y, sx, sy), ...alignment(x, y),
    nWith: x.length, nWithout: y.length };
}

function examples(rows, d) {
  need(rows.length % d === 0, `${rows.length} numbers do not divide into codes of ${d}.`);
  return Array.from({ length: rows.length / d }, (_, i) =>
    Float64Array.from(rows.subarray(i * d, (i + 1) * d)));
}

function total(rows) {
  const sum = new Float64Array(rows[0].length);
  for (const z of rows) z.forEach((v, j) => (sum[j] += v));
  return sum;
}

// The share of pairs that the direction of all other examples puts in order; ties half.
function aucLeftOut(x, y, sx, sy) {
  const without = (sum, z, n) => sum.map((v, j) => (v - z[j]) / (n - 1));
  const mx = x.map((z) => without(sx, z, x.length)), my = y.map((z) => without(sy, z, y.length));
  const own = (m, rows) => rows.map((z, i) => dot(m[i], z));
  const ox = own(mx, x), oy = own(my, y);
  let wins = 0;
  for (let i = 0; i < x.length; i++) {
    for (let k = 0; k < y.length; k++) {
      const margin = ox[i] + oy[k] - dot(mx[i], y[k]) - dot(x[i], my[k]);
      wins += margin > 0 ? 1 : margin === 0 ? 0.5 : 0;
    }
  }
  return wins / (x.length * y.length);
}

function alignment(x, y) {
  const m = Math.min(x.length, y.length);
  const u = Array.from({ length: m }, (_, i) => {
    const pair = difference(x[i], y[i]);
    return scaled(pair, 1 / (norm(pair) || 1));
  });
  let sum = 0, squares = 0;
  for (let i = 0; i < m; i++) {
    for (let k = 0; k < i; k++) {
      const cos = dot(u[i], u[k]);
      sum += 2 * cos, squares += 2 * cos * cos;
    }
  }
  const pairs = m * (m - 1);
  return { alignment: sum / pairs, randomAlignment: Math.sqrt(2 * squares) / pairs };
}
