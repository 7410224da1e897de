// What a person expects, before it is measured: one of a few answers, or a number.

import { h } from "../widgets/dom.js";
import { elements } from "./nodes.js";

let count = 0; // a name for each group of answers

// `predicted` is what was said before, undefined where nothing was; `say(value)` hears of it: a choice's place or
// a number, null for no idea.
export function createPrediction({ question, choices, number }, lab, predicted, say) {
  const answers = number ? numberAnswer(number, predicted) : choiceAnswer(choices, lab, predicted);
  const fields = h("fieldset", {}, h("legend", {}, ...elements(question, lab)), ...answers.elements,
    h("div", { class: "row" }, h("button", { class: "main do-predict" }, "Predict"),
      h("button", { type: "button", class: "plain do-no-idea", onclick: () => end(null) }, "No idea")));
  const element = h("form", { class: "prediction", onsubmit(event) {
    event.preventDefault();
    end(answers.value());
  } }, fields);
  fields.disabled = predicted !== undefined;

  function end(value) {
    fields.disabled = true;
    say(value);
  }

  return element;
}

function choiceAnswer(choices, lab, predicted) {
  const name = `atelier-answer-${count++}`;
  const inputs = choices.map((_, i) =>
    h("input", { type: "radio", name, value: i, required: true, checked: i === predicted }));
  return { value: () => inputs.findIndex(({ checked }) => checked),
    elements: choices.map(({ words }, i) => h("label", {}, inputs[i], h("span", {}, ...elements(words, lab)))) };
}

function numberAnswer({ min, max, unit }, predicted) {
  const input = h("input", { type: "number", min, max, step: "any", required: true, value: predicted ?? null,
    "aria-label": `Your prediction, from ${min} to ${max} ${unit}` });
  return { value: () => input.valueAsNumber,
    elements: [h("label", {}, input, h("span", {}, unit), h("span", { class: "quiet" }, `${min} to ${max}`))] };
}

// Which of the choices a measured number makes right; -1 for none.
export const rightOf = (choices, value) => choices.findIndex(({ low, high }) =>
  (low === high ? value === low : (low === null || value >= low) && (high === null || value < high)));

// The measured number beside what was predicted, as nodes; `text` is the number written out.
export function verdictOf({ choices, number }, predicted, value, text) {
  const measured = number ? [`${text} ${number.unit}`] : choices[rightOf(choices, value)]?.words ?? [text];
  if (predicted === null) return ["Measured: ", ["strong", ...measured]];
  if (number) return [`You predicted ${predicted} ${number.unit}. Measured: `, ["strong", ...measured]];
  if (predicted === rightOf(choices, value)) return ["As you predicted: ", ["strong", ...measured]];
  return ["You predicted: ", ...choices[predicted].words, ". Measured: ", ["strong", ...measured]];
}
