// Pictures as a page's state holds them: {z, name, example, seed, temperature}, a code with a name and,
// where it has one, its origin: a held-out example by its row of the atlas, or a draw from the prior by
// its seed. A link names such a code by its origin, which is shorter than the code and as exact:
//
//     @12         held-out example 12          seed7, seed7t0.5    drawn with seed 7, temperature 0.5
//     0.5,-1,…    the numbers themselves

import { need } from "./errors.js";
import { exampleAt } from "./atlas.js";
import { nearest } from "./blend.js";
import { anySeed, SEEDS, sfc32 } from "./random.js";

const TEMPERATURES = [0, 10];

export function exampleOf({ atlas, classes }, i) {
  const { mean, words } = exampleAt(atlas, i, classes);
  return { z: mean, name: words, example: i };
}

export const firstOf = (bench, k) => exampleOf(bench, Math.max(0, bench.atlas.label.indexOf(k)));

export function drawnOf({ model }, seed, temperature = 1) {
  const z = model.code.prior.sample(sfc32(seed), temperature);
  return { z, name: "a draw from the prior", seed, temperature };
}

export const originOf = ({ model }) => ({ z: model.code.origin(), name: "the origin" });

export const drawAny = (bench, temperature) =>
  drawnOf(bench, anySeed(), temperature);

// Any held-out example of class k, another one at each call; null where the class has none. Without
// classes, any example.
export function anyExample(bench, k) {
  const { atlas, classes } = bench;
  const rows = [...atlas.label.keys()].filter((i) => !classes.length || atlas.label[i] === k);
  return rows.length ? exampleOf(bench, rows[Math.floor(Math.random() * rows.length)]) : null;
}

// The same, or the first example of all where the class has none.
export const anyOf = (bench, k) => anyExample(bench, k) ?? exampleOf(bench, 0);

export function pictureText({ z, example, seed, temperature }, { model }) {
  if (example !== undefined) return `@${example}`;
  if (seed !== undefined) return `seed${seed}${temperature === 1 ? "" : `t${temperature}`}`;
  return model.code.text(z);
}

// The inverse of `pictureText`. A code that is one of your pictures' or an example's has its name.
export function parsePicture(text, bench) {
  if (text.startsWith("@")) return parseExample(text, bench);
  if (text.startsWith("seed")) return parseDraw(text, bench);
  const z = bench.model.code.parse(text);
  return { z, ...named(bench, z) };
}

function parseExample(text, bench) {
  const i = /^@\d{1,9}$/.test(text) ? Number(text.slice(1)) : NaN;
  need(i < bench.atlas.n, `The link asks for the held-out example ${text}; this model has ` +
    `${bench.atlas.n}, @0 to @${bench.atlas.n - 1}.`);
  return exampleOf(bench, i);
}

function parseDraw(text, bench) {
  const [, seed, temperature = "1"] = /^seed(\d{1,10})(?:t(\d+(?:\.\d+)?))?$/.exec(text) ?? [];
  const [low, high] = TEMPERATURES;
  need(Number(seed) < SEEDS && Number(temperature) >= low && Number(temperature) <= high,
    `The link asks for the draw “${text}”; it is written as seed7 or seed7t0.5.`);
  return drawnOf(bench, Number(seed), Number(temperature));
}

function named({ atlas, classes, yours }, z) {
  const own = yours.items.find((item) => item.z.every((v, j) => v === z[j]));
  if (own) return { name: `your picture “${own.name}”` };
  const { index, distance } = nearest(atlas.mean, z, 1);
  return distance[0] === 0 ? exampleOf({ atlas, classes }, index[0]) : { name: "a linked picture" };
}

// The posterior that a picture came with, {mean, scale}: of a held-out example or of one of your
// pictures; null for a code alone.
export function posteriorOf({ atlas, classes, yours }, { z, example }) {
  if (example !== undefined) return exampleAt(atlas, example, classes);
  const item = yours.items.find((item) => item.x && item.z.every((v, j) => v === z[j]));
  return item ? (item.refined?.used ? item.refined : item) : null;
}
