// Two small plots: accuracy by the number of labels, and how far to believe how sure the answers are.

import { h, help, svg } from "../../widgets/dom.js";

const SIDE = 100, WIDE = 160; // units of a drawing
const LEAST = 20; // labels that the axis spans

const percent = (v) => `${(100 * v).toFixed(1)} %`;

export function createCurve() {
  const lines = Object.fromEntries(["random", "telling", "yours"].map((key) =>
    [key, svg("polyline", { class: `line ${key}` })]));
  const point = svg("circle", { class: "now", r: 2.4 });
  const drawing = svg("svg", { viewBox: `-2 -2 ${WIDE + 4} ${SIDE + 4}`, role: "img" },
    svg("rect", { class: "box", width: WIDE, height: SIDE }),
    ...[0.25, 0.5, 0.75].map((v) => svg("line", { class: "grid", x2: WIDE, y1: SIDE * v, y2: SIDE * v })),
    ...Object.values(lines), point);
  const last = h("span", {});
  const element = h("figure", { class: "curve" },
    h("figcaption", {}, "Right among the other examples, by the number of labels (0 to 100 %)"), drawing,
    h("p", { class: "legend" }, h("span", { class: "yours" }, "yours"),
      h("span", { class: "telling" }, "most telling, simulated"), h("span", { class: "random" }, "random, simulated")),
    h("p", { class: "quiet" }, last));

  return {
    element,
    show(curves) {
      const most = Math.max(LEAST, ...Object.values(curves).map(({ length }) => length));
      const at = (v, i) => `${((WIDE * (i + 1)) / most).toFixed(2)},${(SIDE * (1 - v)).toFixed(2)}`;
      for (const [key, line] of Object.entries(lines)) {
        line.setAttribute("points", curves[key].map((v, i) => v !== undefined && at(v, i)).filter(Boolean).join(" "));
      }
      const count = curves.yours.length, own = curves.yours[count - 1];
      point.toggleAttribute("hidden", own === undefined);
      if (own !== undefined) {
        const [x, y] = at(own, count - 1).split(",");
        point.setAttribute("cx", x);
        point.setAttribute("cy", y);
      }
      const compared = ["telling", "random"].filter((key) => curves[key].length >= count && count)
        .map((key) => `${percent(curves[key][count - 1])} ${{ telling: "asking for the most telling",
          random: "at random" }[key]}`);
      last.textContent = compared.length
        ? `With ${count} true label${count === 1 ? "" : "s"} a simulated run has ${compared.join(", ")}.` : "";
      drawing.setAttribute("aria-label", own === undefined ? "Accuracy by the number of labels; none yet"
        : `Accuracy by the number of labels: ${percent(own)} after ${count}`);
    },
  };
}

export function createReliability() {
  const bars = svg("g", { class: "bars" });
  const drawing = svg("svg", { viewBox: `-2 -2 ${SIDE + 4} ${SIDE + 4}`, role: "img",
    "aria-label": "How often answers are right, by how sure they are; none yet" },
    svg("rect", { class: "box", width: SIDE, height: SIDE }), bars,
    svg("line", { class: "ideal", x1: 0, y1: SIDE, x2: SIDE, y2: 0 }));
  const error = h("output", {});
  const element = h("figure", { class: "reliability" },
    h("figcaption", {}, "Right, by how sure the answer is ",
      help("this plot", "Answers are put into ten bins by how sure they are. On the diagonal, of answers that are ",
        "80 % sure eight in ten are right; below it they are too sure, above it not sure enough. The expected ",
        "calibration error is the mean distance from it.")),
    drawing, h("p", { class: "quiet" }, "expected calibration error ", error));

  return {
    element,
    show({ bins, error: ece }) {
      const most = Math.max(1, ...bins.map(({ n }) => n));
      bars.replaceChildren(...bins.flatMap(({ n, right }, b) => n ? [svg("rect", { x: b * 10 + 1, width: 8,
        y: SIDE * (1 - right), height: SIDE * right, opacity: 0.25 + 0.75 * Math.sqrt(n / most) })] : []));
      error.textContent = percent(ece);
      drawing.setAttribute("aria-label", `How often answers are right, by how sure they are: ${
        bins.flatMap(({ n, sure, right }) => n ? [`${Math.round(100 * sure)} % sure, ${Math.round(100 * right)} % right`] : [])
          .join("; ")}`);
    },
  };
}
