// The two ends of a walk, and how far along it every model is.

import { h } from "../../widgets/dom.js";
import { createPick } from "../../widgets/picker.js";
import { createSlider } from "../../widgets/slider.js";
import { inputOf } from "./reading.js";

export class Ends {
  #ends = null; // the state's, and as inputs
  #inputs = null;

  constructor(bench) {
    Object.assign(this, { bench, history: bench.history });
    this.picks = ["A", "B"].map((label, i) => createPick({ bench, label, picked: this.history.now.ends[i],
      change: (next) => this.history.change({ ends: this.history.now.ends.with(i, next) }) }));
    this.scrubber = createSlider({ label: "from A to B", range: [0, 1], move: (t) => this.history.move({ t }),
      settle: () => this.history.settle(), about: ["Each model goes straight from its own code of A to its own code ",
        "of B; all of them are as far along."] });
    this.element = h("section", { class: "card", "aria-label": "Walk" },
      h("div", { class: "row" }, ...this.picks.map(({ element }) => element)), this.scrubber.element);
  }

  show() {
    this.scrubber.show(this.history.now.t);
  }

  settle() {
    const { ends } = this.history.now;
    this.picks.forEach((pick, i) => pick.picked !== ends[i] && pick.show(ends[i]));
  }

  get inputs() {
    const { ends } = this.history.now;
    if (this.#ends !== ends) this.#inputs = (this.#ends = ends).map((one) => inputOf(this.bench, one));
    return this.#inputs;
  }
}
