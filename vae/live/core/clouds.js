// How wide posteriors are, and what pictures codes drawn from them make.

import { nearest } from "./blend.js";
import { inputOf } from "./machine.js";
import { sfc32 } from "./random.js";
import { average } from "./statistics.js";

const VOTES = 15; // nearest examples that say what a picture reads as

// The mean σ of the posteriors of examples; with `k` of those of one class.
export function widthOf({ scale, label, n }, k = null) {
  const d = scale.length / n;
  let sum = 0, count = 0;
  for (let i = 0; i < n; i++) {
    if (k !== null && label[i] !== k) continue;
    sum += average(scale.subarray(i * d, (i + 1) * d));
    count++;
  }
  return sum / count;
}

// n codes that the encoder might have given, drawn with a seed.
export function drawn(code, posterior, n, seed = 0) {
  const uniform = sfc32(seed);
  return Array.from({ length: n }, () => code.draw(posterior, uniform));
}

// What a picture reads as: (x) -> {label, isClear, votes}, the label that most of the examples with the nearest codes
// have, whether two thirds of them or more have it, and how many have each (a Map).
export function createReader({ model, atlas }) {
  return (x) => {
    const votes = new Map(), { mean: code } = model.encode(inputOf(model, x));
    const { index } = nearest(atlas.mean, code, VOTES);
    for (const i of index) votes.set(atlas.label[i], (votes.get(atlas.label[i]) ?? 0) + 1);
    const [label, count] = [...votes].reduce((best, one) => (one[1] > best[1] ? one : best));
    return { label, isClear: 3 * count >= 2 * index.length, votes };
  };
}

