// Where measures are taken: the models by their names, and pictures that the lesson's first model draws.

import { row } from "../core/latent.js";
import { inputOf } from "../core/machine.js";
import { need } from "../core/errors.js";
import { openModel } from "../state/models.js";
import { MEASURES } from "./measures.js";

export class Lab {
  // `listed` are the models that the page knows, {name, files}; `first` is the name of the one that draws.
  constructor(listed, first) {
    Object.assign(this, { listed, first });
  }

  // {model, atlas, …}, as state/models.js has it.
  async open(name) {
    const entry = this.listed.find((one) => one.name === name);
    need(entry, `This number needs the model “${name}”, which is not here.`);
    return openModel(entry.files);
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
}

const known = new Map(); // what was measured in this tab -> its promise

// -> the promise of {value, text}
export function measure(lab, name, ...given) {
  const key = [lab.first, name, ...given].join(" "), { of, say } = MEASURES[name];
  if (!known.has(key)) known.set(key, of(lab, ...given).then((value) => ({ value, text: say(value) })));
  known.get(key).catch(() => known.delete(key));
  return known.get(key);
}
