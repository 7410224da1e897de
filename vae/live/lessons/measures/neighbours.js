// Measures of what lies near what, by codes and by pixels, and of a few labels that all others follow.

import { nearest } from "../../core/blend.js";
import { shifted } from "../../core/changes.js";
import { Labelling, randomRow, simulated } from "../../core/labelling.js";
import { row, stacked } from "../../core/latent.js";
import { inputOf } from "../../core/machine.js";
import { graphOf, neighboursOf } from "../../core/spreading.js";
import { average } from "../../core/statistics.js";
import { ended } from "../lab.js";
import { plain, share, whole } from "./writing.js";

const EXAMPLES = 2000, QUERIES = 200;

export const neighbours = {
  "neighbour-share": { say: share, of: neighbourShare },
  "neighbour-gain": { say: plain, of: async (lab, name) =>
    await neighbourShare(lab, name, "codes", 0) - await neighbourShare(lab, name, "pixels", 0) },
  "shifted-percent": { say: whole, of: async (lab, name, shift) =>
    100 * await neighbourShare(lab, name, "codes", shift) },
  "few-labels": { say: share, of: async (lab, name, by, each) => {
    const { atlas } = await lab.open(name), { points, d } = await spaceOf(lab, name, by);
    const labelled = labelledRows(atlas, Number(each)), known = stacked(labelled.map((i) => row(points, i, d)), d);
    return rightShare(atlas, labelled, (i) => atlas.label[labelled[nearest(known, row(points, i, d), 1).index[0]]]);
  } },
  "spread-labels": { say: share, of: spreadShare },
  "spread-gain": { say: plain, of: async (lab, name, fewer, more) =>
    await spreadShare(lab, name, "codes", more) - await spreadShare(lab, name, "codes", fewer) },
  "asked-labels": { say: share, of: askedShare },
  "asked-gain": { say: plain, of: async (lab, name, count) =>
    await askedShare(lab, name, "telling", count) - await askedShare(lab, name, "random", count) },
};

const ORDERS = 10; // random ones

// The row to ask for next, by what was answered and which rows are labelled.
const ASKED = {
  telling: (labelling, _, answer, asked) => labelling.telling(answer, asked),
  random: ({ n }, seed, _, asked) => randomRow(n, asked, seed),
};

async function askedShare(lab, name, ask, count) {
  const { atlas } = await lab.open(name), labelling = await labellingOf(lab, name, "codes");
  return average(await Promise.all(Array.from({ length: ask === "random" ? ORDERS : 1 }, (_, seed) =>
    afterAsking(labelling, atlas, (...given) => ASKED[ask](labelling, seed, ...given), Number(count)))));
}

async function afterAsking(labelling, { label }, ask, count) {
  return (await ended(simulated(labelling, label, count, ask))).at(-1);
}

// Of pictures shifted by so many pixels, the share whose nearest other example has the same label.
async function neighbourShare(lab, name, by, shift) {
  const { atlas, model } = await lab.open(name), points = await pointsOf(lab, name, by);
  const drawn = await pointsOf(lab, name, "pixels");
  return ended((function* count() {
    let right = 0;
    for (let i = 0; i < QUERIES; i++) {
      const x = shifted(row(drawn, i, model.pixels), model.image, Number(shift));
      const query = by === "pixels" ? x : Number(shift) ? model.encode(x).mean : row(atlas.mean, i, model.latent);
      const other = nearest(points, query, 2).index.find((j) => j !== i);
      right += atlas.label[other] === atlas.label[i];
      yield;
    }
    return right / QUERIES;
  })());
}

// The first examples row after row: their codes, or what the model draws of these.
function pointsOf(lab, name, by) {
  return lab.once(["points", name, by], async () => {
    const { atlas, model } = await lab.open(name), codes = atlas.mean.subarray(0, EXAMPLES * model.latent);
    return by === "codes" ? codes : inputOf(model, model.decodeMany(codes, EXAMPLES));
  });
}

// The first so many of each label.
function labelledRows({ label }, each) {
  const counts = new Map();
  return [...label.subarray(0, EXAMPLES).keys()].filter((i) => {
    counts.set(label[i], (counts.get(label[i]) ?? 0) + 1);
    return counts.get(label[i]) <= each;
  });
}

// Of the others, the share whose label is as `guess(row)` has it.
function rightShare({ label }, labelled, guess) {
  const others = Array.from({ length: EXAMPLES }, (_, i) => i).filter((i) => !labelled.includes(i));
  return others.filter((i) => guess(i) === label[i]).length / others.length;
}

async function spreadShare(lab, name, by, each) {
  const { atlas } = await lab.open(name), labelled = labelledRows(atlas, Number(each));
  const labelling = await labellingOf(lab, name, by);
  const { best } = labelling.answer(labelling.sums(labelled.map((i) => [i, atlas.label[i]])));
  return rightShare(atlas, labelled, (i) => best[i]);
}

const labellingOf = (lab, name, by) => lab.once(["labelling", name, by], async () => {
  const { classes } = await lab.open(name), { points, d } = await spaceOf(lab, name, by);
  return new Labelling(graphOf(await ended(neighboursOf(points, EXAMPLES, d)), EXAMPLES), classes.length);
});

// The same points, and how many numbers each has.
async function spaceOf(lab, name, by) {
  const { model } = await lab.open(name);
  return { points: await pointsOf(lab, name, by), d: by === "codes" ? model.latent : model.pixels };
}
