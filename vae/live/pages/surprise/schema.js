// The state of Surprise: what is compared, by which score, where the threshold stands, and one picture.

import { DRAWINGS } from "../../core/drawings.js";
import { SEEDS } from "../../core/random.js";
import { choice, number, unlinked } from "../../io/schema.js";
import { PEN, strokesOf } from "../../widgets/pad.js";
import { kindsOf, scoredCount, SCORES } from "./scores.js";

const COUNTS = [12, 100, 1000, 5000]; // of examples that the threshold is fitted to
const USUAL = 1000;

// At least half of the examples are left to see whether the promise is kept.
export function countsOf(bench) {
  const n = scoredCount(bench);
  return COUNTS.filter((count, i) => i === 0 || 2 * count <= n);
}

export function schema(bench) {
  const counts = countsOf(bench), first = kindsOf(bench)[0];
  return {
    others: first ? choice(kindsOf(bench).map(({ key }) => key), first.key) : unlinked(null),
    score: choice(Object.keys(SCORES)),
    rate: number({ initial: 0.05, min: 0, max: 1 }),
    count: choice(counts, Math.min(USUAL, counts.at(-1))),
    seed: number({ initial: 0, min: 0, max: SEEDS - 1, whole: true }),
    drawing: unlinked(strokesOf(DRAWINGS["a face"], PEN)),
    t: number({ initial: 1, min: 0, max: 1 }), // along the path to the nearest that is not flagged
    given: unlinked(null), // {name, x} in place of the drawing
  };
}
