// The code that is shown, and how it got there. Everything on the page follows this one state.

const KEPT = 200; // moves that can be undone

// `source` is the picture that a code came from, if it did: {words, mean, scale, example}, with its
// posterior and, for a held-out example, its row of the atlas.
export function createStore(z, source = null) {
  const listeners = new Set();
  let now = { z, source };
  let preview = null;
  let past = [now];
  let at = 0;

  const tell = (why) => listeners.forEach((listen) => listen(why));
  return {
    get shown() {
      return preview ?? now.z;
    },
    get z() {
      return now.z;
    },
    get source() {
      return now.source;
    },
    get previewing() {
      return preview !== null;
    },
    get canUndo() {
      return at > 0;
    },
    get canRedo() {
      return at < past.length - 1;
    },
    // While the hand moves: not yet something to undo.
    move(z, source = now.source) {
      now = { z, source };
      preview = null;
      tell("move");
    },
    // The hand has let go.
    settle() {
      if (past[at] === now) return;
      past = [...past.slice(0, at + 1), now].slice(-KEPT);
      at = past.length - 1;
      tell("settle");
    },
    go(z, source = null) {
      this.move(z, source);
      this.settle();
    },
    // Look without leaving: null restores what was there.
    look(z) {
      if (z === preview) return;
      preview = z;
      tell("look");
    },
    undo() {
      if (at > 0) step(at - 1);
    },
    redo() {
      if (at < past.length - 1) step(at + 1);
    },
    listen(listener) {
      listeners.add(listener);
    },
  };

  function step(to) {
    at = to;
    now = past[at];
    preview = null;
    tell("settle");
  }
}
