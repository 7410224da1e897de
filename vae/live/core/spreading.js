// Labels that spread from a few codes to all their neighbours, as vae/tasks/spreading.py has it:
//
//     w_ij = exp(-4 d_ij^2 / r_i^2)     between i and its nearest, r_i the farthest's distance
//     F = (1 - a) (I - a S)^-1 Y        S = D^-1/2 W D^-1/2, Y the labels
//
// F is the sum of what each label reaches by itself, so one more label costs one more column.

import { compile } from "./nn.js";

const NEIGHBOURS = 10;
const ALPHA = 0.99; // how far labels spread: 1 / (1 - a) steps
const STEPS = 60;
const TINY = 1e-12;
const BLOCK = 200; // codes whose neighbours are sought in one go

// The k nearest of each of n codes `mean` (n * d), or all others, as {to (n * k), distance (n * k)}, nearest
// first. A generator that yields how many are done, for work that may wait.
export function* neighboursOf(mean, n, d, k = Math.min(NEIGHBOURS, n - 1)) {
  const to = new Int32Array(n * k), distance = new Float32Array(n * k), near = likeness(mean, n, d);
  for (let from = 0; from < n; from += BLOCK) {
    const count = Math.min(BLOCK, n - from), likenesses = near(from, count);
    for (let r = 0; r < count; r++) {
      const i = from + r, best = largest(likenesses.subarray(r * n, (r + 1) * n), i, k);
      to.set(best, i * k);
      best.forEach((j, at) => (distance[i * k + at] = between(mean, d, i, j)));
    }
    yield from + count;
  }
  return { to, distance };
}

// x_i . x_j - |x_j|^2 / 2, which is largest for the nearest: one layer of a network.
function likeness(mean, n, d) {
  const bias = Float32Array.from({ length: n }, (_, j) => -square(mean, j * d, d) / 2);
  const tensors = { "codes.0.weight": { data: mean, shape: [n, d] }, "codes.0.bias": { data: bias, shape: [n] } };
  const { run } = compile([{ op: "linear", in: d, out: n }], tensors, "codes", [d]);
  return (from, count) => run(mean.subarray(from * d, (from + count) * d), count);
}

function square(x, at, d) {
  let sum = 0;
  for (let j = at; j < at + d; j++) sum += x[j] * x[j];
  return sum;
}

function between(x, d, i, j) {
  let sum = 0;
  for (let a = i * d, b = j * d, end = a + d; a < end; a++, b++) sum += (x[a] - x[b]) ** 2;
  return Math.sqrt(sum);
}

// The k places of the largest `values`, without place i, largest first.
function largest(values, i, k) {
  const places = new Int32Array(k).fill(-1), best = new Float64Array(k).fill(-Infinity);
  for (let j = 0; j < values.length; j++) {
    const v = values[j];
    if (!(v > best[k - 1]) || j === i) continue;
    let at = k - 1;
    for (; at > 0 && best[at - 1] < v; at--) {
      best[at] = best[at - 1];
      places[at] = places[at - 1];
    }
    best[at] = v;
    places[at] = j;
  }
  return places;
}

// S by rows: row i has `to` and `weight` from start[i] to start[i + 1]; `degree` (n) are the sums of W.
export function graphOf({ to, distance }, n) {
  const k = to.length / n, rows = Array.from({ length: n }, () => new Map());
  for (let i = 0; i < n; i++) {
    const far = Math.max(distance[(i + 1) * k - 1], TINY);
    for (let at = i * k; at < (i + 1) * k; at++) {
      const w = Math.exp(-4 * (distance[at] / far) ** 2), j = to[at];
      rows[i].set(j, Math.max(w, rows[i].get(j) ?? 0));
      rows[j].set(i, Math.max(w, rows[j].get(i) ?? 0));
    }
  }
  return normalized(rows);
}

function normalized(rows) {
  const degree = Float32Array.from(rows, (row) => Math.max(TINY, [...row.values()].reduce((a, b) => a + b, 0)));
  const start = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => (start[i + 1] = start[i] + row.size));
  const to = new Int32Array(start.at(-1)), weight = new Float32Array(start.at(-1));
  rows.forEach((row, i) => [...row].forEach(([j, w], at) => {
    to[start[i] + at] = j;
    weight[start[i] + at] = w / Math.sqrt(degree[i] * degree[j]);
  }));
  return { n: rows.length, start, to, weight, degree };
}

// What one label at `row` reaches, (n).
export function reach({ n, start, to, weight }, row) {
  let now = new Float32Array(n), next = new Float32Array(n);
  now[row] = 1;
  for (let step = 0; step < STEPS; step++) {
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let at = start[i]; at < start[i + 1]; at++) sum += weight[at] * now[to[at]];
      next[i] = ALPHA * sum;
    }
    next[row] += 1 - ALPHA;
    [now, next] = [next, now];
  }
  return now;
}
