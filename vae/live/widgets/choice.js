// One of a few things, as a row of buttons of which one is pressed.
// `choices` are [[key, word, …], …]; each button carries its key as `data-<name>`.

import { h } from "./dom.js";

export function createChoice({ name, label, kind = "sources", choices, choose }) {
  const element = h("nav", { class: kind, "aria-label": label }, ...choices.map(([key, ...words]) =>
    h("button", { type: "button", [`data-${name}`]: key, onclick: () => choose(key) }, ...words)));

  function show(key) {
    for (const button of element.children) {
      button.setAttribute("aria-pressed", String(button.dataset[name] === key));
    }
  }

  return { element, show };
}
