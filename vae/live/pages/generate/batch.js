// The codes that the grid shows: those that the state asks for, drawn anew when it asks for others.

import { originOf } from "../../core/origins.js";
import { SPREADS, newCodes, variations } from "./codes.js";
import { SOURCES } from "./sources.js";

export class Batch {
  codes = [];
  #of = null; // the state and the source that they were drawn for
  #by = null;

  constructor({ model }, sources) {
    Object.assign(this, { model, sources });
  }

  // Whether there are other codes now. As long as their source is not there, the old ones stay.
  draw(now) {
    const source = this.sources.of(now);
    if ((this.#of === now && this.#by === source) || (!source && !now.centre)) return false;
    [this.#of, this.#by] = [now, source];
    this.codes = now.centre ? variations(now, SPREADS[now.spread].scale(this.model, now.centre.z),
      this.model.code)
      : newCodes(now, source);
    return true;
  }

  get side() {
    return this.#of.side;
  }

  get centred() {
    return this.#of.centre !== null;
  }

  get words() {
    const { centre, radius, source } = this.#of;
    return centre ? `Variations of ${centre.name}, radius ${radius}`
      : `New pictures from ${SOURCES[source].name}`;
  }

  // Picture i, {z, name, …}.
  at(i) {
    if (!this.#of) return originOf(this);
    const { centre, seed } = this.#of;
    if (centre && i === 0) return centre;
    return { z: this.codes[i], name: centre ? `variation ${i}, seed ${seed}` : `new ${i + 1}, seed ${seed}` };
  }

  captionOf(i) {
    const centre = this.#of?.centre;
    return centre && i === 0 ? `these are variations of ${centre.name}`
      : `picture ${i + 1} of ${this.codes.length}`;
  }
}
