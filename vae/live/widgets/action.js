// A button with a sign; its name is read aloud and shown as its title. Where there is room its `word`, with
// which the name begins, is shown too.

import { h } from "./dom.js";
import { icon } from "./icons.js";

export function action(sign, name, act, word = "") {
  const button = h("button", { type: "button", class: `action do-${sign}`, title: name,
    "aria-label": name, onclick: () => act(button) }, icon(sign),
    word && h("span", { class: "word" }, word));
  return button;
}
