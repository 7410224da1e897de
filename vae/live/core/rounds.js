// Rounds of Match: in each a picture is to be reached by sliders alone, along the model's own dimensions or along
// the same space turned at random, in turns. Which sliders are which is told when all rounds are over. A seed
// makes the pictures, the turn and what comes first, so that a link gives everybody the same rounds.

import { need } from "./errors.js";
import { exampleOf } from "./origins.js";
import { sfc32 } from "./random.js";
import { own, Space, turned } from "./axes.js";

export const ROUNDS = 6;
export const REACH = 4; // of a slider, in standard deviations of the examples' codes
export const REACHED = 0.1; // of the distance at the start is close enough
const TRIES = 1000; // examples looked at for those that the sliders reach

export class Rounds {
  constructor(bench, seed) {
    const space = new Space(bench), uniform = sfc32(seed);
    this.space = space;
    this.both = { own: own(space.size), turned: turned(space.size, seed) };
    this.first = uniform() < 0.5 ? "own" : "turned";
    this.targets = this.#targets(bench, uniform);
  }

  // Of round 1, 2, …
  of(round) {
    const kind = (round % 2 === 1) === (this.first === "own") ? "own" : "turned";
    return { kind, letter: round % 2 === 1 ? "A" : "B", axes: this.both[kind], target: this.targets[round - 1] };
  }

  #targets(bench, uniform) {
    const rows = [], { n } = bench.atlas;
    for (let tries = 0; rows.length < Math.min(ROUNDS, n) && tries < TRIES; tries++) {
      const row = Math.floor(uniform() * n), { z } = exampleOf(bench, row);
      if (!rows.includes(row) && Object.values(this.both).every((axes) => within(this.space.along(axes, z)))) rows.push(row);
    }
    need(rows.length === ROUNDS, `Only ${rows.length} examples of this model are within reach of its sliders; ${ROUNDS} are needed.`);
    return rows.map((row) => exampleOf(bench, row));
  }
}

const within = (values) => values.every((value) => Math.abs(value) <= REACH);

// The root mean square difference of two pictures.
export function pixelsApart(a, b) {
  return Math.sqrt(a.reduce((sum, v, i) => sum + (v - b[i]) ** 2, 0) / a.length);
}

// Of what was measured with each kind of slider the median.
export function summary(results) {
  return ["own", "turned"].map((kind) => {
    const some = results.filter((result) => result.kind === kind);
    return { kind, n: some.length, ...Object.fromEntries(["left", "moves", "seconds"].map((key) => [key, median(some.map((result) => result[key]))])) };
  });
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b), middle = (sorted.length - 1) / 2;
  return sorted.length ? (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2 : NaN;
}
