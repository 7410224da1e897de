// A slider with its name, its value and a sentence of help.
// `move(value)` is called while the hand moves, `settle()` when it has let go.

import { h, help } from "./dom.js";

export function createSlider({ label, range: [min, max], move, settle, about }) {
  const value = h("output", {});
  const input = h("input", { type: "range", min, max, step: 0.01, "aria-label": label,
    oninput: () => move(input.valueAsNumber), onchange: settle });
  const show = (v) => {
    input.value = v;
    value.textContent = v.toFixed(2);
  };
  return { show, input, element: h("div", { class: "slider" }, h("span", {}, label),
    help(label, ...about), value, input) };
}
