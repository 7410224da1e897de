// Keys of a page, and the list of them as a dialog.

import { createDialog } from "./dialog.js";
import { h } from "./dom.js";

const typing = (element) =>
  (element.closest?.("input:not([type=range]), select, textarea, dialog") ?? null) !== null;

// `list` is [["Z  Y", "undo, redo"], …], `acts` {z: act, …}. Returns {dialog, press}: `press` takes the
// keydown events.
export function createKeys(list, acts) {
  const dialog = createDialog({ class: "keys", "aria-label": "Keys" }, h("h2", {}, "Keys"),
    h("dl", {}, ...list.flatMap(([key, what]) => [h("dt", {}, key), h("dd", {}, what)])),
    h("form", { method: "dialog" }, h("button", {}, "Close")));
  const all = { "?": () => dialog.showModal(), ...acts };

  function press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const act = all[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  }

  return { dialog, press };
}
