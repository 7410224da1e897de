// Inputs for the settings of a Python dataclass: {name, help, default, whole, min, max, choices}.

import { h } from "./dom.js";

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
