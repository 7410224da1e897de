// The bar at the top of a page: the model, what the page puts there, and what was left out.

import { h, help, more, select } from "./dom.js";

// `models` are [{name, title}, …], `model` the name of the one in use; `choose(name)` takes another.
export function createBar({ card, models, model, refusals, choose, content }) {
  return h("header", { class: "bar" },
    models.length > 1 ? select("model", models.map((m) => [m.name, m.title]), model, choose)
      : h("strong", {}, card.title),
    help("this model", card.description, " ", figures(card.metrics)),
    refusals.length ? more(`${refusals.length} left out`, { class: "left-out" },
      h("ul", {}, ...refusals.map((words) => h("li", {}, words)))) : null,
    ...content);
}

const FIGURES = [["nll", "negative log-likelihood", 2], ["elbo", "ELBO", 2],
  ["active_units", "active units", 0]];

function figures(metrics) {
  const say = (m, digits) => `${m.value.toFixed(digits)} ${m.unit} (n = ${m.n}` +
    `${m.k ? `, K = ${m.k}` : ""}, seed ${m.seed})`;
  return FIGURES.filter(([key]) => metrics[key])
    .map(([key, name, digits]) => `${name} ${say(metrics[key], digits)}`).join("; ");
}
