// On paper: a pupil's sheet of a lesson, and a teacher's plan. What is measured stays open on a sheet.

import { h } from "../widgets/dom.js";
import { titleOf } from "./place.js";

// Prints `element` in place of the page.
export function print(element) {
  const sheet = h("div", { class: "printed" }, element);
  const over = () => {
    sheet.remove();
    removeEventListener("afterprint", over);
  };
  addEventListener("afterprint", over);
  document.body.append(sheet);
  window.print();
}

export const sheetOf = (lesson) => h("article", {},
  h("header", {}, h("h1", {}, titleOf(lesson)), h("p", { class: "name" }, "Name:")), h("p", {}, lesson.question),
  ...lesson.steps.map((step, i) => h("section", {}, h("h2", {}, `${i + 1}. ${step.title}`), ...nodes(step.words),
    ...step.predict ? predictionOf(step.predict) : [],
    ...step.do ? [h("div", { class: "try" }, h("strong", {}, "Try: "), ...nodes(step.do.words))] : [],
    ...step.explain ? [h("p", {}, ...nodes(step.explain)), ...lines(3)] : [])));

const predictionOf = ({ question, choices, number }) => [
  h("p", { class: "question" }, ...nodes(question)),
  h("ul", { class: "choices" }, ...(number ? [[`My prediction: ______ ${number.unit}`]] : choices.map(({ words }) => ["☐ ", ...nodes(words)]))
    .map((words) => h("li", {}, ...words)), h("li", {}, "Measured: ______")),
];

const lines = (n) => Array.from({ length: n }, () => h("div", { class: "line" }));

export const planSheet = ({ title, goal, parts }, where) => h("article", {},
  h("h1", {}, title), h("p", {}, goal),
  h("table", {}, h("thead", {}, h("tr", {}, ...["from", "minutes", "where", "what"].map((text) => h("th", {}, text)))),
    h("tbody", {}, ...parts.map((part, i) => h("tr", {}, ...[beginning(parts, i), part.minutes, where(part), part.words]
      .map((text) => h("td", {}, String(text))))))));

const beginning = (parts, i) => parts.slice(0, i).reduce((sum, { minutes }) => sum + minutes, 0);

// A lesson's nodes, with a blank for each number.
function nodes(list) {
  return list.map((node) => {
    if (typeof node === "string") return node;
    const [tag, ...rest] = node;
    return tag === "measure" ? "______" : h(tag, {}, ...nodes(rest));
  });
}
