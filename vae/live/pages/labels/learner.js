// What the labels of a state say of all other examples, and how accuracy grows with them.

import { accuracyOf, Labelling, randomRow, reliabilityOf, simulated } from "../../core/labelling.js";
import { graphOf, neighboursOf } from "../../core/spreading.js";

const REFERENCE = 60; // labels of the simulated runs, but of at most half of the examples

export class Learner {
  #known = null; // what was last asked for
  #accuracies = new Map(); // by the labels as text
  #yours = null; // {labels, curve}, the last
  curves = { telling: [], random: [] }; // accuracy by the number of labels, from the true classes
  done = 0; // codes whose neighbours are known

  // `changed()` is called as the graph and the curves grow.
  constructor(bench, changed) {
    Object.assign(this, { bench, changed, labelling: null });
    bench.idle.put("neighbours", this.#prepare());
  }

  get ready() {
    return this.labelling !== null;
  }

  *#prepare() {
    const { atlas, classes } = this.bench, { n, mean } = atlas;
    const neighbours = neighboursOf(mean, n, mean.length / n);
    let step = neighbours.next();
    for (; !step.done; step = neighbours.next()) {
      this.done = step.value;
      this.changed();
      yield;
    }
    this.labelling = new Labelling(graphOf(step.value, n), classes.length);
    this.changed();
    this.bench.idle.put("random", this.#simulate("random"));
    this.bench.idle.put("telling", this.#simulate("telling"));
  }

  *#simulate(ask) {
    const { labelling, bench: { atlas, history } } = this;
    const next = { telling: (answer, asked) => labelling.telling(answer, asked),
      random: (_, asked) => randomRow(atlas.n, asked, history.now.seed) }[ask];
    const count = Math.min(REFERENCE, atlas.n >> 1);
    for (const accuracies of simulated(labelling, atlas.label, count, next)) {
      this.curves[ask] = accuracies.slice();
      this.changed();
      yield;
    }
  }

  // Of a state: its answer, accuracy, reliability, and the row that is asked for.
  of(now) {
    const { labels, skipped, ask, seed, chosen } = now, known = this.#known;
    if (known?.labels !== labels) this.#known = this.#read(labels);
    const { answer, labelled } = this.#known, without = new Set([...labelled, ...skipped]);
    const next = () => (ask === "telling" ? this.labelling.telling(answer, without)
      : randomRow(this.labelling.n, without, seed));
    return { ...this.#known, row: chosen ?? next() };
  }

  #read(labels) {
    const { labelling, bench: { atlas: { label } } } = this;
    const answer = labelling.answer(labelling.sums(labels)), labelled = new Set(labels.map(([row]) => row));
    const accuracy = accuracyOf(answer, label, labelled);
    this.#accuracies.set(String(labels), accuracy);
    return { labels, answer, labelled, accuracy, reliability: reliabilityOf(answer, label, labelled) };
  }

  // The accuracy after each of the labels; what is not known yet is put off.
  yours(labels) {
    if (this.#yours?.labels === labels) return this.#yours.curve;
    const curve = labels.map((_, i) => this.#accuracies.get(String(labels.slice(0, i + 1))));
    this.#yours = { labels, curve };
    if (curve.includes(undefined)) this.bench.idle.put("yours", this.#follow(labels, curve));
    return curve;
  }

  // Fills the curve in.
  *#follow(labels, curve) {
    const { labelling, bench: { atlas: { label } } } = this, sums = labelling.sums([]), labelled = new Set();
    for (const [i, [row, k]] of labels.entries()) {
      labelling.add(sums, row, k);
      labelled.add(row);
      if (curve[i] !== undefined) continue;
      curve[i] = accuracyOf(labelling.answer(sums), label, labelled);
      this.#accuracies.set(String(labels.slice(0, i + 1)), curve[i]);
      yield;
    }
    this.changed();
  }
}
