// One step of a lesson: its text, a prediction, what is to be done, the numbers once both are there, and a place
// for one's own words.

import { h } from "../widgets/dom.js";
import { elements } from "./nodes.js";
import { PREDICATES } from "./predicates.js";
import { createPrediction } from "./prediction.js";
import { isReady, record, stepOf } from "./progress.js";
import { createReveal } from "./reveal.js";

const LONGEST = 2000; // characters of one's own words

export class Step {
  // `changed()` hears of what is done.
  constructor({ lesson, i, lab, changed }) {
    Object.assign(this, { key: lesson.key, i, step: lesson.steps[i], lab, changed });
    const { title, words, predict, explain } = this.step, kept = stepOf(this.key, i);
    this.heading = h("h2", { tabindex: -1 }, title);
    this.place = h("div", {}); // of the numbers
    this.element = h("div", { class: "step" }, this.heading, ...elements(words, lab),
      predict ? createPrediction(predict, lab, kept.predicted, (predicted) => this.#record({ predicted })) : null,
      this.#createTask(), this.place, explain ? this.#createWords(explain, kept.words ?? "") : null);
    this.#record({ seen: true });
  }

  #createTask() {
    if (!this.step.do) return null;
    this.task = h("div", { class: "task", role: "status" }, ...elements(this.step.do.words, this.lab));
    return this.task;
  }

  #createWords(question, words) {
    return h("label", { class: "words" }, ...elements(question, this.lab), h("textarea", { rows: 3, maxlength: LONGEST,
      placeholder: "In your own words; it stays in this browser", oninput: ({ target }) =>
        record(this.key, this.i, { words: target.value }) }, words));
  }

  #record(changes) {
    record(this.key, this.i, changes);
    const kept = stepOf(this.key, this.i);
    this.task?.classList.toggle("done", kept.done === true);
    if (isReady(this.step, kept) && this.step.reveal && !this.place.firstChild) {
      this.place.append(createReveal(this.step, this.lab, kept.predicted));
    }
    this.changed();
  }

  // Whether what is to be done was done: `textsOf(field)` are the field's values since the step began.
  check(textsOf) {
    if (!this.step.do || stepOf(this.key, this.i).done) return;
    const [name, field, ...given] = this.step.do.predicate;
    if (PREDICATES[name](textsOf(field), ...given)) this.#record({ done: true });
  }
}
