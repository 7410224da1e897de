// A code of `d` numbers as text and back, exactly.

import { KINDS } from "./blocks.js";
import { need } from "./errors.js";

export const formatCode = (z) => KINDS.normal.write(z).join(",");

export function parseCode(text, d) {
  const words = text.split(",");
  need(words.length === d,
    `The link's code has ${words.length} numbers; this model has ${d} dimensions.`);
  return Float32Array.from(KINDS.normal.read({ name: "z", size: d }, words, 0)[0]);
}
