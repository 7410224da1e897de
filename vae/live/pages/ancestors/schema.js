// The state of Ancestors: its part; of EM where it begins, how many steps it has taken, and whether the closed form is
// beside it; of a search the picture, whether it stands on its head, where it begins and how far it has come.

import { exampleOf } from "../../core/origins.js";
import { SEEDS } from "../../core/random.js";
import { BEGINS, EVERY } from "../../core/search.js";
import { choice, flag, number, picture } from "../../io/schema.js";

export const PARTS = { em: "EM", search: "Search" };
export const STEPS = 60; // of EM

// How many posteriors of a search there are after its beginning.
export const lengthOf = (begin) => BEGINS[begin].steps / EVERY;

export const schema = (bench) => ({
  part: choice(Object.keys(PARTS)),
  seed: number({ initial: 0, min: 0, max: SEEDS - 1, whole: true }),
  steps: number({ initial: 0, min: 0, max: STEPS, whole: true }),
  closed: flag(),
  of: picture(bench, exampleOf(bench, 0)),
  flip: flag(),
  begin: choice(Object.keys(BEGINS)),
  searched: number({ initial: 0, min: 0, max: Math.max(...Object.keys(BEGINS).map(lengthOf)), whole: true }),
});
