// A code as text and back.

import { need } from "./errors.js";

// A code as text and back, exactly: the shortest decimal that is the same float32.
export function formatCode(z) {
  return Array.from(z, shortest).join(",");
}

function shortest(v) {
  for (let digits = 1; digits < 9; digits++) {
    const text = Number(v.toPrecision(digits));
    if (Math.fround(text) === v) return String(text);
  }
  return String(Number(v.toPrecision(9)));
}

const LARGEST = 100; // in the prior's sigma; a decoder says nothing sensible out there

export function parseCode(text, d) {
  const words = text.split(",");
  need(words.length === d,
    `The link's code has ${words.length} numbers; this model has ${d} dimensions.`);
  const z = Float32Array.from(words, (word) => (word.trim() ? Number(word) : NaN));
  const bad = z.findIndex((v) => !(Math.abs(v) <= LARGEST));
  need(bad < 0, `Number ${bad + 1} of the link's code is not usable: ` +
    `it must lie between -${LARGEST} and ${LARGEST}.`);
  return z;
}
