// The page Lessons: each lesson with the question that it answers, and how far a person has come.

import { refusal } from "../../core/errors.js";
import { h } from "../../widgets/dom.js";
import { placeText, titleOf } from "../../lessons/place.js";
import { print, sheetOf } from "../../lessons/printed.js";
import { finished, progressOf, restart } from "../../lessons/progress.js";
import { createPlans } from "./plans.js";

export const schema = () => ({});

export async function build(bench) {
  const list = h("ol", { class: "lessons-list" });
  bench.keys([], {});
  bench.page.append(bench.notices, h("div", { class: "bench" }, h("section", { class: "card", "aria-label": "Lessons" },
    h("p", {}, "Predict, try, see: each lesson sets these pages, asks what you expect, and measures it then and there on the ",
      "models that are here. What you do in a lesson stays in this browser."), list)));
  try {
    const { lessons, plans } = await bench.lesson.course();
    list.append(...lessons.map((lesson) => createRow(bench, lesson)));
    list.after(createPlans(bench, plans));
  } catch (error) {
    bench.notify(refusal(error));
  }
}

function createRow({ lesson: panel, data }, lesson) {
  const { key, title, question, steps, models } = lesson;
  const missing = models.filter((name) => !data.models.some((one) => one.name === name));
  const progress = h("progress", { max: steps.length, "aria-label": `Progress in “${title}”` });
  const words = h("span", { class: "quiet" }), again = h("button", { type: "button", onclick() {
    restart(key);
    show();
  } }, "Forget my answers");
  const begin = h("button", { type: "button", class: "main do-begin", onclick: () =>
    panel.enter(lesson, progressOf(key).at) });

  function show() {
    const count = finished(lesson), { at } = progressOf(key);
    progress.value = count;
    words.textContent = `${count} of ${steps.length} steps`;
    begin.textContent = at || count ? `Continue at step ${at + 1}` : "Begin";
    again.hidden = !count;
  }

  show();
  return h("li", { "data-lesson": key, title: `lesson=${placeText(key, 0)}` }, h("h2", {}, titleOf(lesson)),
    h("p", {}, question), missing.length ? h("p", { class: "quiet" }, `It needs ${missing.join(" and ")}, which this page does not have.`) : null,
    h("div", { class: "row" }, begin, progress, words, again,
      h("button", { type: "button", class: "plain do-print", title: "A sheet for pupils: questions, predictions, room to write",
        onclick: () => print(sheetOf(lesson)) }, "Print a sheet")));
}
