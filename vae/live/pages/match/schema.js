// The state of Match: which rounds, where the sliders stand, and what was measured so far.

import { Space } from "../../core/axes.js";
import { ROUNDS } from "../../core/rounds.js";
import { SEEDS } from "../../core/random.js";
import { flag, number, unlinked } from "../../io/schema.js";

export const zeros = (space) => Array(space.size).fill(0);

// `values` are those of the sliders, `results` one for each round that is over, of any seed.
export const schema = (bench) => ({
  seed: number({ initial: 0, min: 0, max: SEEDS - 1, whole: true }),
  round: number({ initial: 1, min: 1, max: ROUNDS, whole: true }),
  film: flag(),
  values: unlinked(zeros(new Space(bench))),
  results: unlinked(bench.memory.read("match", [])),
});

export const resultOf = ({ results, seed, round }) => results.find((result) => result.seed === seed && result.round === round);
export const resultsOf = ({ results, seed }) => results.filter((result) => result.seed === seed);
export const allOver = (state) => resultsOf(state).length === ROUNDS;
