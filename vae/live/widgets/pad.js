// A pad to draw on with mouse, pen or finger. A drawing is a list of strokes, {size, colour, points}:
// points are [x, y, pressure] with x and y as shares of the pad. `x()` is the model's input at this
// moment.

import { centre, resample } from "../core/centring.js";
import { marksOf } from "../core/drawnmarks.js";
import { calm, h } from "./dom.js";

const SIDE = 280; // pixels of the pad's longer side
const PACE = 60; // points a second in which a drawing draws itself
const GROUND = "#000000";
export const PEN = { size: 22, colour: "#ffffff", erasing: false }; // what a new page draws with

export class Pad {
  #strokes = []; // that are drawn, or are drawing themselves
  #current = null; // the stroke under the hand
  #playing = 0;

  // `pen()` is {size, colour, erasing}. `move(strokes)` and `settle()` hear of the hand, `painted()` of
  // a drawing that draws itself.
  constructor({ image, digits, pen, move, settle, painted }) {
    const [, height, width] = image, scale = SIDE / Math.max(height, width);
    Object.assign(this, { image, digits, pen, move, settle, painted, version: 0,
      width: Math.round(width * scale), height: Math.round(height * scale) });
    this.canvas = h("canvas", { class: "pad picture", width: this.width, height: this.height,
      tabindex: 0, role: "img", "aria-label": "Drawing pad: draw with mouse, pen or finger",
      onpointerdown: (event) => this.#begin(event), onpointermove: (event) => this.#go(event),
      onpointerup: () => this.#end(), onpointercancel: () => this.#end() });
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    this.context.lineCap = this.context.lineJoin = "round";
    this.#blacken();
  }

  // -- under the hand
  #begin(event) {
    if (event.button) return;
    event.preventDefault();
    this.stop();
    this.canvas.setPointerCapture(event.pointerId);
    const { size, colour, erasing } = this.pen();
    this.#current = { size, colour: erasing ? GROUND : colour, points: [] };
    this.#strokes = [...this.#strokes, this.#current];
    this.#extend([event]);
  }

  #go(event) {
    if (!this.#current) return;
    const more = event.getCoalescedEvents?.() ?? [];
    this.#extend(more.length ? more : [event]);
  }

  #extend(events) {
    const from = this.#current.points.length;
    const points = [...this.#current.points, ...events.map((event) => this.#place(event))];
    this.#current = { ...this.#current, points };
    this.#strokes = [...this.#strokes.slice(0, -1), this.#current];
    this.#draw(this.#current, from);
    this.move(this.#strokes);
  }

  #end() {
    if (!this.#current) return;
    this.#current = null;
    this.settle();
  }

  #place(event) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return [(event.clientX - left) / width, (event.clientY - top) / height,
      event.pointerType === "pen" ? 0.4 + 1.2 * event.pressure : 1];
  }

  // -- on the canvas
  show(strokes) {
    if (strokes === this.#strokes) return;
    this.#current = null;
    this.#strokes = strokes;
    this.#redraw();
  }

  // As a hand would draw them; at once where the system asks for calm.
  play(strokes) {
    this.show(strokes);
    if (calm()) return;
    const steps = strokes.flatMap((stroke) => stroke.points.map((_, i) => [stroke, i]));
    this.#blacken();
    let at = 0, begin = 0;
    const step = (now) => {
      begin ||= now;
      for (; at < steps.length && at < ((now - begin) / 1000) * PACE; at++) {
        const [stroke, i] = steps[at];
        this.#draw(stroke, i, i + 1);
      }
      this.#playing = at < steps.length ? requestAnimationFrame(step) : 0;
      this.painted();
    };
    this.#playing = requestAnimationFrame(step);
  }

  // All of a drawing that is drawing itself.
  stop() {
    if (this.#playing) this.#redraw();
  }

  #redraw() {
    cancelAnimationFrame(this.#playing);
    this.#playing = 0;
    this.#blacken();
    this.#strokes.forEach((stroke) => this.#draw(stroke, 0));
  }

  #blacken() {
    this.version++;
    this.context.fillStyle = GROUND;
    this.context.fillRect(0, 0, this.width, this.height);
  }

  // Points `from` … `to`, each joined to the one before it; the first is a dot, now and when drawn again.
  #draw({ size, colour, points }, from, to = points.length) {
    const { context, width, height } = this;
    this.version++;
    context.strokeStyle = colour;
    for (let i = from; i < to; i++) {
      const [a, b] = [points[Math.max(i - 1, 0)], points[i]];
      context.lineWidth = (size * (a[2] + b[2])) / 2;
      context.beginPath();
      context.moveTo(a[0] * width, a[1] * height);
      context.lineTo(b[0] * width + (i ? 0 : 0.01), b[1] * height);
      context.stroke();
    }
  }

  // What Python says of a file that is to be a digit (vae/data/prepare/looks.py), or null.
  looks() {
    if (!this.digits || !this.#strokes.length) return null;
    const { width: w, height: h } = this, boxes = marksOf(this.#planes()[0], [w, h]);
    return { drawing: true, extreme: false, long: 1,
      marks: boxes.length > 1 ? boxes.map(([a, b, c, d]) => [a / w, b / h, c / w, d / h]) : [] };
  }

  // Each colour of the model's, (h * w), 0 to 255.
  #planes() {
    const { width: w, height: h } = this, { data } = this.context.getImageData(0, 0, w, h);
    return Array.from({ length: this.image[0] }, (_, k) =>
      Float32Array.from({ length: w * h }, (_, i) => data[4 * i + k]));
  }

  // The model's input (C * H * W) in [0, 1], or null where nothing is drawn.
  x() {
    if (!this.#strokes.length) return null;
    const { width: w, height: h } = this, [c, height, width] = this.image, planes = this.#planes();
    if (this.digits && c === 1) return centre(planes[0], [w, h], [height, width]);
    const out = new Float32Array(c * height * width);
    planes.forEach((plane, k) => out.set(resample(plane, [w, h], [width, height])
      .map((v) => Math.round(v) / 255), k * height * width));
    return out;
  }
}

// A drawing's lines (core/drawings.js), drawn with a pen where they have none of their own.
export const strokesOf = (lines, { size, colour }) => lines.map((line) => {
  const { points, ...own } = Array.isArray(line) ? { points: line } : line;
  return { size, colour, ...own, points: points.map(([x, y]) => [x, y, 1]) };
});

// Quarters to the right, `times` over.
export function turnStrokes(strokes, times) {
  if (times === 0) return strokes;
  const turned = strokes.map((stroke) => ({ ...stroke,
    points: stroke.points.map(([x, y, pressure]) => [1 - y, x, pressure]) }));
  return turnStrokes(turned, times - 1);
}
