// ELBO, rate and distortion while it trains, of the training images and of held-out examples.

import { h, svg } from "../../widgets/dom.js";

const WIDE = 200, HIGH = 72; // units of a drawing
const SETTLED = 0.1; // of the points, after which the axis shows all

const KINDS = [["ELBO", ([rate, distortion]) => -(rate + distortion)], ["rate", ([rate]) => rate],
  ["distortion", ([, distortion]) => distortion]];

export function createCurves() {
  const plots = KINDS.map(([name, value]) => new Plot(name, value));
  const element = h("div", { class: "curves" }, ...plots.map((plot) => plot.element),
    h("p", { class: "legend" }, h("span", { class: "train" }, "training images"),
      h("span", { class: "held-out" }, "held-out examples")));
  return { element, show: (points, steps) => plots.forEach((plot) => plot.show(points, steps)) };
}

class Plot {
  constructor(name, value) {
    Object.assign(this, { name, value });
    this.lines = { train: svg("polyline", { class: "train" }), heldOut: svg("polyline", { class: "held-out" }) };
    this.ends = { high: h("span", {}), low: h("span", {}) };
    this.drawing = svg("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: "none", role: "img" },
      ...Object.values(this.lines));
    this.now = h("output", {});
    this.element = h("figure", { class: "curve" }, h("figcaption", {}, `${name}, nats `, this.now),
      h("div", { class: "area" }, h("div", { class: "ends quiet", "aria-hidden": "true" }, this.ends.high, this.ends.low), this.drawing));
  }

  show(points, steps) {
    const rows = { train: points.map(([step, costs]) => [step, this.#of(costs)]),
      heldOut: points.map(([step, , costs]) => [step, this.#of(costs)]) };
    const [low, high] = span(Object.values(rows));
    const x = (step) => (WIDE * step) / Math.max(steps, 1), y = (v) => HIGH - (HIGH * (v - low)) / (high - low || 1);
    for (const [key, line] of Object.entries(this.lines)) {
      line.setAttribute("points", rows[key].filter(([, v]) => Number.isFinite(v))
        .map(([step, v]) => `${x(step).toFixed(1)},${y(v).toFixed(1)}`).join(" "));
    }
    const words = said(rows);
    this.now.textContent = words;
    this.ends.high.textContent = points.length ? high.toFixed(0) : "";
    this.ends.low.textContent = points.length ? low.toFixed(0) : "";
    this.drawing.setAttribute("aria-label", `${this.name}: ${words || "nothing yet"}`);
  }

  #of = (costs) => (costs && costs.every(Number.isFinite) ? this.value(costs) : NaN);
}

// The first points are far away from all that follows.
function span(rows) {
  const skipped = Math.floor(SETTLED * rows[0].length);
  const values = rows.flatMap((row) => row.slice(skipped).map(([, v]) => v)).filter(Number.isFinite);
  return values.length ? [Math.min(...values), Math.max(...values)] : [0, 1];
}

const signed = (v) => v.toFixed(2).replace("-", "−");

function said({ train, heldOut }) {
  const last = (row) => row.findLast(([, v]) => Number.isFinite(v))?.[1];
  const [own, other] = [last(train), last(heldOut)];
  return [own !== undefined && signed(own), other !== undefined && `held out ${signed(other)}`].filter(Boolean).join(", ");
}
