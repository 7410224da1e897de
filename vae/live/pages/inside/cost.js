// What the picture costs with this noise, and on average over eight.

import { h } from "../../widgets/dom.js";

const nats = (v) => (Number.isFinite(v) ? `${v.toFixed(1)} nats` : "∞ nats");

export function createCost({ model }) {
  const parts = model.code.hasRate ? ["rate", "distortion"] : ["distortion"];
  const bars = parts.map((part) => h("i", { "data-part": part, class: part }));
  const total = h("p", { class: "total", role: "status" }), average = h("p", { class: "quiet" });
  const element = h("section", { class: "card cost", "aria-label": "Loss", "data-part": "loss" },
    h("h2", {}, parts.length === 2 ? "Loss = rate + distortion" : "Loss = distortion"),
    h("div", { class: "stacked", "aria-hidden": "true" }, ...bars), total, average);

  function show(costs, factor) {
    const known = parts.map((part) => costs[part]), sum = known.reduce((a, b) => a + b, 0);
    const finite = Number.isFinite(sum);
    bars.forEach((bar, i) => (bar.style.width = finite ? `${(100 * known[i]) / sum}%` : `${100 * i}%`));
    total.textContent = `${parts.map((part, i) => `${part} ${nats(known[i])}`).join(" + ")}${parts.length === 2 ? ` = ${nats(sum)}` : ""}`;
    average.textContent = wordsOf(model.code, factor);
  }

  // Once the hand rests, as `surprise` of core/surprise.js has it.
  function rest({ rate, distortion }, factor) {
    if (factor !== 1 || rate === null) return;
    average.textContent = `Over eight ε: rate ${nats(rate)} + distortion ${nats(distortion)} = −ELBO ${nats(rate + distortion)}.`;
  }

  return { element, show, rest };
}

function wordsOf({ hasRate }, factor) {
  if (!hasRate) return "The encoder of a plain autoencoder answers with one point: no σ, no ε, no rate.";
  if (factor === 0) return "σ × 0: z = μ, an autoencoder. As a distribution one point costs infinitely many nats; an autoencoder leaves the rate out of its loss.";
  if (factor !== 1) return "With another σ than the encoder's the sum can only rise, on average over ε.";
  return "Averaging over eight ε …";
}
