// Codecs: pairs {push(stack, symbols), pop(stack)}, and builders that make them of distributions and of
// other codecs: the twin of vae/tasks/compress/codecs.py, for one stack.

import { need } from "../errors.js";
import { REACH, WHOLE, lastAtMost, normalCdf } from "./exact.js";
import { ALTERED } from "./stack.js";

const GREYS = 256;
const BINARY_BITS = 16, POSTERIOR_BITS = 16, PRIOR_BITS = 20, GREY_BITS = 20;
export const FINEST = 12; // grid: with PRIOR_BITS each of its cells has a count

// n symbols that do not depend on each other: `interval(i, symbol)` gives [start, count], `find(i, number)`
// [symbol, start, count]. They are pushed last to first, so that they are popped first to last.
const independent = (bits, n, interval, find) => ({
  push(stack, symbols) {
    for (let i = n - 1; i >= 0; i--) stack.push(...interval(i, symbols[i]), bits);
  },
  pop: (stack) => Array.from({ length: n }, (_, i) => stack.pop(bits, (v) => find(i, v))),
});

// 0 and 1, by the probabilities of 1.
export function binary(p) {
  const whole = 2 ** BINARY_BITS;
  const zeros = p.map((v) => whole - Math.min(Math.max(Math.floor(v * whole + 0.5), 1), whole - 1));
  const interval = (i, symbol) => (symbol ? [zeros[i], whole - zeros[i]] : [0, zeros[i]]);
  return independent(BINARY_BITS, p.length, interval,
    (i, v) => (v < zeros[i] ? [0, 0, zeros[i]] : [1, zeros[i], whole - zeros[i]]));
}

// n symbols less than `symbols`, of which those less than k have `below(i, k)` counts.
function cumulative(bits, n, symbols, below) {
  function interval(i, symbol) {
    const start = below(i, symbol), count = below(i, symbol + 1) - start;
    need(count > 0, ALTERED); // no encoder pops what has no counts
    return [start, count];
  }
  return independent(bits, n, interval, (i, v) => {
    const symbol = lastAtMost(symbols, v, (k) => below(i, k));
    return [symbol, ...interval(i, symbol)];
  });
}

// 256 grey levels by Gaussians, rounded; each level has one count at least.
export function greys(loc, scale) {
  const top = GREYS - 1, spare = 2 ** GREY_BITS - GREYS;
  return cumulative(GREY_BITS, loc.length, GREYS, (i, level) => {
    if (level === 0) return 0;
    if (level === GREYS) return 2 ** GREY_BITS;
    const below = normalCdf(((level - 0.5) / top - loc[i]) / scale[i]);
    return Math.floor(below * spare / WHOLE) + level;
  });
}

// The multiples of 2^-bits up to +-REACH, each the centre of a cell: {centres, edges, starts}, where `starts`
// are the counts of N(0, 1) below each edge; each cell has one at least.
export function grid(bits) {
  const n = REACH * 2 ** bits, size = 2 * n + 1, spare = 2 ** PRIOR_BITS - size;
  const centres = Float64Array.from({ length: size }, (_, i) => (i - n) / 2 ** bits);
  const edges = Float64Array.from({ length: size + 1 }, (_, i) =>
    (i === 0 ? -Infinity : i === size ? Infinity : (i - n - 0.5) / 2 ** bits));
  const starts = edges.map((edge, i) => Math.floor(normalCdf(edge) * spare / WHOLE) + i);
  return { centres, edges, starts };
}

// n cells of a grid, by N(0, 1).
export const standard = ({ centres, starts }, n) =>
  cumulative(PRIOR_BITS, n, centres.length, (i, cell) => starts[cell]);

// The cells of a grid, by Gaussians. A cell may have no counts: what is popped has some.
export function gaussians({ centres, edges }, loc, scale) {
  const share = WHOLE / 2 ** POSTERIOR_BITS;
  return cumulative(POSTERIOR_BITS, loc.length, centres.length,
    (i, cell) => Math.floor(normalCdf((edges[cell] - loc[i]) / scale[i]) / share));
}

// Data of a model with codes z: likelihood(z) is the codec of data, posterior(x) that of z. `watch(stack)`
// is called after each of the three steps of a push.
export const bitsBack = (prior, likelihood, posterior, watch = () => {}) => ({
  push(stack, x) {
    const z = posterior(x).pop(stack);
    watch(stack);
    likelihood(z).push(stack, x);
    watch(stack);
    prior.push(stack, z);
    watch(stack);
  },
  pop(stack) {
    const z = prior.pop(stack);
    const x = likelihood(z).pop(stack);
    posterior(x).push(stack, z);
    return x;
  },
});
