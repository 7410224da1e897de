// Numbers as text and back, exactly.

import { need } from "./errors.js";

export const LARGEST = 1e6; // of a code's number; float32 decoders still answer with finite images
const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/;

export function writeNumbers(values) {
  return Array.from(values, shortest);
}

// The shortest decimal that is the same float32.
function shortest(v) {
  for (let digits = 1; digits < 9; digits++) {
    const text = Number(v.toPrecision(digits));
    if (Math.fround(text) === v) return String(text);
  }
  return String(Number(v.toPrecision(9)));
}

// The first `block.size` of the words as numbers, and the rest; `first` words came before.
export function readNumbers(block, words, first) {
  need(words.length >= block.size, `The link's code ends within “${block.name}”, which has ` +
    `${block.size} numbers.`);
  const numbers = words.slice(0, block.size).map((word) => (NUMBER.test(word) ? Number(word) : NaN));
  const bad = numbers.findIndex((v) => !(Math.abs(v) <= LARGEST));
  const most = LARGEST.toLocaleString("en");
  need(bad < 0, `Number ${first + bad + 1} of the link's code is not usable: it must lie between ` +
    `−${most} and ${most}.`);
  return [numbers, words.slice(block.size)];
}

// A vector of `d` numbers, which need not be a code.
export const formatVector = (v) => writeNumbers(v).join(",");

export function parseVector(text, d) {
  const words = text.split(",");
  need(words.length === d, `It has ${words.length} numbers; this model has ${d} dimensions.`);
  return Float32Array.from(readNumbers({ name: "it", size: d }, words, 0)[0]);
}
