// A small plot of several lines over one axis, on a canvas, with a cursor that follows the hand.

import { h } from "./dom.js";

const LEFT = 44, BOTTOM = 4, TOP = 8; // px

// `title` says what is drawn; lines are {name, values, colour, strong}, all over the same axis.
export function createPlot(title, unit) {
  const canvas = h("canvas", { role: "img", "aria-label": title });
  const cursor = h("div", { class: "cursor", "aria-hidden": "true" });
  const element = h("figure", { class: "plot-lines" }, h("figcaption", {}, title),
    h("div", { class: "plot-area" }, canvas, cursor));
  const pen = canvas.getContext("2d");
  let lines = [], span = [0, 1];

  function draw() {
    const ratio = devicePixelRatio || 1, { clientWidth: width, clientHeight: height } = canvas;
    if (!width) return;
    const style = getComputedStyle(canvas);
    const [soft, line] = ["--soft", "--line"].map((name) => style.getPropertyValue(name));
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const values = lines.flatMap((l) => l.values.filter(Number.isFinite));
    const top = Math.max(...values, 1e-9);
    pen.fillStyle = soft;
    pen.font = `11px ${style.fontFamily}`;
    pen.textAlign = "right";
    pen.fillText(top.toPrecision(2), LEFT - 6, TOP + 4);
    pen.fillText("0", LEFT - 6, height - BOTTOM);
    pen.fillStyle = line;
    pen.fillRect(LEFT, height - BOTTOM, width - LEFT, 1);
    const y = (v) => height - BOTTOM - (v / top) * (height - BOTTOM - TOP);
    for (const { values: row, colour, strong } of lines) {
      pen.strokeStyle = colour;
      pen.lineWidth = strong ? 3 : 1.25;
      pen.beginPath();
      row.forEach((v, i) => Number.isFinite(v) &&
        pen.lineTo(LEFT + ((i + 0.5) / row.length) * (width - LEFT), y(v)));
      pen.stroke();
    }
  }

  return {
    element, draw,
    // `range` is what the axis spans, for the cursor.
    show(next, range) {
      lines = next;
      span = range;
      canvas.setAttribute("aria-label", `${title}: ` + lines.map(({ name, values }) =>
        `${name} at most ${Math.max(...values.filter(Number.isFinite), 0).toPrecision(3)} ${unit}`).join(", "));
      draw();
    },
    at(t) {
      const share = Math.min(1, Math.max(0, (t - span[0]) / (span[1] - span[0])));
      cursor.style.transform = `translateX(${LEFT + share * (canvas.clientWidth - LEFT)}px)`;
    },
  };
}
