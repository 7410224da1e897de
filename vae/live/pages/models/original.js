// A picture that was chosen, itself. A bundle has no pixels of its examples: where the data set is on this
// computer they come from Python, later.

import { refusal } from "../../core/errors.js";
import { postJson } from "../../io/client.js";
import { unpack } from "../../state/pictures.js";
import { h } from "../../widgets/dom.js";
import { createPicture } from "../../widgets/picture.js";

const ABOUT_EXAMPLE = "Of a held-out example each model shows its own code, with the measured figures.";
const absentWords = (title) => `A bundle has the codes of examples, not their pixels, and ${title} is not on this ` +
  "computer: so the picture itself and the differences are not shown.";

export class Original {
  now = null; // the input, with its pixels as soon as they are there

  // `model` names the one whose examples are asked for, `image` is their shape.
  constructor({ bench, image, wake, model }) {
    Object.assign(this, { bench, wake, model });
    this.picture = createPicture(image, { "aria-label": "The picture itself" });
    this.canvas = this.picture.canvas;
    this.words = h("p", { class: "quiet", role: "status" });
  }

  show(input) {
    this.now = input;
    this.canvas.hidden = !input.x;
    if (input.x) this.picture.paint(input.x);
    this.words.textContent = input.x ? "" : ABOUT_EXAMPLE;
    if (!input.x) this.#fetch(input);
  }

  async #fetch(input) {
    const x = await this.#pixelsOf(input);
    if (this.now !== input) return; // another picture is in use by now
    if (!x) return (this.words.textContent = `${ABOUT_EXAMPLE} ${absentWords(input.title)}`);
    this.now = { ...input, original: x };
    this.picture.paint(x);
    this.canvas.hidden = false;
    this.wake();
  }

  async #pixelsOf({ index }) {
    try {
      const { x } = await postJson(`${this.bench.ask("examples", this.model)}?index=${index}`);
      return x && unpack(x);
    } catch (error) {
      this.bench.notify(refusal(error));
      return null;
    }
  }
}
