// The examples that have a label, newest first; pressing one takes its label back.

import { exampleOf } from "../../core/origins.js";
import { h } from "../../widgets/dom.js";
import { createThumb } from "../../widgets/thumb.js";

export function createTray(bench, remove) {
  const { model, classes } = bench;
  const thumbs = h("div", { class: "thumbs" }), known = new Map();
  const clear = h("button", { type: "button", class: "clear",
    onclick: () => bench.history.change({ labels: [], skipped: [], chosen: null }) }, "Remove all");
  const none = h("p", { class: "quiet" }, "Your labels appear here; press one to take it back.");
  const element = h("section", { class: "card tray", "aria-label": "Your labels" },
    h("header", {}, h("h2", {}, "Your labels"), clear), none, thumbs);

  function thumbOf([row, k]) {
    const key = `${row}.${k}`, name = classes[k];
    if (!known.has(key)) {
      known.set(key, createThumb(model, { name, z: exampleOf(bench, row).z },
        `Take back the label ${name} of example ${bench.atlas.index[row]}`, () => remove(row)));
    }
    return known.get(key);
  }

  return {
    element,
    show({ labels }) {
      none.hidden = labels.length > 0;
      clear.hidden = !labels.length;
      thumbs.replaceChildren(...labels.map(thumbOf).reverse());
    },
  };
}
