// The picture's style, which a conditional model keeps apart from its class: what else it would draw in
// this handwriting. The picture is encoded with its own guess of the class, or with the class that is given.

import { likeliest } from "../../core/blocks.js";
import { classNames } from "../../core/reading.js";
import { choice, optional, unlinked } from "../../io/schema.js";
import { toExplore } from "../../widgets/codeactions.js";
import { ClassRow } from "../../widgets/classrow.js";
import { h, help, select } from "../../widgets/dom.js";

const FRAME = 3; // ms of a frame that the pictures may take

// The class that a person gives, by its number; null for the model's guess.
export const classGiven = ({ model: { code } }) => (code.isConditional
  ? { ...optional(choice(Array.from({ length: code.choice.size }, (_, k) => k))), as: "class" }
  : unlinked(null));

export class Styles {
  #item = null; // the picture, the class given and the code of both that are shown
  #given = null;
  #z = null;

  constructor(bench) {
    const { model, history } = bench, block = model.code.choice;
    Object.assign(this, { model, block, history, names: classNames(block, bench) });
    this.row = new ClassRow({ model, block, names: this.names, title: (name) => `Open in Explore as ${name}`,
      choose: (k) => this.#z && toExplore(bench, model.code.withClass(this.#z, block, k)) });
    this.choice = select("read as", [["", ""], ...this.names.map((name, k) => [String(k), name])], "",
      (k) => history.change({ given: k === "" ? null : Number(k) }));
    this.element = h("section", { class: "styles", "aria-label": "The same style as each class" },
      h("p", { class: "quiet" }, "The same style as each class ", help("a style", ...ABOUT), " ", this.choice),
      this.row.element);
  }

  // In each frame; returns whether pictures are left for the next one.
  paint(item) {
    const { given } = this.history.now;
    if (item !== this.#item || given !== this.#given) this.#read(item, given);
    return this.#z !== null && this.row.paint(performance.now() + FRAME);
  }

  #read(item, given) {
    [this.#item, this.#given] = [item, given];
    this.element.classList.toggle("empty", !item);
    this.#z = item && this.#encode(item, given);
    const weights = item && this.block.of(item.mean ?? item.z), guess = item && likeliest(weights);
    if (item) this.row.show(this.#z, weights);
    this.row.press(item ? given ?? guess : null);
    const [own] = this.choice.querySelector("select").options;
    own.textContent = item ? `${this.names[guess]}, the model's guess` : "the model's guess";
    this.choice.querySelector("select").value = given ?? "";
  }

  // A code alone is in its style, whatever class is given.
  #encode({ x, z }, given) {
    if (given === null) return z;
    return x ? this.model.encode(x, given).mean : this.model.code.withClass(z, this.block, given);
  }
}

const ABOUT = ["The model learned with the class beside each picture. So its code has two parts: the class, and ",
  "numbers that say what pictures of all classes share, of digits the handwriting. Here those numbers are ",
  "decoded with each class. The percentage is how probable the class is to the encoder, q(y | x); the numbers ",
  "depend on the class that the picture is read as: the most probable, unless you say another."];
