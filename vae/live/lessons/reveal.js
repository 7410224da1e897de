// The numbers of a step, once they may be seen, and what they mean.

import { refusal } from "../core/errors.js";
import { h } from "../widgets/dom.js";
import { measure } from "./measures.js";
import { elements } from "./nodes.js";
import { verdictOf } from "./prediction.js";

// `predicted` is the prediction, if the step has one.
export function createReveal({ predict, reveal }, lab, predicted) {
  return h("div", { class: "reveal", "aria-live": "polite" }, predict ? createOutcome(predict, lab, predicted) : null,
    ...elements(reveal, lab));
}

function createOutcome(predict, lab, predicted) {
  const element = h("p", { class: "outcome" }, "Measuring …");
  measure(lab, ...predict.answer).then(({ value, text }) => verdictOf(predict, predicted, value, text),
    (error) => [refusal(error)]).then((nodes) => element.replaceChildren(...elements(nodes, lab)));
  return element;
}
