// One step of a lesson: its text, a prediction, what is to be done, the numbers once both are there, and a place
// for one's own words.

import { refusal } from "../core/errors.js";
import { h } from "../widgets/dom.js";
import { ClassCount, count, createNote } from "./classcount.js";
import { elements } from "./nodes.js";
import { placeText } from "./place.js";
import { PREDICATES } from "./predicates.js";
import { createPrediction } from "./prediction.js";
import { isReady, record, stepOf } from "./progress.js";
import { createReveal } from "./reveal.js";

const LONGEST = 2000; // characters of one's own words

export class Step {
  // `changed()` hears of what is done; `bench` has the class, where one is on.
  constructor({ lesson, i, lab, bench, changed }) {
    Object.assign(this, { key: lesson.key, i, step: lesson.steps[i], lab, bench, changed });
    const { title, words, predict } = this.step, kept = stepOf(this.key, i);
    this.heading = h("h2", { tabindex: -1 }, title);
    this.place = h("div", { class: "after" }); // of what comes when all was done
    this.element = h("div", { class: "step" }, this.heading, ...elements(words, lab),
      predict ? createPrediction(predict, lab, kept.predicted, (predicted) => this.#predict(predicted)) : null,
      ...predict ? this.#createCount() : [], this.#createTask(), this.place);
    this.#record({ seen: true });
  }

  #predict(predicted) {
    count(this.bench, this.key, this.i, predicted);
    this.#record({ predicted });
  }

  // Of the class's predictions.
  #createCount() {
    const { room, pupil } = this.bench, { step: { predict }, lab } = this;
    this.count = room && new ClassCount({ room, name: placeText(this.key, this.i), predict, lab });
    return [createNote(pupil), this.count?.element];
  }

  #createTask() {
    if (!this.step.do) return null;
    this.task = h("div", { class: "task", role: "status" }, ...elements(this.step.do.words, this.lab));
    return this.task;
  }

  #createWords() {
    return h("label", { class: "words" }, ...elements(this.step.explain, this.lab), h("textarea", { rows: 3, maxlength: LONGEST,
      placeholder: "In your own words; it stays in this browser", oninput: ({ target }) =>
        record(this.key, this.i, { words: target.value }) }, stepOf(this.key, this.i).words ?? ""));
  }

  #record(changes) {
    record(this.key, this.i, changes);
    const kept = stepOf(this.key, this.i);
    this.task?.classList.toggle("done", kept.done === true);
    if (isReady(this.step, kept) && !this.place.firstChild) this.#showRest(kept);
    this.changed();
  }

  #showRest({ predicted }) {
    const { reveal, explain } = this.step;
    this.count?.reveal().catch(refusal); // which the reveal itself says
    this.place.append(...(reveal ? [createReveal(this.step, this.lab, predicted)] : []),
      ...(explain ? [this.#createWords()] : []));
  }

  // Whether what is to be done was done: `trailOf(field)` is what the field was since the step began.
  check(trailOf) {
    if (!this.step.do || stepOf(this.key, this.i).done) return;
    const [name, field, ...given] = this.step.do.predicate;
    if (PREDICATES[name](trailOf(field), ...given)) this.#record({ done: true });
  }
}
