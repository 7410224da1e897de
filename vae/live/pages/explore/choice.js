// A choice of the code as buttons, one for each class, with what the decoder draws of the code as that class.

import { classNames } from "../../core/reading.js";
import { h, help } from "../../widgets/dom.js";
import { ClassRow } from "../../widgets/classrow.js";

const FRAME = 3; // ms of a frame that its pictures may take

export class Choice {
  // `choose(k)` hears of the class that is taken.
  constructor({ bench, block, choose }) {
    const { model } = bench;
    Object.assign(this, { block, choose });
    this.row = new ClassRow({ model, block, names: classNames(block, bench), choose,
      title: (name) => `The same code as ${name}` });
    this.element = h("div", { class: "choice-block" },
      h("p", {}, h("span", { class: "name" }, block.name), " ",
        help(`the ${block.name}`, ...aboutOf(model.code))), this.row.element);
  }

  show(z) {
    const weights = this.block.of(z);
    this.row.show(z, weights);
    this.row.press(weights.indexOf(1));
  }

  // Returns whether pictures are left for the next frame.
  paint() {
    return this.row.paint(performance.now() + FRAME);
  }
}

const aboutOf = ({ isConditional }) => ["Each picture is your code with another class and all else as it is. ",
  isConditional ? "The model learned with the class beside each picture, so the numbers below say what pictures " +
    "of all classes share: of digits, the handwriting. " : "",
  "Press one (keys 0 to 9) to take it. Between classes, as on a path, each has a weight."];
