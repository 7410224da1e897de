// A dialog in front of the page. Escape, a press outside and its own buttons close it, and the focus goes
// back to where it was.

import { h } from "./dom.js";

export function createDialog(attributes, ...content) {
  const dialog = h("dialog", { ...attributes, onclick: (event) => isOutside(dialog, event) && dialog.close() },
    ...content);
  return dialog;
}

// The ground behind a dialog counts as the dialog itself.
function isOutside(dialog, { target, clientX, clientY }) {
  if (target !== dialog) return false;
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}
