// The machine by itself: step by step in slow motion, or with another noise again and again.

import { anySeed } from "../../core/random.js";
import { h } from "../../widgets/dom.js";

const SLOW = 800, ROLL = 250; // ms

export class Playing {
  #timer = 0;
  #mode = null;

  constructor({ history, closing, model }, parts) {
    Object.assign(this, { history, parts });
    const button = (words, attributes, act) => h("button", { type: "button", ...attributes, onclick: act }, words);
    this.slow = button("Slow motion", { class: "do-slow" }, () => this.#toggle("slow"));
    this.roll = button("Keep rolling ε", { class: "do-keep-rolling" }, () => this.#toggle("roll"));
    this.steps = [
      button("◀", { "aria-label": "One step back", title: "One step back (,)" }, () => this.by(-1)),
      button("▶", { "aria-label": "One step on", title: "One step on (.)" }, () => this.by(1)),
      button("All", { title: "All of the machine" }, () => this.history.change({ step: null }))];
    this.element = h("div", { class: "row" }, ...this.steps, this.slow, ...(model.code.hasRate ? [
      button("Roll ε", { class: "do-roll", title: "Another noise (E)" }, () => this.rollOnce()), this.roll,
      button("ε = 0", { title: "No noise: z = μ" }, () => this.history.change({ noise: Array(model.code.size).fill(0) }))] : []));
    closing(() => this.stop());
    this.#show();
  }

  rollOnce() {
    this.history.change({ seed: anySeed(), noise: null });
  }

  // Other parts of the machine are reached, each at its end.
  by(steps) {
    this.stop();
    this.history.change({ step: this.#after(steps) });
  }

  #after(steps) {
    const { step } = this.history.now, last = this.parts.length;
    const next = Math.max(1, (step ?? (steps > 0 ? 0 : last)) + steps);
    return next >= last ? null : next;
  }

  #toggle(mode) {
    const before = this.#mode;
    this.stop();
    if (before === mode) return;
    this.#mode = mode;
    this.#show();
    this.#timer = setInterval(() => this.#next(), mode === "slow" ? SLOW : ROLL);
    this.#next();
  }

  #next() {
    if (this.#mode === "roll") return this.history.move({ seed: anySeed(), noise: null });
    const step = this.#after(1);
    this.history.move({ step });
    if (step === null) this.stop();
  }

  stop() {
    if (!this.#mode) return;
    clearInterval(this.#timer);
    this.#mode = null;
    this.history.settle();
    this.#show();
  }

  #show() {
    this.slow.setAttribute("aria-pressed", String(this.#mode === "slow"));
    this.roll.setAttribute("aria-pressed", String(this.#mode === "roll"));
  }
}
