// Where measures are taken: the models by their names, and pictures that the lesson's first model draws.

import { row } from "../core/latent.js";
import { inputOf } from "../core/machine.js";
import { need } from "../core/errors.js";
import { openModel } from "../state/models.js";

const BUDGET = 12; // ms of work between two rests
const known = new Map(); // what was worked out in this tab -> its promise

export class Lab {
  // `listed` are the models that the page knows, {name, files}; `names` those of the lesson, of which the first draws.
  constructor(listed, names) {
    Object.assign(this, { listed, names, first: names[0] });
  }

  // Where a model's files are.
  filesOf(name) {
    const entry = this.listed.find((one) => one.name === name);
    need(entry, `This number needs the model “${name}”, which is not here.`);
    return entry.files;
  }

  // {model, atlas, …}, as state/models.js has it.
  async open(name) {
    return openModel(this.filesOf(name));
  }

  // The row of the atlas that `@12` names.
  async rowOf(example) {
    const { atlas } = await this.open(this.first), i = Number(example.slice(1));
    need(i < atlas.n, `There is no held-out example ${example}; the last is @${atlas.n - 1}.`);
    return i;
  }

  // What the first model draws of a held-out example `@12`, as models see it.
  async picture(example) {
    const { model, atlas } = await this.open(this.first), i = await this.rowOf(example);
    return inputOf(model, Float32Array.from(model.decode(row(atlas.mean, i, model.latent))));
  }

  // What `work()` promises, worked out once for these words.
  once(words, work) {
    const key = [this.first, ...words].join(" ");
    if (!known.has(key)) known.set(key, work());
    known.get(key).catch(() => known.delete(key)); // another try may have more luck
    return known.get(key);
  }
}

// What a generator returns in the end, with rests for the page where it yields.
export async function ended(job) {
  for (let until = performance.now() + BUDGET; ;) {
    const { done, value } = job.next();
    if (done) return value;
    if (performance.now() < until) continue;
    await new Promise((resolve) => setTimeout(resolve));
    until = performance.now() + BUDGET;
  }
}
