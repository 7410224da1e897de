// Pure functions of codes, on typed arrays: the arithmetic of vae/latent.py. Many codes stand in one
// array, row after row. Ends and corners are met exactly, and every `t`, `u`, `v` may leave [0, 1].

import { need } from "./errors.js";

const PARALLEL = 1e-6; // radians; below, sine and angle agree to 1e-12

export const row = (values, i, e) => Float32Array.from(values.subarray(i * e, (i + 1) * e));

// Codes of their own, one after the other.
export function stacked(codes, d) {
  const rows = new Float32Array(codes.length * d);
  codes.forEach((z, i) => rows.set(z, i * d));
  return rows;
}

export const norm = (z) => Math.sqrt(z.reduce((sum, v) => sum + v * v, 0));
export const apart = (a, b) => norm(a.map((v, i) => v - b[i]));

export const difference = (a, b) => Float64Array.from(a, (v, j) => v - b[j]);
export const dot = (a, b) => a.reduce((sum, v, j) => sum + v * b[j], 0);
export const scaled = (a, s) => Float64Array.from(a, (v) => v * s);

export function check(...codes) {
  for (const z of codes) {
    need(z.length === codes[0].length, `The codes have ${codes[0].length} and ${z.length} numbers; ` +
      "take codes of the same model.");
    need(z.every(Number.isFinite), "A code holds NaN or infinity; every number must be finite.");
  }
}

export function lerp(z0, z1, t) {
  check(z0, z1);
  return Float32Array.from(z0, (v, j) => (1 - t) * v + t * z1[j]);
}

// The direction goes along the great circle, the norm linearly and never below zero.
export function slerp(z0, z1, t) {
  check(z0, z1);
  const [a, b] = [Float64Array.from(z0), Float64Array.from(z1)];
  const [n0, n1] = [norm(a), norm(b)];
  need(n0 > 0 && n1 > 0,
    "slerp cannot start or end at the zero code, which has no direction; use line.");
  const along = greatCircle(scaled(a, 1 / n0), scaled(b, 1 / n1), t);
  if (t === 0 || t === 1) return Float32Array.from(t ? z1 : z0);
  return Float32Array.from(scaled(along, Math.max(0, (1 - t) * n0 + t * n1)));
}

function greatCircle(u0, u1, t) {
  // By half chords, exact where the arc cosine loses half its digits (Kahan).
  const sum = u0.map((v, j) => v + u1[j]);
  const angle = 2 * Math.atan2(norm(difference(u1, u0)), norm(sum));
  need(Math.PI - angle >= PARALLEL, "slerp has no unique path between codes in opposite " +
    "directions; use line, or go through a third code.");
  if (angle < PARALLEL) return u0.map((v, j) => (1 - t) * v + t * u1[j]);
  const [a, b] = [(1 - t) * angle, t * angle].map((x) => Math.sin(x) / Math.sin(angle));
  return u0.map((v, j) => a * v + b * u1[j]);
}

// What is to c as b is to a.
export function analogy(a, b, c) {
  check(a, b, c);
  return Float32Array.from(c, (v, j) => v + b[j] - a[j]);
}

// Bilinearly between four codes (4 * D), which are at (u, v) = (0, 0), (1, 0), (0, 1), (1, 1).
export function corners(codes, u, v) {
  const d = codes.length / 4;
  return Float32Array.from({ length: d }, (_, j) => {
    const top = (1 - u) * codes[j] + u * codes[d + j];
    return (1 - v) * top + v * ((1 - u) * codes[2 * d + j] + u * codes[3 * d + j]);
  });
}

// The plane through three codes in orthonormal coordinates: place(z) -> [x, y], lift([x, y]) -> z.
// a lies at (0, 0), b at (|b - a|, 0), c at some y > 0.
export function plane(a, b, c) {
  check(a, b, c);
  const [ab, ac] = [difference(b, a), difference(c, a)];
  const width = norm(ab);
  const x = scaled(ab, 1 / (width || 1));
  const beside = (y) => difference(y, scaled(x, dot(y, x)));
  const foot = beside(beside(ac)); // twice: once leaves rounding when b and c nearly agree
  const height = norm(foot);
  need(width > 0 && height > 1e-9 * norm(ac),
    "The three codes lie on one line; a plane needs a third one beside it.");
  const y = scaled(foot, 1 / height);
  return {
    place: (z) => [x, y].map((axis) => dot(difference(z, a), axis)),
    lift: ([px, py]) => Float32Array.from(a, (v, j) => v + px * x[j] + py * y[j]),
  };
}
