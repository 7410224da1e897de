// How finely a code is coded.

import { FINEST } from "../../core/bits/codecs.js";
import { h, help } from "../../widgets/dom.js";

export function createGrid({ history }) {
  const input = h("input", { type: "range", min: 0, max: FINEST, step: 1, "aria-label": "Grid of the code",
    oninput: () => history.move({ grid: input.valueAsNumber }), onchange: () => history.settle() });
  const value = h("output", {});
  const element = h("div", { class: "slider" }, h("span", {}, "Grid of the code"),
    help("the grid", "Each number of a code is rounded to a multiple of this share of the prior's standard deviation. ",
      "Steps wider than the posteriors lose accuracy, and the pixels pay for it. Finer ones cost more bits, but as many ",
      "are got back: only the first picture of a file pays for them, as nothing lies below it. At first it is the grid ",
      "on which a chain of so many pictures is cheapest, by the widths of the model's posteriors."),
    value, input);

  function show(bits) {
    input.value = bits;
    value.textContent = bits ? `steps of 1/${2 ** bits}` : "steps of 1";
    input.setAttribute("aria-valuetext", value.textContent);
  }

  return { element, show };
}
