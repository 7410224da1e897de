// Sentences above a page that a person can dismiss.

import { h } from "./dom.js";

export function createNotices() {
  const element = h("div", { class: "notices", "aria-live": "polite" });

  function notify(text) {
    const note = h("p", { class: "notice" }, text,
      h("button", { type: "button", class: "plain", "aria-label": "Dismiss",
        onclick: () => note.remove() }, "×"));
    element.append(note);
  }

  return { element, notify };
}
