// The same code as each class of a choice: a row of pictures, which are buttons, each marked as far as the
// weight of its class goes. They follow the code picture by picture, as many in a frame as fit.

import { h } from "./dom.js";
import { createPicture } from "./picture.js";

const percent = (weight) => (weight < 0.005 ? "\u00a0" : `${Math.round(100 * weight)} %`);

export class ClassRow {
  #z = null;
  #left = 0; // pictures that are not yet of the code
  #turn = 0; // the picture that is next

  // `names` are the classes' names; `choose(k)` hears of the one that is pressed, `title(name)` says what
  // that does.
  constructor({ model, block, names, title, choose }) {
    Object.assign(this, { model, block });
    this.pixels = new Float32Array(model.pixels);
    this.items = names.map((name, k) => this.#createItem(name, title(name), () => choose(k)));
    this.element = h("div", { class: "class-row", role: "group", "aria-label": block.name,
      style: `--classes: ${Math.min(names.length, 10)}` },
      ...this.items.map(({ button }) => button));
  }

  #createItem(name, title, act) {
    const picture = createPicture(this.model.image), weight = h("span", { class: "quiet" });
    const button = h("button", { type: "button", class: "thumb", title, onclick: act }, picture.canvas,
      h("span", { class: "class-name" }, name), weight);
    return { picture, button, weight };
  }

  // The code to draw, and the weight of each class.
  show(z, weights) {
    if (z === this.#z) return;
    this.#left = this.items.length;
    this.#z = z;
    for (const [k, { button, weight }] of this.items.entries()) {
      button.style.setProperty("--weight", weights[k]);
      weight.textContent = percent(weights[k]);
    }
  }

  // The class whose button is pressed, or none.
  press(k) {
    this.items.forEach(({ button }, i) => button.setAttribute("aria-pressed", String(i === k)));
  }

  // Until `until`, ms; returns whether pictures are left for the next frame.
  paint(until) {
    const { model, block, items, pixels } = this;
    for (; this.#left && performance.now() < until; this.#left--) {
      const k = this.#turn++ % items.length;
      items[k].picture.paint(model.decode(model.code.withClass(this.#z, block, k), pixels));
    }
    return this.#left > 0;
  }
}
