// What the scene of a map shows: points in their colours, names of classes, and what else a page marks.

import { isDark } from "../widgets/palette.js";
import { toneOf } from "./colouring.js";

const MOST = 20; // names, of the largest classes, so that points are seen between them

// `tones` as map.js has it.
export function createContent({ bench, colourings, layout, legend, carpet, classes, tones }) {
  const { page, model, atlas } = bench;
  const namesAt = createNames(atlas.label, classes);
  let marks = { pins: [], lines: [] }, tone = null;

  const placed = ({ pins, lines }) => ({
    pins: pins.map(({ z, word }) => ({ at: layout.place(z), word })),
    lines: lines.map(({ codes, colour }) => ({ places: codes.map(layout.place), colour })),
  });

  return {
    // In the colours of the theme as it is now; returns the bar of a continuous scale, or null.
    colour(name) {
      const colouring = colourings.find((one) => one.name === name);
      tone = tones ? tones() : toneOf(colouring, atlas.label, isDark(page));
      legend.show(true, !colouring?.values);
      carpet?.tone(model.image[0] === 1 && !isDark(page));
      return tone.bar;
    },
    // {pins: [{z, word}], lines: [{codes, colour}]}, or some of them.
    mark(more) {
      marks = { ...marks, ...more };
    },
    read() {
      const { hidden } = legend, { places, arrived } = layout;
      return { places, ...tone, hidden: (i) => hidden.has(atlas.label[i]), names: namesAt(places, hidden),
        carpet: arrived && layout.isCode, ...(arrived ? placed(marks) : { pins: [], lines: [] }) };
    },
  };
}

// The names of the `MOST` largest classes, each at the median of its points. `classOf` (N) says which class
// each point has.
export function createNames(classOf, words) {
  const groups = words.map(() => []);
  classOf.forEach((k, i) => groups[k]?.push(i));
  const largest = new Set([...groups].sort((a, b) => b.length - a.length).slice(0, MOST));
  return (places, hidden) => words.length < 2 ? [] : groups.flatMap((rows, k) =>
    rows.length && largest.has(rows) && !hidden.has(k) ? [{ word: words[k], at: middle(places, rows) }] : []);
}

const middle = (places, rows) => [0, 1].map((axis) =>
  Float32Array.from(rows, (i) => places[2 * i + axis]).sort()[rows.length >> 1]);
