// What the colours of the map's points mean: their class, or a number that each has. The numbers are
// two that follow from the codes, and all further columns of the atlas, whatever they are called.

import { classColour, ramp, scale } from "../widgets/palette.js";

const LEVELS = 64; // of a continuous scale
const CLASSES = 10; // colours, which further classes take up again

// -> [{name, title, unit, values (N), or null where the class is meant}]
export function colouringsOf({ atlas, model: { code } }) {
  const d = atlas.mean.length / atlas.n;
  const rows = (values, f) => Float32Array.from({ length: atlas.n },
    (_, i) => f(values.subarray(i * d, (i + 1) * d)));
  return [
    { name: "class", title: "class", unit: "", values: null },
    { name: "uncertainty", title: "posterior uncertainty", unit: "mean σ of the posterior",
      values: rows(atlas.scale, (scales) => scales.reduce((a, b) => a + b, 0) / d) },
    { name: "distance", title: "distance from the origin",
      unit: `‖μ‖${code.unit && " in σ of the prior"}`,
      values: rows(atlas.mean, (mean) => Math.hypot(...mean)) },
    ...columnsOf(atlas),
  ].filter(({ name }) => name !== "uncertainty" || code.hasRate);
}

export const colourNames = ({ atlas, model: { code } }) => ["class",
  ...(code.hasRate ? ["uncertainty"] : []), "distance", ...columnsOf(atlas).map(({ name }) => name)];

// Those of one number for each example.
const columnsOf = ({ columns, n }) => columns.filter(({ values }) => values.length === n);

// The colour of each point: {tone (N), palette, bar: {low, high, unit, colours} or null}.
export function toneOf({ values, unit }, label, dark) {
  if (!values) {
    return { tone: label, bar: null,
      palette: Array.from({ length: CLASSES }, (_, k) => classColour(k, dark)) };
  }
  const [low, high] = spanOf(values), colours = scale(dark);
  const level = (v) => Math.round((LEVELS - 1) * Math.min(1, Math.max(0, (v - low) / (high - low || 1))));
  return { tone: Uint8Array.from(values, level), palette: ramp(colours, LEVELS),
    bar: { low, high, unit, colours } };
}

// From the 2nd to the 98th percentile, so that a few outliers do not take all the colours.
export function spanOf(values) {
  const sorted = Float32Array.from(values).sort();
  return [0.02, 0.98].map((q) => sorted[Math.floor(q * (sorted.length - 1))]);
}
