// The steps that several parts of the page have, each as what it changes of the state.

import { SEEDS } from "../../core/random.js";

export const anotherSeed = () => ({ seed: Math.floor(Math.random() * SEEDS) });
