// What lessons measure: each name with `of(lab, …arguments)`, the promise of a number, and `say`, which writes it.
// vae/lessons/names.py says what they take.

import { alarms } from "./measures/alarms.js";
import { ancestors } from "./measures/ancestors.js";
import { lengths } from "./measures/bits.js";
import { clouds } from "./measures/clouds.js";
import { gradients } from "./measures/gradients.js";
import { limits } from "./measures/limits.js";
import { neighbours } from "./measures/neighbours.js";
import { prices } from "./measures/prices.js";
import { samples } from "./measures/samples.js";
import { searches } from "./measures/searches.js";

export const MEASURES = { ...clouds, ...gradients, ...prices, ...samples, ...alarms, ...lengths, ...neighbours, ...limits,
  ...ancestors, ...searches };

// -> the promise of {value, text}
export function measure(lab, name, ...given) {
  const { of, say } = MEASURES[name];
  return lab.once([name, ...given], async () => {
    const value = await of(lab, ...given);
    return { value, text: say(value) };
  });
}
