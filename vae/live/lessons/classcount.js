// A lesson in a class: a pupil's prediction is counted there, and the teacher sees all of them as bars, while they
// come and after the reveal.

import { refusal } from "../core/errors.js";
import { sum, tally } from "../core/tally.js";
import { h } from "../widgets/dom.js";
import { measure } from "./measures.js";
import { elements } from "./nodes.js";
import { rightOf } from "./prediction.js";

// Beside a pupil's prediction; null for who is in no class.
export const createNote = (pupil) => (pupil?.room
  ? h("p", { class: "quiet" }, `Your prediction is counted in the class ${pupil.room}, without your name.`) : null);

// `value` is a prediction of step `i`.
export function count({ pupil, notify }, key, i, value) {
  pupil?.predict(key, i, value).catch((error) => notify(refusal(error)));
}

export class ClassCount {
  // `name` is the step's, as "1.3".
  constructor({ room, name, predict, lab }) {
    Object.assign(this, { room, name, predict, lab });
    this.total = h("strong", {});
    this.rows = tally(predict, []).map(({ words }) => createRow(elements(words, lab)));
    this.element = h("div", { class: "class-count", role: "group", "aria-label": "What the class predicts" }, this.total,
      ...this.rows.map(({ element }) => element));
    this.show();
  }

  show() {
    const counts = this.room.predictions(this.name), all = sum(counts);
    this.total.textContent = `The class: ${all} ${all === 1 ? "prediction" : "predictions"}`;
    tally(this.predict, counts).forEach((row, i) => this.rows[i].show(row.count, all));
  }

  // Once the number is measured: which answer was right.
  async reveal() {
    const { choices, number, answer } = this.predict, { value } = await measure(this.lab, ...answer);
    const right = number ? tally(this.predict, []).findIndex(({ holds }) => holds(value)) : rightOf(choices, value);
    this.rows.forEach(({ element }, i) => element.classList.toggle("right", i === right));
  }
}

function createRow(words) {
  const bar = h("span", { class: "share" }), number = h("output", {});
  const element = h("div", { class: "count" }, h("span", {}, ...words), bar, number);
  return { element, show(n, all) {
    bar.style.setProperty("--share", all ? n / all : 0);
    number.textContent = String(n);
  } };
}
