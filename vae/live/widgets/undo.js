// Undo and redo of a page's history, as buttons and as keys.

import { action } from "./action.js";

export function createUndo(history) {
  const undo = action("undo", "Undo (Z)", () => history.undo());
  const redo = action("redo", "Redo (Y)", () => history.redo());

  function show() {
    undo.disabled = !history.canUndo;
    redo.disabled = !history.canRedo;
  }

  show();
  return { buttons: [undo, redo], keys: { z: () => history.undo(), y: () => history.redo() }, show };
}
