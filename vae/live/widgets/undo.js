// Undo and redo of a store, as buttons and as keys.
// `show()` says whether there is anything to undo or redo.

import { action } from "./action.js";

export function createUndo(store) {
  const undo = action("undo", "Undo (Z)", () => store.undo());
  const redo = action("redo", "Redo (Y)", () => store.redo());
  return {
    buttons: [undo, redo],
    keys: { z: () => store.undo(), y: () => store.redo() },
    show() {
      undo.disabled = !store.canUndo;
      redo.disabled = !store.canRedo;
    },
  };
}
