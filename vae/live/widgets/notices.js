// Sentences at the edge of the page. Each leaves by itself, unless it is under the hand or has the
// focus, and can be dismissed.

import { lines } from "../io/client.js";
import { h } from "./dom.js";

const LEAST = 10_000, LETTER = 60; // ms that a sentence stays: in all, and for each letter

export function createNotices() {
  const element = h("div", { class: "notices", "aria-live": "polite" });

  // One that `stays` is to be worked with, and leaves only when it is dismissed.
  function notify(text, { stays = false } = {}) {
    const note = h("p", { class: "notice" }, text,
      h("button", { type: "button", class: "plain", "aria-label": "Dismiss",
        onclick: () => note.remove() }, "×"));
    element.append(note);
    if (!stays) removeLater(note, LEAST + LETTER * text.length);
  }

  return { element, notify };
}

// After `time` ms in which nobody points at it or has the focus on it, and the page is in view.
function removeLater(note, time) {
  let timer = 0;
  const hold = () => clearTimeout(timer);
  const begin = () => {
    hold();
    timer = setTimeout(() => (document.hidden ? begin() : note.remove()), time);
  };
  for (const name of ["pointerenter", "focusin"]) note.addEventListener(name, hold);
  for (const name of ["pointerleave", "focusout"]) note.addEventListener(name, begin);
  begin();
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
