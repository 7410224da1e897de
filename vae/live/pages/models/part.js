// What the parts of the page have in common. A part is {element, show(), settle(), other(), paint(now)}: it
// follows a moving hand, a settled step, the wish for something else, and a frame, which says whether there
// is more to do.

import { h } from "../../widgets/dom.js";

export const BUDGET = 8; // ms of a frame
export const STILL = { show() {}, settle() {}, other() {}, paint: () => false };

// A part that only says why it has nothing to show.
export const createMessage = (label, ...words) => ({ ...STILL, element: h("div", { class: "part" },
  h("section", { class: "card", "aria-label": label }, h("p", {}, ...words))) });
