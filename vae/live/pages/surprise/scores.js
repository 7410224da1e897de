// The scores of held-out pictures and of pictures of other kinds, which `python -m vae anomaly survey` has put
// into the atlas: numbers, no pixels. Which of them fit the threshold, and which check it, is drawn by a seed.

import { splitRows } from "../../core/detection.js";

const NORMAL = "scores.normal";

// In the order of a row of the atlas' column. `digits` after the point.
export const SCORES = {
  surprise: { name: "surprise", unit: "nats", digits: 1 },
  png: { name: "PNG size", unit: "bytes", digits: 0 },
  brightness: { name: "mean brightness", unit: "", digits: 3 },
};
const KEYS = Object.keys(SCORES);

// -> [{key, title, values (N * 3)}], without the normal pictures.
export const kindsOf = ({ atlas }) => atlas.columns
  .filter(({ name }) => name.startsWith("scores.") && name !== NORMAL)
  .map(({ name, title, values }) => ({ key: name.slice("scores.".length), title, values }));

// One score of all rows.
function scoreOf(values, score) {
  const at = KEYS.indexOf(score);
  return Float32Array.from({ length: values.length / KEYS.length }, (_, i) => values[i * KEYS.length + at]);
}

// The rows that have one.
const scored = (values) => Uint32Array.from(values.keys()).filter((i) => Number.isFinite(values[i]));

export const scoredCount = ({ atlas }) => {
  const column = atlas.columns.find(({ name }) => name === NORMAL);
  return column ? scored(scoreOf(column.values, KEYS[0])).length : 0;
};

const sortedAt = (values, rows) => Float32Array.from(rows, (i) => values[i]).sort();

export class Scores {
  #kept = new Map();

  constructor(bench) {
    this.bench = bench;
    this.normal = bench.atlas.columns.find(({ name }) => name === NORMAL)?.values;
    this.kinds = kindsOf(bench);
  }

  get there() {
    return Boolean(this.normal && this.kinds.length);
  }

  // -> {values (N), fitted, checked, others: sorted scores; fit, rows: those of `fitted` and `checked`, unsorted; span: [low, high]}
  // for a state. The same object until what it depends on changes.
  of({ others, count, seed }, score) {
    const key = [others, count, seed, score].join();
    if (!this.#kept.has(key)) {
      if (this.#kept.size > 12) this.#kept.clear();
      this.#kept.set(key, this.#read(others, count, seed, score));
    }
    return this.#kept.get(key);
  }

  #read(others, count, seed, score) {
    const values = scoreOf(this.normal, score), there = scored(values);
    const [fit, rows] = splitRows(there.length, count, seed).map((some) => some.map((i) => there[i]));
    const fitted = sortedAt(values, fit), checked = sortedAt(values, rows);
    const kind = scoreOf(this.kinds.find(({ key }) => key === others).values, score).filter(Number.isFinite).sort();
    return { values, fit, rows, fitted, checked, others: kind, span: spanOf([fitted, checked], kind) };
  }
}

// All normal scores fit in; others that are much lower or higher stand at the ends.
function spanOf(normal, others) {
  const low = Math.min(...normal.map((sorted) => sorted[0])), high = Math.max(...normal.map((sorted) => sorted.at(-1)));
  const wide = high - low || 1;
  const far = others[Math.floor(0.99 * (others.length - 1))];
  return [Math.max(low - wide / 2, Math.min(low, others[0])) - wide / 50,
    Math.min(high + wide, Math.max(high, far)) + wide / 50];
}
