// The class as its teacher's page sees it: what was sent, and what can be done with it. One for all pages of the
// tab.

import { actOn, hearRoom } from "../io/classroom.js";

export class Room {
  #pictures = new Map(); // by id, as they were sent
  #said = null; // the last event
  #listeners = new Set();
  isLost = false; // the app cannot be heard

  constructor(at) {
    this.at = at;
    hearRoom(at, (event) => this.#hear(event), (isLost) => this.#lose(isLost));
  }

  // [{id, pupil, name, model, z, x}, …] in the order in which they came; z is text, x base64.
  get pictures() {
    const { order = [], hidden = [] } = this.#said ?? {}, isHidden = new Set(hidden);
    return order.map((id) => ({ ...this.#pictures.get(id), hidden: isHidden.has(id) }));
  }

  // By step, as "1.3": how often each value was predicted, [[value, count], …].
  predictions(step) {
    return this.#said?.predictions[step] ?? [];
  }

  // {pupils, teachers, opens, over}, or null before the app was heard.
  get said() {
    return this.#said;
  }

  // One of the acts of vae/ui/routes/teacher.py.
  act(act, more = {}) {
    return actOn(this.at, { act, ...more });
  }

  // Returns what ends the listening.
  listen(act) {
    this.#listeners.add(act);
    return () => this.#listeners.delete(act);
  }

  #hear({ pictures, ...said }) {
    for (const picture of pictures) this.#pictures.set(picture.id, picture);
    for (const id of this.#pictures.keys()) if (!said.order.includes(id)) this.#pictures.delete(id);
    this.#said = said;
    this.#listeners.forEach((act) => act());
  }

  #lose(isLost) {
    if (this.isLost === isLost) return;
    this.isLost = isLost;
    this.#listeners.forEach((act) => act());
  }
}

let room = null;

// Null for all but the teacher of a class that is on.
export const roomOf = ({ classroom }) => (classroom?.teacher ? (room ??= new Room(classroom)) : null);
