// Measures of an alarm on what pictures cost: how many false alarms, and what it misses.

import { CHANGES } from "../../core/changes.js";
import { flagged } from "../../core/detection.js";
import { ended } from "../lab.js";
import { priced } from "./prices.js";
import { nats, plain, share } from "./writing.js";

const PICTURES = 200; // that the threshold is fitted to, and as many others
const RATE = 0.05; // of false alarms

export const alarms = {
  threshold: { say: nats, of: thresholdOf },
  "false-alarms": { say: share, of: async (lab, name) =>
    flagged(await costsOf(lab, name, PICTURES), await thresholdOf(lab, name)) },
  "alarm-share": { say: share, of: async (lab, name, change) =>
    flagged(await costsOf(lab, name, 0, change), await thresholdOf(lab, name)) },
  "blank-cost": { say: nats, of: blankCost },
  "blank-ratio": { say: plain, of: async (lab, name) => await blankCost(lab, name) / await thresholdOf(lab, name) },
};

// As vae/conformal.py has it.
async function thresholdOf(lab, name) {
  const costs = await costsOf(lab, name, 0);
  return costs[PICTURES - Math.floor(RATE * (PICTURES + 1))];
}

async function blankCost(lab, name) {
  const { model } = await lab.open(name);
  return costOf(model.surprise(new Float32Array(model.pixels)));
}

const costOf = ({ rate, distortion }) => rate + distortion;

// Of the examples from row `from` on, changed where a change is named; sorted.
function costsOf(lab, name, from, change = null) {
  return lab.once(["costs", name, from, change], async () => {
    const { model } = await lab.open(name);
    const pictures = await Promise.all(Array.from({ length: PICTURES }, (_, i) => lab.picture(`@${from + i}`)));
    const changed = change ? pictures.map((x) => CHANGES[change](x, model.image)) : pictures;
    return Float64Array.from(await ended(priced(model, changed)), costOf).sort();
  });
}
