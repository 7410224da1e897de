// Inputs for settings.

import { h } from "./dom.js";

// A whole number of `settings`, kept there as soon as it is one that is allowed.
export const createNumber = (settings, name, min, max) => h("label", {}, h("span", {}, name),
  h("input", { type: "number", min, max, step: 1, value: settings[name], onchange: ({ target }) => {
    if (target.reportValidity()) settings[name] = target.valueAsNumber;
  } }));

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
