// Sentences above a page that a person can dismiss.

import { lines } from "../io/client.js";
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

// Says in `notices` which place a request has in line, as long as it waits; returns what ends that.
export function showPlace(notices) {
  const note = h("p", { class: "notice" });
  function show({ detail: { place } }) {
    if (place) notices.append(note);
    else note.remove();
    note.textContent = `Python is busy with other requests: yours is number ${place} in line.`;
  }
  lines.addEventListener("place", show);
  return () => lines.removeEventListener("place", show);
}
