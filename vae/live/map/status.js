// Says in words where the current code lies, as the name of the map's stage.

import { describe } from "./words.js";

const REST = 200; // ms without a move after which it is said

export class Status {
  #shown = null; // the current code
  #resting = 0;

  // `map()` is the name of the map on show; a map that `leads` is one to point at.
  constructor({ bench, layout, stage, leads, map }) {
    Object.assign(this, { bench, layout, stage, leads, map });
  }

  get shown() {
    return this.#shown;
  }

  show(z) {
    this.#shown = z;
    this.stop();
    this.#resting = setTimeout(() => this.say(), REST);
  }

  // `pointed` is the place that keys point at, or null.
  say(pointed = null) {
    const { bench, layout, leads } = this;
    this.stop();
    this.stage.setAttribute("aria-label",
      describe({ bench, layout, map: this.map(), shown: this.#shown, pointed, leads }));
  }

  stop() {
    clearTimeout(this.#resting);
  }
}
