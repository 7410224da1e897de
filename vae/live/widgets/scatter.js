// A plane of two quantities with named points to press, lines between some of them, and lines on which the
// sum of both is the same. Points are buttons: they can be reached by keyboard.

import { h, svg } from "./dom.js";

const LEFT = 52, BOTTOM = 44, TOP = 12, RIGHT = 16; // px
const LETTER = 7, ROW = 16; // px of a label
const SHORT = 100; // px: a line of equal sums that is as short has no label

export class Scatter {
  #view = null;

  // `axes` are the names of both quantities, `sum` what their sum is called; `choose(key)` hears of a press.
  constructor({ label, axes, sum, choose }) {
    Object.assign(this, { axes, sum, choose });
    this.drawing = svg("svg", { "aria-hidden": "true" });
    this.marks = h("div", { class: "marks" });
    this.element = h("div", { class: "scatter", role: "group", "aria-label": label }, this.drawing, this.marks);
    this.sized = new ResizeObserver(() => this.#draw());
    this.sized.observe(this.element);
  }

  destroy() {
    this.sized.disconnect();
  }

  // `points` are [{key, name, at: [x, y], words, current}, …], `lines` rows of their keys.
  show(points, lines = []) {
    this.#view = { points, lines };
    this.#draw();
  }

  // The current point is another.
  mark(key) {
    for (const mark of this.marks.querySelectorAll(".point")) {
      if (mark.dataset.key === key) mark.setAttribute("aria-current", "true");
      else mark.removeAttribute("aria-current");
    }
  }

  #draw() {
    const width = this.element.clientWidth, height = this.element.clientHeight;
    if (!this.#view || !width) return;
    const { points, lines } = this.#view;
    const x = scaleOf(points.map(({ at }) => at[0]), [LEFT, width - RIGHT]);
    const y = scaleOf(points.map(({ at }) => at[1]), [height - BOTTOM, TOP]);
    const where = new Map(points.map(({ key, at }) => [key, [x.of(at[0]), y.of(at[1])]]));
    this.drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.drawing.replaceChildren(...this.#sums(x, y), ...this.#frame(x, y, width, height),
      ...lines.map((keys) => svg("polyline", { class: "joined", points: keys.map((key) => where.get(key).join()).join(" ") })));
    const focused = this.marks.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    this.marks.replaceChildren(...points.map((point) => this.#mark(point, where.get(point.key))),
      ...labelsOf(points, where, width));
    this.marks.querySelector(`[data-key="${CSS.escape(focused ?? "")}"]`)?.focus();
  }

  #mark({ key, words, current }, [left, top]) {
    return h("button", { type: "button", class: "point", "data-key": key, title: words, "aria-label": words,
      "aria-current": current ? "true" : null, style: `left:${left}px;top:${top}px`, onclick: () => this.choose(key) });
  }

  // Both axes with their ticks.
  #frame(x, y, width, height) {
    const text = (at, words, more = {}) => svg("text", { x: at[0], y: at[1], ...more }, words);
    const floor = height - BOTTOM;
    return [
      svg("path", { class: "axes", d: `M${LEFT} ${TOP}V${floor}H${width - RIGHT}` }),
      ...x.ticks.map((v) => text([x.of(v), floor + 18], String(v), { "text-anchor": "middle" })),
      ...y.ticks.map((v) => text([LEFT - 8, y.of(v) + 4], String(v), { "text-anchor": "end" })),
      text([width - RIGHT, height - 6], `${this.axes[0]} →`, { "text-anchor": "end" }),
      text([LEFT + 8, TOP + 10], `↑ ${this.axes[1]}`),
    ];
  }

  // Lines of equal sums, across the frame.
  #sums(x, y) {
    const low = x.from + y.from, high = x.to + y.to;
    return ticksOf(low, high, 10).flatMap((c) => {
      const a = Math.max(x.from, c - y.to), b = Math.min(x.to, c - y.from);
      if (a >= b) return [];
      const [x1, y1, x2, y2] = [x.of(a), y.of(c - a), x.of(b), y.of(c - b)];
      const words = svg("text", { x: x2 - 4, y: y2 - 4, "text-anchor": "end" }, `${this.sum} ${c}`);
      return [svg("line", { class: "equal", x1, y1, x2, y2 }), ...(x2 - x1 > SHORT ? [words] : [])];
    });
  }
}

// From values to pixels, with room around them.
function scaleOf(values, [begin, end]) {
  const low = Math.min(...values), high = Math.max(...values), room = 0.15 * (high - low || Math.abs(high) || 1);
  const from = low >= 0 ? Math.max(0, low - room) : low - room, to = high + room;
  return { from, to, ticks: ticksOf(from, to, 5), of: (v) => begin + ((v - from) / (to - from)) * (end - begin) };
}

// About `n` round numbers between two.
function ticksOf(from, to, n) {
  const raw = (to - from) / n, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((k) => k * power).find((k) => k >= raw);
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(6)));
}

// Names beside their points, on the first side where they meet no other.
function labelsOf(points, where, width) {
  const taken = points.map(({ key }) => boxAt(where.get(key), 12, 12));
  return points.map(({ key, name }) => {
    const [left, top] = where.get(key), half = (LETTER * name.length) / 2;
    const sides = [[left + 14 + half, top], [left - 14 - half, top], [left, top - 20], [left, top + 20]];
    const boxes = sides.map((at) => boxAt(at, half, ROW / 2));
    const free = boxes.findIndex((box) => box[0] >= 0 && box[2] <= width && !taken.some((other) => meet(box, other)));
    const i = Math.max(0, free);
    taken.push(boxes[i]);
    return h("span", { class: "point-name", "aria-hidden": "true", style: `left:${sides[i][0]}px;top:${sides[i][1]}px` }, name);
  });
}

const boxAt = ([x, y], wide, high) => [x - wide, y - high, x + wide, y + high];
const meet = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
