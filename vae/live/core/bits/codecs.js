// Codecs: pairs {push(stack, symbols), pop(stack)}, and builders that make them of distributions and of
// other codecs: the twin of vae/tasks/compress/codecs.py, for one stack.

import { need } from "../errors.js";
import { WHOLE, lastAtMost, normalCdf, normalQuantile, rounded } from "./exact.js";
import { ALTERED } from "./stack.js";

const GREYS = 256;
const BINARY_BITS = 16, POSTERIOR_BITS = 16, GREY_BITS = 20;

// n symbols that do not depend on each other: `interval(i, symbol)` gives [start, count], `find(i, number)`
// [symbol, start, count]. They are pushed last to first, so that they are popped first to last.
const independent = (bits, n, interval, find) => ({
  push(stack, symbols) {
    for (let i = n - 1; i >= 0; i--) stack.push(...interval(i, symbols[i]), bits);
  },
  pop: (stack) => Array.from({ length: n }, (_, i) => stack.pop(bits, (v) => find(i, v))),
});

// n symbols of 2^bits that are equally probable.
export const uniform = (bits, n) => independent(bits, n, (i, symbol) => [symbol, 1], (i, v) => [v, v, 1]);

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

// The real line in 2^bits intervals of equal probability under N(0, 1): {bits, edges, centres}.
export function grid(bits) {
  const n = 2 ** bits, step = WHOLE / n;
  const edges = Float64Array.from({ length: n + 1 }, (_, i) =>
    (i === 0 ? -Infinity : i === n ? Infinity : normalQuantile(i * step)));
  const centres = Float64Array.from({ length: n }, (_, i) => rounded(normalQuantile(i * step + step / 2)));
  return { bits, edges, centres };
}

// The cells of a grid, by Gaussians. A cell may have no counts: what is popped has some.
export function gaussians({ bits, edges }, loc, scale) {
  const share = WHOLE / 2 ** POSTERIOR_BITS;
  return cumulative(POSTERIOR_BITS, loc.length, 2 ** bits,
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
