// For teachers: what a class does in how many minutes, each part with the step or page for it.

import { h } from "../../widgets/dom.js";
import { planSheet, print } from "../../lessons/printed.js";

export function createPlans(bench, plans) {
  const where = ({ step, page }) => (step ? `lesson ${step}` : bench.data.pages.find(({ key }) => key === page).title);
  return h("section", { class: "plans", "aria-labelledby": "for-teachers" }, h("h2", { id: "for-teachers" }, "For teachers"),
    h("p", {}, "What to do in how many minutes; each row opens its step or page. A sheet for pupils is with each lesson above."),
    ...plans.map((plan) => createPlan(bench, plan, where)));
}

function createPlan(bench, plan, where) {
  return h("details", { class: "plan" }, h("summary", {}, h("strong", {}, plan.title), h("span", { class: "quiet" }, plan.goal)),
    h("table", {}, h("tbody", {}, ...plan.parts.map((part) => h("tr", {}, h("td", { class: "number" }, `${part.minutes} min`),
      h("td", {}, part.words), h("td", {}, h("button", { type: "button", onclick: () => open(bench, part) }, where(part))))))),
    h("button", { type: "button", class: "do-print", onclick: () => print(planSheet(plan, where)) }, "Print the plan"));
}

function open({ lesson, send, data }, { step, page, query }) {
  if (step) lesson.enterAt(step);
  else send("go", { page, model: data.model, ...Object.fromEntries(new URLSearchParams(query)) });
}
