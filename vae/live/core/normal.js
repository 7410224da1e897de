// The normal distribution: its codes, how far they lie out, and its percentage points.

import { need } from "./errors.js";

export const UNIT_ENTROPY = 0.5 * Math.log(2 * Math.PI * Math.E); // of N(0, 1), nats

// A standard normal code, by Box and Muller (1958), from a source of uniform numbers.
export function sampleNormal(d, uniform = Math.random) {
  return Float32Array.from({ length: d }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    return radius * Math.cos(2 * Math.PI * uniform());
  });
}

// log of a standard normal's share below `u`, to 1.2e-7: the complementary error function by a rational
// Chebyshev fit. Numerical Recipes (Press et al., 1992), section 6.2
const ERFC = [0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418,
  0.37409196, 1.00002368, -1.26551223];

export function logNormalCdf(u) {
  const z = Math.abs(u) / Math.SQRT2, t = 1 / (1 + z / 2);
  let power = 0;
  for (const c of ERFC) power = power * t + c;
  const tail = Math.log(t / 2) - z * z + power; // of what lies beyond |u|
  return u <= 0 ? tail : Math.log1p(-Math.exp(tail));
}

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

// Percentage points of the normal distribution, algorithm AS 241, to 1e-15: the ratio of two
// polynomials, highest power first. Wichura (1988), doi.org/10.2307/2347330
const CENTRE = [[
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987,
    13731.69376550946, 1971.5909503065513, 133.14166789178438, 3.3871328727963665,
  ], [
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597,
    5394.196021424751, 687.1870074920579, 42.31333070160091, 1.0,
  ]];
const TAIL = [[
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684,
    3.6478483247632045, 5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ], [
    1.0507500716444169e-09, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008,
    0.6897673349851, 1.6763848301838038, 2.053191626637759, 1.0,
  ]];
const FAR_TAIL = [[
    2.0103343992922881e-07, 2.7115555687434876e-05, 0.0012426609473880784, 0.026532189526576124,
    0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ], [
    2.0442631033899397e-15, 1.421511758316446e-07, 1.8463183175100548e-05, 0.0007868691311456133,
    0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1.0,
  ]];

export function inverseNormal(p) {
  need(p > 0 && p < 1, `A share of the normal distribution lies between 0 and 1; this is ${p}.`);
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(CENTRE, 0.180625 - q * q);
  const r = Math.sqrt(-Math.log(Math.min(p, 1 - p)));
  return Math.sign(q) * (r <= 5 ? ratio(TAIL, r - 1.6) : ratio(FAR_TAIL, r - 5));
}

const ratio = (polynomials, r) => {
  const [top, bottom] = polynomials.map((c) => c.reduce((sum, v) => sum * r + v, 0));
  return top / bottom;
};
