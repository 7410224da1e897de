// The ROC of each score on the same pictures: the share of others that is found, by the share of false alarms;
// and where the threshold stands on the one in use.

import { areaOf, rocOf } from "../../core/detection.js";
import { h, svg } from "../../widgets/dom.js";
import { SCORES } from "./scores.js";

const SIDE = 100;
const DASHES = { surprise: "none", png: "6 3", brightness: "1.5 3" };

const placed = ([x, y]) => `${(SIDE * x).toFixed(2)},${(SIDE * (1 - y)).toFixed(2)}`;

export function createRoc({ choose }) {
  const lines = Object.fromEntries(Object.keys(SCORES).map((key) =>
    [key, svg("polyline", { class: "curve", "stroke-dasharray": DASHES[key] })]));
  const point = svg("circle", { class: "operating", r: 2.6 });
  const drawing = svg("svg", { viewBox: `-2 -2 ${SIDE + 4} ${SIDE + 4}`, role: "img" },
    svg("rect", { class: "box", width: SIDE, height: SIDE }),
    svg("line", { class: "chance", x1: 0, y1: SIDE, x2: SIDE, y2: 0 }), ...Object.values(lines), point);
  const keys = Object.fromEntries(Object.entries(SCORES).map(([key, { name }]) => {
    const area = h("output", {});
    const sign = svg("svg", { class: "dash", viewBox: "0 0 24 4", "aria-hidden": "true" },
      svg("line", { x1: 0, x2: 24, y1: 2, y2: 2, "stroke-dasharray": DASHES[key] }));
    return [key, { area, button: h("button", { type: "button", onclick: () => choose(key) }, sign,
      h("span", {}, key === "surprise" ? name : `${name} (control)`), area) }];
  }));
  const element = h("figure", { class: "roc" }, drawing,
    h("figcaption", {}, "Others found, by false alarms. Area under the curve: ½ is chance"),
    h("div", { class: "areas", role: "group", "aria-label": "Scores" },
      ...Object.values(keys).map(({ button }) => button)));
  let shown = null;

  // `of(key)` gives the scores by each; `score` is the one in use.
  function show(of, score) {
    const words = Object.keys(SCORES).map((key) => {
      const { checked, others } = of(key), area = areaOf(checked, others);
      lines[key].setAttribute("points", rocOf(checked, others).map(placed).join(" "));
      lines[key].classList.toggle("used", key === score);
      keys[key].area.textContent = area.toFixed(3);
      keys[key].button.setAttribute("aria-pressed", String(key === score));
      return `${SCORES[key].name} ${area.toFixed(3)}`;
    });
    drawing.setAttribute("aria-label", `ROC curves; areas: ${words.join(", ")}`);
  }

  return {
    element,
    show(scores, of, score) {
      if (shown !== scores) show(of, score);
      shown = scores;
    },
    at(alarms, found) {
      point.setAttribute("cx", SIDE * alarms);
      point.setAttribute("cy", SIDE * (1 - found));
    },
  };
}
