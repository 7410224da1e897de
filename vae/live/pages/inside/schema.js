// The state of Inside: the picture, the noise, how much of it, how far the machine has gone, and what is lit.

import { firstFor } from "../../core/drawings.js";
import { stagesOf } from "../../core/machine.js";
import { sampleNormal } from "../../core/normal.js";
import { SEEDS, sfc32 } from "../../core/random.js";
import { choice, number, numbers, optional, picture, unlinked } from "../../io/schema.js";
import { PEN, strokesOf } from "../../widgets/pad.js";

export const MOST = 4; // of a number of the noise
const WIDEST = 2; // times sigma

// All parts of the machine, in the order in which a picture goes through them.
export function partsOf({ model: { code }, card: { model: { encoder, decoder } } }) {
  const numbered = (letter, layers) => stagesOf(layers).map((_, i) => `${letter}${i}`);
  return ["x", ...numbered("e", encoder), "mean", ...(code.hasRate ? ["scale", "noise"] : []), "code",
    ...numbered("d", decoder), "image", "distortion", ...(code.hasRate ? ["rate"] : []), "loss"];
}

// `of` is a code whose picture goes in, in place of the drawing; `noise` is epsilon where a hand has set it, else
// `seed` makes it; `step` is how many parts have been passed, null all of them; `part` is the one that is lit.
export function schema(bench) {
  const parts = partsOf(bench), { size } = bench.model.code;
  return {
    drawing: unlinked(strokesOf(firstFor(bench.card), PEN)),
    of: optional(picture(bench, null)),
    seed: number({ initial: 0, min: 0, max: SEEDS - 1, whole: true }),
    noise: optional(numbers(Array(size).fill(number({ initial: 0, min: -MOST, max: MOST })))),
    factor: { ...number({ initial: 1, min: 0, max: WIDEST }), as: "sigma" },
    step: optional(number({ initial: 0, min: 1, max: parts.length, whole: true })),
    part: optional(choice(parts)),
  };
}

export const noiseOf = ({ noise, seed }, { size }) => noise ?? Array.from(sampleNormal(size, sfc32(seed)),
  (v) => Math.min(MOST, Math.max(-MOST, Number(v.toFixed(3)))));
