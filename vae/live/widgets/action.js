// A button with a sign instead of words; its name is read aloud and shown as its title.

import { h } from "./dom.js";
import { icon } from "./icons.js";

export function action(sign, name, act) {
  const button = h("button", { type: "button", class: `action do-${sign}`, title: name,
    "aria-label": name, onclick: () => act(button) }, icon(sign));
  return button;
}
