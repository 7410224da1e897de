// Two-dimensional spaces that a sheet can show. Each goes both ways, exactly:
//
//     lift([x, y]) -> the code there, or null where there is none
//     place(z)     -> [x, y], of a code or of its foot on the plane
//
// `home` is the box [left, low, right, high] that is shown at first, `bounds` the one that the middle
// of the view keeps to, `offset` where in its cell a picture stands: see cells.js.

import { apart, plane } from "../core/latent.js";
import { chiCdf, inverseNormal } from "../core/normal.js";
import { LARGEST } from "../core/text.js";

const FARTHEST = 8; // the prior's sigma; a normal code beyond is rarer than 1 in 10^15

const mass = (z) => (1 + Math.sign(z) * chiCdf(Math.abs(z), 1)) / 2;

// Equal areas are equally probable: the manifold of figure 4 in Auto-Encoding Variational Bayes
// (Kingma & Welling, 2013), arxiv.org/abs/1312.6114
export function evenInProbability() {
  const inside = (u) => u > 0 && u < 1;
  return {
    kind: "probability",
    lift: (at) => (at.every(inside) ? Float32Array.from(at, inverseNormal) : null),
    place: (z) => Array.from(z, mass),
    offset: 0.5,
    home: [0, 0, 1, 1],
    bounds: [0, 0, 1, 1],
    words: (step) => `Each picture stands for 1/${Math.round(1 / step ** 2).toLocaleString("en")} of the prior.`,
  };
}

// `unit` is that of a distance, `home` how far the view reaches at first and `farthest` at most.
export function evenInCode({ unit, home, farthest } = { unit: "σ", home: 3.25, farthest: FARTHEST }) {
  return {
    kind: "code",
    lift: (at) => (at.every((v) => Math.abs(v) <= farthest) ? Float32Array.from(at) : null),
    place: (z) => Array.from(z),
    offset: 0,
    home: [-home, -home, home, home],
    bounds: [-farthest, -farthest, farthest, farthest],
    words: (step) => stepWords(step, unit),
  };
}

// The plane through three codes of a model's `code` (see core/code.js). `marks` are where they lie. A
// place beyond the weights of a choice has the nearest code.
export function throughThree(codes, { unit, normalized }) {
  const { place, lift } = plane(...codes);
  const marks = codes.map((z) => place(z));
  const [xs, ys] = [0, 1].map((axis) => marks.map((at) => at[axis]));
  const [left, low, right, high] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  const size = Math.max(right - left, high - low);
  const wider = (by) => [left - by * size, low - by * size, right + by * size, high + by * size];
  return {
    kind: "plane",
    // A code beyond what a link may carry has no picture.
    lift(at) {
      const z = lift(at);
      return z.every((v) => Math.abs(v) <= LARGEST) ? normalized(z) : null;
    },
    place,
    marks,
    offset: 0,
    home: wider(0.25),
    bounds: wider(2),
    words: (step) => stepWords(step, unit),
  };
}

const stepWords = (v, unit) => `From picture to picture: ${Number(v.toPrecision(2))}${unit && ` ${unit}`}.`;

// Whether `z` lies on the sheet, or only its foot does.
export const isOn = (space, z) => {
  const there = space.lift(space.place(z));
  return there !== null && apart(there, z) < 1e-3;
};
