// A pad to draw on with mouse, pen or finger. What is drawn is kept as strokes, so that it can be
// undone, turned and drawn again; `x()` is the model's input at this moment.

import { action } from "./action.js";
import { centre, resample } from "../core/centring.js";
import { calm, h } from "./dom.js";

const SIDE = 280; // pixels of the pad's longer side
const PACE = 60; // points a second in which an example is drawn

// `image` is [C, H, W]; `change()` is called after each change of the drawing.
export function createPad({ image: [c, height, width], digits, change }) {
  const scale = SIDE / Math.max(height, width);
  const [W, H] = [Math.round(width * scale), Math.round(height * scale)];
  const canvas = h("canvas", { class: "pad picture", width: W, height: H, tabindex: 0, role: "img",
    "aria-label": "Drawing pad: draw with mouse, pen or finger" });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.lineCap = pen.lineJoin = "round";
  let strokes = [], redone = [], current = null, playing = 0;

  const size = h("input", { type: "range", min: 6, max: 60, value: 22, "aria-label": "Pen size" });
  const colour = h("input", { type: "color", value: "#ffffff", "aria-label": "Pen colour",
    hidden: c === 1 });
  const eraser = h("button", { type: "button", "aria-pressed": "false", onclick: () =>
    eraser.setAttribute("aria-pressed", String(!erasing())) }, "Eraser");
  const erasing = () => eraser.getAttribute("aria-pressed") === "true";
  const element = h("div", { class: "draw" }, canvas,
    h("div", { class: "tools" },
      h("label", { class: "choice" }, h("span", { class: "quiet" }, "pen"), size), colour, eraser,
      action("undo", "Undo a stroke (Z)", undo), action("redo", "Redo (Y)", redo),
      h("button", { type: "button", class: "do-clear", onclick: () => set([]) }, "Clear")));

  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * W, ((event.clientY - box.top) / box.height) * H,
      event.pointerType === "pen" ? 0.4 + 1.2 * event.pressure : 1];
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    stop();
    canvas.setPointerCapture(event.pointerId);
    current = { size: size.valueAsNumber, colour: erasing() ? "#000000" : colour.value,
      points: [place(event)] };
    strokes = [...strokes, current];
    redone = [];
    drawFrom(current, 0);
    change();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!current) return;
    const more = event.getCoalescedEvents?.() ?? [];
    for (const each of more.length ? more : [event]) extend(current, place(each));
    change();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      if (!current) return;
      current = null;
      change();
    });
  }

  function extend(stroke, point) {
    stroke.points.push(point);
    drawFrom(stroke, stroke.points.length - 1);
  }

  // From a point on, each joined to the one before it; the first is a dot, now and when drawn again.
  function drawFrom({ size, colour, points }, from) {
    pen.strokeStyle = colour;
    for (let i = from; i < points.length; i++) {
      const [a, b] = [points[Math.max(i - 1, 0)], points[i]];
      pen.lineWidth = (size * (a[2] + b[2])) / 2;
      pen.beginPath();
      pen.moveTo(a[0], a[1]);
      pen.lineTo(b[0] + (i ? 0 : 0.01), b[1]);
      pen.stroke();
    }
  }

  function blacken() {
    pen.fillStyle = "#000000";
    pen.fillRect(0, 0, W, H);
  }

  function redraw() {
    blacken();
    strokes.forEach((stroke) => drawFrom(stroke, 0));
    change();
  }

  function set(next) {
    stop();
    redone = [];
    strokes = next;
    redraw();
  }

  function undo() {
    stop();
    if (!strokes.length) return;
    redone.push(strokes.at(-1));
    strokes = strokes.slice(0, -1);
    redraw();
  }

  function redo() {
    if (!redone.length) return;
    strokes = [...strokes, redone.pop()];
    redraw();
  }

  // Draws lines of points in [0, 1], as a hand would; at once where the system asks for calm.
  function play(lines) {
    set([]);
    const made = lines.map((line) => ({ size: size.valueAsNumber, colour: colour.value,
      points: line.map(([x, y]) => [x * W, y * H, 1]) }));
    if (calm()) return set(made);
    const steps = made.flatMap((stroke) => stroke.points.map((point, i) => [stroke, point, i]));
    let at = 0, begin = 0;
    const step = (now) => {
      begin ||= now;
      for (; at < steps.length && at < ((now - begin) / 1000) * PACE; at++) {
        const [stroke, point, i] = steps[at];
        if (i === 0) strokes = [...strokes, { ...stroke, points: [] }];
        extend(strokes.at(-1), point);
      }
      change();
      playing = at < steps.length ? requestAnimationFrame(step) : 0;
    };
    playing = requestAnimationFrame(step);
  }

  function stop() {
    cancelAnimationFrame(playing);
    playing = 0;
  }

  // A quarter to the right, `times` over; a pad that is not square keeps its shape.
  function turn(times) {
    const turned = ([x, y, p]) => [(1 - y / H) * W, (x / W) * H, p];
    for (let n = 0; n < times; n++) {
      strokes = strokes.map((stroke) => ({ ...stroke, points: stroke.points.map(turned) }));
    }
    set(strokes);
  }

  // The model's input (C * H * W) in [0, 1], or null where nothing is drawn.
  function x() {
    if (!strokes.length) return null;
    const { data } = pen.getImageData(0, 0, W, H);
    const planes = Array.from({ length: c }, (_, k) => {
      const plane = new Float32Array(W * H);
      for (let i = 0; i < plane.length; i++) plane[i] = data[4 * i + k];
      return plane;
    });
    if (digits && c === 1) return centre(planes[0], [W, H], [height, width]);
    const out = new Float32Array(c * height * width);
    planes.forEach((plane, k) => out.set(resample(plane, [W, H], [width, height])
      .map((v) => Math.round(v) / 255), k * height * width));
    return out;
  }

  blacken();
  return { element, canvas, x, undo, redo, play, turn, stop, get blank() {
    return !strokes.length;
  } };
}
