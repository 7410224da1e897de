// Traversals as a part of the page Sheet: the picture that they start from, the rows, and what can
// be taken along.

import { h } from "../../widgets/dom.js";
import { norm } from "../../core/latent.js";
import { createPick } from "../../widgets/picker.js";
import { createTraversals } from "./traversals.js";
import { createTraversalTake } from "./traversaldownloads.js";

// `base` is the picture to start from; `changed(settings)`, `wake()` and `link()` are the page's.
export function createTraversalPanel({ bench, store, settings, base, changed, wake, link }) {
  const { model, atlas, idle } = bench;
  const traversals = createTraversals({ model, atlas, idle, settings, changed, wake,
    look: (z) => store.look(z), choose: (z) => store.go(z, { words: "a traversal" }) });
  const pick = createPick({ bench, label: "around", picked: base, change: from });
  const element = h("div", { class: "part" },
    h("div", { class: "row" }, pick.element, traversals.controls), traversals.element,
    createTraversalTake({ bench, traversals, base: () => pick.picked.z, link }));

  function from(picked) {
    pick.show(picked);
    traversals.from(picked.z);
    changed();
  }

  return {
    element, from, open: () => traversals.from(base.z), paint: traversals.paint,
    play: () => traversals.play.click(),
    stop: () => traversals.playing && traversals.stop(),
    // The code that they start from; null for the origin.
    get base() {
      return norm(pick.picked.z) ? pick.picked.z : null;
    },
  };
}
