// How finely a code is coded.

import { h, help } from "../../widgets/dom.js";

export function createGrid({ history }) {
  const input = h("input", { type: "range", min: 2, max: 16, step: 1, "aria-label": "Grid of the code, bits for each number",
    oninput: () => history.move({ grid: input.valueAsNumber }), onchange: () => history.settle() });
  const value = h("output", {});
  const element = h("div", { class: "slider" }, h("span", {}, "Grid of the code"),
    help("the grid", "Each number of a code is rounded to one of so many intervals, all equally probable under the ",
      "prior. A coarse grid loses accuracy, and the pixels pay for it. A fine one costs more bits, but nearly as many ",
      "are got back: only the first picture of a file pays for it, as nothing lies below it to get back."),
    value, input);

  function show(bits) {
    input.value = bits;
    value.textContent = `${bits} bits a number`;
  }

  return { element, show };
}
