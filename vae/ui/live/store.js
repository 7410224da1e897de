// The code that is shown, and how it got there. Everything on the page follows this one state.

const KEPT = 200; // moves that can be undone

export function createStore(z, example = null) {
  const listeners = new Set();
  let now = { z, example }; // `example`: the atlas row it came from, if it did
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
    get example() {
      return now.example;
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
    move(z, example = now.example) {
      now = { z, example };
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
    go(z, example = null) {
      this.move(z, example);
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
