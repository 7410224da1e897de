// What a step waits for, as predicates of one field of the page's state: (trail, …arguments) -> whether it is done.
// A trail is {texts, codes, model, atlas}: the field from the step's beginning on, as the link writes it (null where it
// is empty), and the codes, where it is one; the last four take a code. vae/lessons/names.py says what they take.

import { createReader } from "../core/clouds.js";
import { slantOf } from "../core/slant.js";

const BORDER = 5; // nearest examples of either class, of 15

export const PREDICATES = {
  is: ({ texts }, text) => texts.at(-1) === text,
  between: ({ texts }, low, high) => texts.at(-1) !== null && Number(texts.at(-1)) >= Number(low) &&
    Number(texts.at(-1)) <= Number(high),
  changed: ({ texts }) => texts.at(-1) !== texts[0],
  tried: ({ texts }, count) => new Set(texts).size > Number(count),
  reads: (trail, k) => {
    const { label, isClear } = read(trail, trail.codes.at(-1));
    return isClear && label === Number(k);
  },
  border: (trail, ...two) => {
    const { votes } = read(trail, trail.codes.at(-1));
    return two.every((k) => votes.get(Number(k)) >= BORDER);
  },
  leans: (trail, degrees) => {
    const [from, to] = [trail.codes[0], trail.codes.at(-1)];
    return Math.abs(slant(trail, to) - slant(trail, from)) >= Number(degrees) && same(trail, from, to);
  },
};

const read = (trail, z) => createReader(trail)(Float32Array.from(trail.model.decode(z)));
const slant = ({ model }, z) => slantOf(Float32Array.from(model.decode(z)), model.image);
const same = (trail, a, b) => read(trail, a).label === read(trail, b).label;

