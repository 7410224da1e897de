// A page's state through time: one plain object, replaced at each change and never altered.
//
//     history.move({ t: 0.4 });      // while the hand moves: on the screen, not yet a step
//     history.settle();              // it has let go: one step to undo
//     history.change({ film: true }) // both at once
//     history.look({ code });        // a preview; look(null) restores what was there
//
// The link, undo and redo, coming back to a page, a lesson and a test all read and set this state.

const STEPS = 200; // that can be undone

export class History {
  #listeners = new Set();
  #past;
  #at = 0;
  #now;
  #preview = null;

  constructor(state) {
    this.#now = state;
    this.#past = [state];
  }

  // Without the preview.
  get now() {
    return this.#now;
  }

  // What is on the screen.
  get shown() {
    return this.#preview ?? this.#now;
  }

  get previewing() {
    return this.#preview !== null;
  }

  get canUndo() {
    return this.#at > 0;
  }

  get canRedo() {
    return this.#at < this.#past.length - 1;
  }

  move(changes) {
    this.#now = { ...this.#now, ...changes };
    this.#preview = null;
    this.#tell("move");
  }

  settle() {
    if (this.#past[this.#at] === this.#now) return;
    this.#past = [...this.#past.slice(0, this.#at + 1), this.#now].slice(-STEPS);
    this.#at = this.#past.length - 1;
    this.#tell("settle");
  }

  change(changes) {
    this.move(changes);
    this.settle();
  }

  look(changes) {
    if (changes === null && !this.previewing) return;
    this.#preview = changes && { ...this.#now, ...changes };
    this.#tell("look");
  }

  undo() {
    if (this.canUndo) this.#step(this.#at - 1);
  }

  redo() {
    if (this.canRedo) this.#step(this.#at + 1);
  }

  // `listener(why)` is called after each change: "move", "settle" or "look". Returns what ends that.
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #step(to) {
    this.#at = to;
    this.#now = this.#past[to];
    this.#preview = null;
    this.#tell("settle");
  }

  #tell(why) {
    this.#listeners.forEach((listener) => listener(why));
  }
}

// The histories of this tab, by page and model, so that who comes back to a page finds it as it was.
export const histories = new Map();

// One picture of the state, {z, name, …}, as what maps, sliders and grids lead from code to code.
export function pictureIn(history, field) {
  return {
    get shown() {
      return history.shown[field].z;
    },
    get z() {
      return history.now[field].z;
    },
    get picture() {
      return history.now[field];
    },
    get previewing() {
      return history.previewing;
    },
    look: (z) => history.look(z && { [field]: { z, name: "a preview" } }),
    move: (picture) => history.move({ [field]: picture }),
    settle: () => history.settle(),
    go: (picture) => history.change({ [field]: picture }),
  };
}
