// Measures of lossless compression: the bits that pictures really take on a stack.

import { pushed } from "../../core/bits/file.js";
import { pictureCodecs } from "../../core/bits/pictures.js";
import { parse } from "../../core/safetensors.js";
import { plain } from "./writing.js";

const GRID = 4; // a code's numbers are multiples of 2^-4
const EMPTY = 64; // bits of a stack with nothing on it
const WEIGHTS = "weights.safetensors";

const bits = (v) => v.toFixed(1);

export const lengths = {
  "elbo-bits": { say: bits, of: elboBits },
  "chain-bits": { say: bits, of: chainBits },
  "chain-bits-at": { say: bits, of: chainBits },
  "alone-ratio": { say: plain, of: async (lab, name) => await chainBits(lab, name, 1) / await elboBits(lab, name, 1) },
};

const firstOf = (lab, count) =>
  Promise.all(Array.from({ length: Number(count) }, (_, i) => lab.picture(`@${i}`)));

// The mean −ELBO of the first pictures.
async function elboBits(lab, name, count) {
  const { model } = await lab.open(name);
  const costs = (await firstOf(lab, count)).map((x) => model.surprise(x));
  return costs.reduce((sum, { rate, distortion }) => sum + rate + distortion, 0) / costs.length / Math.LN2;
}

// What a picture of a chain of the first ones adds to the stack, on average; what comes from below the first
// picture counts.
async function chainBits(lab, name, count, grid = GRID) {
  const codecs = await codecsOf(lab, name);
  const pictures = (await firstOf(lab, count)).map((x) => Uint8Array.from(x));
  const stack = pushed(codecs.codec(Number(grid)), pictures, 0);
  return (16 * stack.words.length + Math.log2(stack.head) - EMPTY) / pictures.length;
}

const codecsOf = (lab, name) => lab.once(["codecs", name], async () => {
  const response = await fetch(lab.filesOf(name)[WEIGHTS]);
  return pictureCodecs((await lab.open(name)).card, parse(await response.arrayBuffer(), WEIGHTS));
});
