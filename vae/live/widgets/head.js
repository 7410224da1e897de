// The top of every page: the way to the other pages, the model, what was left out, what the page puts
// there, and what all pages can do.

import { h, help, more, select } from "./dom.js";
import { icon } from "./icons.js";
import { createPageTabs } from "./pagetabs.js";

// `data` is what Python says of the page: {page, pages, models: [{name, title}, …], model, refusals}.
// `send(name, value)` asks for another page or another model.
export function createHead({ page, pages, models, model, refusals }, send) {
  const about = h("span", { class: "about" }), bar = h("div", { class: "bar" });
  const actions = h("div", { class: "actions" });
  const tabs = createPageTabs({ pages, current: page, go: (key) => send("go", { page: key, model }) });
  const element = h("header", { class: "head" },
    h("strong", { class: "brand" }, icon("brand"), "VAE Atelier"), tabs.element,
    models.length > 1 ? select("model", models.map(({ name, title }) => [name, title]), model,
      (name) => send("model", name)) : h("strong", {}, models[0].title),
    about, refusals.length ? more(`${refusals.length} left out`, { class: "left-out" },
      h("ul", {}, ...refusals.map((words) => h("li", {}, words)))) : null,
    bar, actions);

  return {
    element, actions,
    // In the page at last: the tab of this page is in view.
    begin: tabs.begin,
    // What the page itself puts there.
    fill: (...content) => bar.append(...content),
    // Once the model's card has been read.
    describe: ({ description, metrics }) =>
      about.replaceChildren(help("this model", description, " ", figures(metrics))),
  };
}

const FIGURES = [["nll", "negative log-likelihood", 2], ["elbo", "ELBO", 2],
  ["active_units", "active units", 0]];

function figures(metrics) {
  const say = (m, digits) => `${m.value.toFixed(digits)} ${m.unit} (n = ${m.n}` +
    `${m.k ? `, K = ${m.k}` : ""}, seed ${m.seed})`;
  return FIGURES.filter(([key]) => metrics[key])
    .map(([key, name, digits]) => `${name} ${say(metrics[key], digits)}`).join("; ");
}
