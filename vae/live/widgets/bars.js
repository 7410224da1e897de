// A posterior as bars against the prior, all on one canvas: a frame paints it in one go.

import { h } from "./dom.js";

const LIMIT = 4; // sigma of the prior, to each side
const ROW = 15, NAME = 34, VALUE = 96, GAP = 16; // px
const WIDE = 400; // px from which two columns fit side by side

export function createBars(d, order) {
  const canvas = h("canvas", { class: "bars", role: "img" });
  const pen = canvas.getContext("2d");
  let colours = null, width = 0;

  const columns = () => (width >= WIDE && d > 8 ? 2 : 1);
  const rows = () => Math.ceil(d / columns());

  function resize() {
    const ratio = devicePixelRatio || 1;
    const style = getComputedStyle(canvas);
    colours = { ink: style.color, line: style.getPropertyValue("--line"), font: style.fontFamily,
      soft: style.getPropertyValue("--soft"), accent: style.getPropertyValue("--accent") };
    width = canvas.clientWidth;
    const height = ROW * rows();
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.height = `${height}px`;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  function paint(posterior) {
    if (!width) return;
    const n = columns(), height = rows();
    const column = (width - GAP * (n - 1)) / n;
    pen.clearRect(0, 0, width, ROW * height);
    pen.textBaseline = "middle";
    pen.font = `12px ${colours.font}`;
    for (let c = 0; c < n; c++) {
      pen.save();
      pen.translate(c * (column + GAP), 0);
      paintColumn(order.slice(c * height, (c + 1) * height), column, posterior);
      pen.restore();
    }
  }

  function paintColumn(dims, column, posterior) {
    const from = NAME, to = column - VALUE;
    const at = (v) => from + (to - from) * Math.min(1, Math.max(0, 0.5 + v / (2 * LIMIT)));
    pen.fillStyle = colours.line; // the prior: one sigma to each side
    pen.globalAlpha = 0.6;
    pen.fillRect(at(-1), 0, at(1) - at(-1), ROW * dims.length);
    pen.globalAlpha = 1;
    pen.fillRect(at(0), 0, 1, ROW * dims.length);
    dims.forEach((j, i) => paintRow(j, (i + 0.5) * ROW, at, column, posterior));
  }

  function paintRow(j, y, at, right, posterior) {
    pen.fillStyle = colours.soft;
    pen.textAlign = "left";
    pen.fillText(`z${j}`, 0, y);
    if (!posterior) return;
    const [mu, s] = [posterior.mean[j], posterior.scale[j]];
    pen.fillStyle = colours.accent;
    pen.globalAlpha = 0.45;
    pen.fillRect(at(mu - s), y - 4, Math.max(2, at(mu + s) - at(mu - s)), 8);
    pen.globalAlpha = 1;
    pen.fillRect(at(mu) - 1, y - 6, 2.5, 12);
    pen.fillStyle = colours.ink;
    pen.textAlign = "right";
    pen.fillText(`${mu < 0 ? "−" : "+"}${Math.abs(mu).toFixed(2)} ± ${s.toFixed(2)}`, right, y);
  }

  // For who cannot see it: said when the hand rests.
  function describe(posterior) {
    const words = posterior ? order.slice(0, 4).map((j) =>
      `z${j} ${posterior.mean[j].toFixed(2)} ± ${posterior.scale[j].toFixed(2)}`).join(", ") : "empty";
    canvas.setAttribute("aria-label", `Posterior of each dimension, the largest rates first: ${words}`);
  }

  return { canvas, resize, paint, describe };
}
