// What was sent to the class, as this page's model reads it.

import { refusal } from "../../core/errors.js";
import { stacked } from "../../core/latent.js";
import { unpack } from "../../state/pictures.js";

export class Sent {
  #read = new Map(); // by id
  all = []; // of this model: [{id, pupil, name, z, x, hidden}, …]
  elsewhere = []; // of other models, as state/room.js has them

  constructor(bench) {
    this.bench = bench;
  }

  // What may be seen, in the order in which it came.
  get shown() {
    return this.all.filter(({ hidden }) => !hidden);
  }

  get hidden() {
    return this.all.filter(({ hidden }) => hidden);
  }

  // By its id; null where it is gone, or hidden.
  find = (id) => this.shown.find((one) => one.id === id) ?? null;

  // Of what is in the room now.
  read() {
    const { room, data } = this.bench, own = room.pictures.filter(({ model }) => model === data.model);
    this.elsewhere = room.pictures.filter(({ model }) => model !== data.model);
    this.all = own.map((picture) => ({ ...picture, ...this.#once(picture) })).filter(({ z }) => z);
    for (const id of this.#read.keys()) if (!own.some((one) => one.id === id)) this.#read.delete(id);
  }

  #once({ id, z, x, name }) {
    if (!this.#read.has(id)) this.#read.set(id, this.#parsed(z, x, name));
    return this.#read.get(id);
  }

  #parsed(z, x, name) {
    try {
      return { z: this.bench.model.code.parse(z), x: unpack(x) };
    } catch (error) {
      this.bench.notify(`What ${name || "somebody"} sent cannot be shown: ${refusal(error)}`);
      return { z: null, x: null };
    }
  }

  // The mean of the codes, and that of the pixels; null where nothing is shown.
  mean() {
    const { shown, bench: { model } } = this;
    if (!shown.length) return null;
    return { z: model.code.normalized(meanOf(shown.map(({ z }) => z))), x: meanOf(shown.map(({ x }) => x)) };
  }
}

export function meanOf(rows) {
  const d = rows[0].length, all = stacked(rows, d);
  return Float32Array.from({ length: d }, (_, j) => {
    let sum = 0;
    for (let i = j; i < all.length; i += d) sum += all[i];
    return sum / rows.length;
  });
}
