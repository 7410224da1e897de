// The steps of the page Generate, each as what it changes of the state.

import { anySeed } from "../../core/random.js";
import { SPREADS } from "./codes.js";

// New pictures, as `changes` says.
export const anew = (changes) => ({ ...changes, centre: null, trail: [] });

export const anotherSeed = () => ({ seed: anySeed() });

// Variations of a picture; the trail leads back to what the grid holds now.
export const around = ({ trail, ...now }, centre) => ({ centre, trail: [...trail, now] });

export const alongTheTrail = ({ trail }, i) => ({ ...trail[i], trail: trail.slice(0, i) });

export const spreadAs = (spread) => ({ spread, radius: SPREADS[spread].radius });
