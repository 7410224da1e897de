// Inputs for settings.

import { h, select } from "./dom.js";

// A whole number of the page's state, which changes as soon as it is one that is allowed.
export function createNumber({ history, follow }, name, words, { min, max }) {
  const input = h("input", { type: "number", min, max, step: 1, required: true, "aria-label": words,
    onchange: () => {
      if (input.reportValidity()) history.change({ [name]: input.valueAsNumber });
    } });
  const show = () => (input.value = history.now[name]);
  follow((why) => why === "settle" && show());
  show();
  return h("label", { class: "setting" }, h("span", { class: "quiet" }, words), input);
}

// One of a few values of the page's state: `choices` are [[value, words], …]; `also` changes with it.
export function createSelect({ history, follow }, name, words, choices, also = {}) {
  const change = (text) =>
    history.change({ ...also, [name]: choices.find(([value]) => String(value) === text)[0] });
  const element = select(words, choices.map(([value, said]) => [String(value), said]),
    String(history.now[name]), change);
  const input = element.querySelector("select");
  follow((why) => why === "settle" && (input.value = String(history.now[name])));
  return element;
}

// A field of a Python dataclass: {name, help, default, whole, min, max, choices}.
export function createInput({ name, help, default: usual, whole, min, max, choices }, value = usual) {
  const control = choices
    ? h("select", { name }, ...choices.map((c) => h("option", { value: c, selected: c === value }, c)))
    : typeof usual === "boolean"
      ? h("input", { name, type: "checkbox", checked: value })
      : h("input", { name, type: "number", value, min, max, required: true,
        step: whole ? 1 : "any" });
  return {
    name,
    control,
    read: () => {
      if (choices) return control.value;
      return typeof usual === "boolean" ? control.checked : control.valueAsNumber;
    },
    element: h("label", { title: help }, h("span", {}, name.replaceAll("_", " ")), control),
  };
}
