// The picture in use, as the parts of the page read it: one of your pictures, or what is on the pad.

import { read, recognise } from "../../state/pictures.js";
import { DRAWING } from "./steps.js";

const LARGE = 4e6; // multiply-accumulates of a decode: the eight of a price no longer fit into a frame

export class InUse {
  #drawn = null; // what is on the pad, for this version of it and this refinement
  #version = -1;
  #refined = null;

  constructor({ model, history }, pad) {
    Object.assign(this, { model, history, pad });
  }

  // One of your pictures, or null.
  get picture() {
    const { pictures, use } = this.history.now;
    return pictures.find(({ id }) => id === use) ?? null;
  }

  // {name, kind, x, mean, scale, z, rate, distortion, refined, …}, or null.
  get item() {
    return this.history.now.use === DRAWING ? this.#drawing() : this.picture;
  }

  // The same once the hand rests: of a drawing its marks are known, and its price, which waits where the
  // decoder is large.
  get atRest() {
    const { item } = this;
    if (!item?.x || item === this.picture || "looks" in item) return item;
    const price = "surprise" in item ? {} : this.model.surprise(item.x);
    return (this.#drawn = { ...item, ...price, looks: this.pad.looks() });
  }

  #drawing() {
    const { refined } = this.history.now.drawing;
    if (this.#version !== this.pad.version || this.#refined !== refined) {
      [this.#version, this.#refined] = [this.pad.version, refined];
      this.#drawn = this.#read(this.pad.x(), refined);
    }
    return this.#drawn;
  }

  #read(x, refined) {
    const see = this.model.macs > LARGE ? recognise : read;
    const item = x && { ...see(this.model, x), name: "drawing", kind: "drawing", x, notes: [], refined };
    return refined?.used && item ? { ...item, z: refined.mean } : item;
  }
}
