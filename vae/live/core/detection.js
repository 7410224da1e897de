// A threshold on scores, as vae/conformal.py and vae/metrics/roc.py have it. Scores are sorted arrays where
// their name says so; a picture is flagged where its score is above the threshold.

import { sfc32 } from "./random.js";

// How many of `sorted` are below `v`, or, with `orEqual`, below or equal to it.
export function countBelow(sorted, v, orEqual = false) {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < v || (orEqual && sorted[middle] === v)) low = middle + 1;
    else high = middle;
  }
  return low;
}

// The share of `sorted` that is flagged.
export const flagged = (sorted, threshold) =>
  1 - countBelow(sorted, threshold, true) / sorted.length;

// The conformal p-value of a score.
export const pValue = (sorted, score) =>
  (1 + sorted.length - countBelow(sorted, score)) / (sorted.length + 1);

// The false-alarm rate that a threshold promises, at most: 1 / (n + 1) at best.
export const promised = (sorted, threshold) =>
  (1 + sorted.length - countBelow(sorted, threshold, true)) / (sorted.length + 1);

// The threshold for a rate between 0 and 1, which promises that or less: the score that
// vae.conformal.threshold gives, or, so that a hand can be followed, a place between it and the next one.
// Beyond the highest score there is `high`.
export function thresholdAt(sorted, rate, high) {
  const n = sorted.length, at = Math.max(0, (1 - rate) * (n + 1)), k = Math.min(n, Math.floor(at + 1e-9));
  const [from, to] = [k, k + 1].map((i) => (i < n ? sorted[i] : high));
  return from + Math.min(1, Math.max(0, at - k)) * (to - from);
}

// The inverse of `thresholdAt`, from the lowest score on.
export function rateAt(sorted, threshold, high) {
  const n = sorted.length, k = countBelow(sorted, threshold, true) - 1;
  if (k < 0) return 1;
  const [from, to] = [k, k + 1].map((i) => (i < n ? sorted[i] : high));
  return 1 - (k + (to > from ? Math.min(1, (threshold - from) / (to - from)) : 0)) / (n + 1);
}

// `count` of n rows at random, and the others: [Uint32Array, Uint32Array].
export function splitRows(n, count, seed) {
  const rows = Uint32Array.from({ length: n }, (_, i) => i), uniform = sfc32(seed);
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(uniform() * (n - i));
    [rows[i], rows[j]] = [rows[j], rows[i]];
  }
  return [rows.slice(0, count), rows.slice(count)];
}

// The chance that one of `others` has a higher score than one of `normal`; of those that are equal, half.
export function areaOf(normal, others) {
  let sum = 0;
  for (const v of others) sum += countBelow(normal, v) + countBelow(normal, v, true);
  return sum / (2 * normal.length * others.length);
}

// The ROC: [[share of normal flagged, share of others flagged], …] from the corner (0, 0) to (1, 1).
export function rocOf(normal, others, steps = 200) {
  const thresholds = [...every(normal, steps), ...every(others, steps)].sort((a, b) => b - a);
  return [[0, 0], ...thresholds.map((t) => [flagged(normal, t), flagged(others, t)]), [1, 1]];
}

const every = (sorted, steps) => Array.from({ length: Math.min(steps, sorted.length) },
  (_, i, n = Math.min(steps, sorted.length)) => sorted[Math.floor((i * sorted.length) / n)]);
