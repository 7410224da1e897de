// Where the pointer or the keys of a sheet point: a cross that stays at its place while the sheet moves.

import { createCross } from "./cross.js";

// `codeAt(pixel)` is the code there, or null; `look(z or null)` and `choose(z)` hear of it.
export class Aim {
  #cross = createCross();
  #place = null; // under the cross

  constructor({ camera, codeAt, look, choose }) {
    Object.assign(this, { camera, codeAt, look, choose, element: this.#cross.element });
  }

  get place() {
    return this.#place;
  }

  get #pixel() {
    return this.#place && this.camera.toPixel(this.#place);
  }

  // Puts the cross where its place lies now.
  put() {
    this.#cross.put(this.#pixel);
  }

  #set(place, z) {
    this.#place = place;
    this.put();
    this.look(z);
  }

  at(pixel) {
    this.#set(this.camera.toPlace(pixel), this.codeAt(pixel));
  }

  leave() {
    this.#set(null, null);
  }

  // At a pixel; without one, under the cross or in the middle.
  press(pixel = this.#pixel ?? this.camera.middle()) {
    const z = this.codeAt(pixel);
    if (z) this.choose(z);
  }
}
