// Functions with the same bits on every machine: the twin of vae/tasks/compress/exact.py, operation by
// operation. Math.exp may differ from browser to browser; + - * / and floor do not.

export const UNIT = 2 ** 16; // numbers that enter a network, and codes, are multiples of 1 / UNIT
export const WHOLE = 2 ** 32; // Phi(infinity), as a whole number
export const REACH = 8; // Phi is tabulated, and codes lie, up to +-REACH
const STEPS = 256; // of the table, to 1
const LARGEST = 40; // of the argument of exp
const TERMS = 14, HALVINGS = 6; // of exp's series, and of its argument
const SERIES = 200; // terms of Phi's
const ROOT = 0.3989422804014327; // 1 / sqrt(2 pi)

export const rounded = (x) => Math.floor(x * UNIT + 0.5) / UNIT;

export function exp(x) {
  const y = Math.min(Math.max(x, -LARGEST), LARGEST) / 2 ** HALVINGS;
  let e = 1;
  for (let k = TERMS; k > 0; k--) e = 1 + y * e / k;
  for (let i = 0; i < HALVINGS; i++) e = e * e;
  return e;
}

export const sigmoid = (x) => 1 / (1 + exp(-x));

// WHOLE * Phi at 0, 1 / STEPS, …, REACH.
function upperHalf() {
  const above = new Float64Array(REACH * STEPS + 1);
  for (let i = 0; i < above.length; i++) {
    const u = i / STEPS;
    let term = u, total = u;
    for (let k = 1; k < SERIES; k++) {
      term = term * u * u / (2 * k + 1);
      total = total + term;
    }
    const value = Math.floor(WHOLE * (0.5 + ROOT * exp(-u * u / 2) * total) + 0.5);
    above[i] = Math.max(above[i - 1] ?? 0, Math.min(value, WHOLE));
  }
  return above;
}

let table = null; // at -REACH, -REACH + 1 / STEPS, …, REACH; made when it is first asked for

function normalTable() {
  if (table) return table;
  const above = upperHalf();
  return table = Float64Array.of(...above.subarray(1).toReversed().map((v) => WHOLE - v), ...above);
}

// WHOLE * Phi(u): a whole number that never falls as u rises.
export function normalCdf(u) {
  const values = normalTable();
  const at = (Math.min(Math.max(u, -REACH), REACH) + REACH) * STEPS;
  const i = Math.min(Math.floor(at), values.length - 2);
  return Math.floor(values[i] + (at - i) * (values[i + 1] - values[i]));
}

// The last k < n with value(k) <= v, where value never falls and value(0) <= v.
export function lastAtMost(n, v, value) {
  let low = 0, high = n; // value(low) <= v < value(high)
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (value(middle) <= v) low = middle;
    else high = middle;
  }
  return low;
}
