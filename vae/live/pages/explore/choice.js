// A choice of the code as buttons, one for each class; each is filled as far as its weight goes.

import { h } from "../../widgets/dom.js";

export class Choice {
  // `labels` are the classes' names; `choose(k)` hears of the one that is pressed.
  constructor({ block, labels, choose }) {
    this.block = block;
    this.buttons = labels.map((label, k) =>
      h("button", { type: "button", class: "class", onclick: () => choose(k) }, label));
    this.element = h("div", { class: "choice-block", role: "group", "aria-label": block.name },
      h("span", { class: "name" }, block.name), ...this.buttons);
  }

  show(z) {
    const weights = this.block.of(z);
    for (const [k, button] of this.buttons.entries()) {
      button.setAttribute("aria-pressed", String(weights[k] === 1));
      button.title = `weight ${weights[k].toFixed(2)}`;
      button.style.setProperty("--weight", weights[k]);
    }
  }
}
