// This browser as a pupil: the class it sends to, and the name it goes by, kept in this browser. One for all
// pages of the tab.

import { need, refusal } from "../core/errors.js";
import { askForRoom, sendPicture, sendPrediction } from "../io/classroom.js";
import { addressWith, asked, remember } from "../io/link.js";
import { createMemory } from "./memory.js";

const memory = createMemory("of a class");
const NO_CLASS = "The link leads to a class, and none is open here.";

// A word that nobody else has; no part of a person's name.
const newWord = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (v) => v.toString(16).padStart(2, "0")).join("");

class Pupil {
  #kept = { room: null, name: "", word: newWord(), ...memory.read("pupil", {}) };
  #listeners = new Set();

  constructor(at) {
    this.at = at;
    this.#keep({}); // a word that is new
  }

  // The room code; null where this browser is in no class.
  get room() {
    return this.#kept.room;
  }

  get name() {
    return this.#kept.name;
  }

  // Throws an InputError where there is no such room; then all is as it was.
  async join(code) {
    await this.check(code);
    this.#keep({ room: code.trim().toUpperCase() });
  }

  // The same, and joins nothing.
  check(code) {
    return askForRoom(this.at, code);
  }

  leave() {
    this.#keep({ room: null });
  }

  rename(name) {
    this.#keep({ name });
  }

  // {name of the model, z as text, x as base64} -> {count, most}
  async send({ model, z, x }) {
    need(this.room, "Enter the room code first: it is on the teacher's screen.");
    const { word, name } = this.#kept;
    return sendPicture(this.at, this.room, { pupil: word, name, model, z, x });
  }

  // `value` is a choice's place or a number, null for no idea.
  async predict(lesson, step, value) {
    if (this.room) await sendPrediction(this.at, this.room, { pupil: this.#kept.word, lesson, step, value });
  }

  // `act()` hears of another room. Returns what ends the listening.
  listen(act) {
    this.#listeners.add(act);
    return () => this.#listeners.delete(act);
  }

  #keep(changes) {
    this.#kept = { ...this.#kept, ...changes };
    memory.write("pupil", this.#kept);
    if ("room" in changes) this.#listeners.forEach((act) => act());
  }
}

let pupil = null;

// Null where no class is on.
export const pupilOf = ({ classroom }) => classroom && (pupil ??= new Pupil(classroom));

// What the link says of a class: its room is joined, and leaves the address.
export async function joinAsAsked({ pupil, notify }) {
  const code = new URLSearchParams(asked()).get("room");
  if (code === null) return;
  remember(addressWith({ room: null }));
  try {
    need(pupil, NO_CLASS);
    if (code) await pupil.join(code);
  } catch (error) {
    notify(refusal(error));
  }
}
