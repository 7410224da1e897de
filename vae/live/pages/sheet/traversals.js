// Traversals: what each dimension does alone, as rows of pictures and as a movement. The rows stand in
// the order of their rate; the dimensions that the model does not use are folded away.

import { readDims } from "../../core/reading.js";
import { h } from "../../widgets/dom.js";
import { Row } from "./row.js";
import { Swing } from "./swing.js";

export class Traversals {
  #drawn = {}; // the state that the rows show

  // `code` is the picture in use, which the rows lead to.
  constructor({ bench, code, wake }) {
    const { model, atlas, idle, history } = bench;
    Object.assign(this, { idle, state: () => history.now });
    Object.assign(this, readDims(atlas, model.code)); // rates, live, dead
    const rowsOf = (dims) => dims.map((j) => new Row({ model, j, rate: this.rates?.[j], code,
      state: this.state, playing: () => this.swing.playing }));
    this.used = rowsOf(this.live);
    const unused = rowsOf(this.dead);
    this.rows = [...this.used, ...unused];
    this.swing = new Swing({ rows: this.used, state: this.state, wake });
    this.folded = unused.length ? h("details", { ontoggle: () => this.#draw() },
      h("summary", {}, `${unused.length} unused`), figure(unused)) : null;
    this.element = h("div", { class: "traversals" }, figure(this.used), this.folded);
  }

  // The state has changed.
  show() {
    const { base, range, columns, movement } = this.state(), before = this.#drawn;
    this.#drawn = { base, range, columns, movement };
    if (base !== before.base || movement !== before.movement) this.#rest();
    if (base !== before.base || range !== before.range || columns !== before.columns) this.#draw();
  }

  #rest() {
    this.rows.forEach((row) => row.rest());
    this.swing.rest();
  }

  #draw() {
    this.rows.forEach((row) => row.measure());
    this.element.setAttribute("aria-busy", "true");
    this.idle.put("traversals", this.#work());
  }

  * #work() {
    for (const row of this.folded?.open ? this.rows : this.used) yield* row.draw();
    this.element.setAttribute("aria-busy", "false");
  }
}

const figure = (rows) => h("div", { class: "figure" }, ...rows.map(({ element }) => element));
