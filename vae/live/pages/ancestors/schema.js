// The state of Ancestors: where EM begins and how many steps it has taken, and whether the closed form is beside it.

import { SEEDS } from "../../core/random.js";
import { flag, number } from "../../io/schema.js";

export const STEPS = 60;

export const schema = () => ({
  seed: number({ initial: 0, min: 0, max: SEEDS - 1, whole: true }),
  steps: number({ initial: 0, min: 0, max: STEPS, whole: true }),
  closed: flag(),
});
