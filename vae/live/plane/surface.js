// A sheet that a hand moves: pictures tile by tile, marks where chosen pictures lie, a cross under the
// pointer. It knows places and codes; what a code means is the page's.

import { h, svg } from "../widgets/dom.js";
import { createHand } from "./gestures.js";
import { createPicture } from "../widgets/picture.js";
import { createPoints } from "./points.js";
import { isOn } from "./spaces.js";
import { createTiles } from "./tiles.js";

const BUDGET = 9, HOT = 6; // ms of a frame, drawing included; while the hand moves
const COOLING = 120; // ms after which a hand counts as resting
const SNAP = 12; // pixels within which the pointer means the mark itself
const STEP = 1.4; // of the zoom, a press
const SIZES = { small: 1, middle: 1.75, large: 3.5 }; // of a picture, in its own pixels
const LEAST = 28; // pixels of a small picture
const DEPTH = 4096; // how far below home one may zoom

// `look(z or null)`, `choose(z)`, `moved()` (a rest) and `wake()` (a frame is wanted) tell the page.
export function createSurface({ model, atlas, look, choose, moved, wake }) {
  const d = model.latent;
  const tiles = createTiles(model);
  const canvas = h("canvas", { class: "layer tiles", role: "img" });
  const dots = h("canvas", { class: "layer", "aria-hidden": "true" });
  const points = createPoints(dots, atlas.label);
  const cross = svg("svg", { class: "cross", viewBox: "-20 -20 40 40", "aria-hidden": "true" },
    ...["under", "over"].map((name) => svg("path", { class: name,
      d: "M-18 0H-6M6 0H18M0 -18V-6M0 6V18" })));
  const ring = h("div", { class: "ring", hidden: true, title: "your code" });
  const marks = h("div", { class: "marks" });
  const element = h("div", { class: "stage sheet-stage", tabindex: 0, role: "application",
    "aria-label": "The sheet" }, canvas, dots, marks, ring, cross);
  const context = canvas.getContext("2d");
  let space = null, view = null, size = [0, 0], dpr = 1, detail = "small";
  let stale = true, moving = -Infinity, shown = null, chosen = null, hidden = null, busy = null;
  let ground = [];

  // -- where things are, in CSS pixels
  const shortest = () => Math.max(1, Math.min(...size));
  const now = () => view ?? home();
  const scale = () => shortest() / now().wide;

  function home() {
    const [left, low, right, high] = space.home;
    const fit = Math.min(size[0] / (right - left), size[1] / (high - low)) || 1;
    return { x: (left + right) / 2, y: (low + high) / 2, wide: shortest() / fit };
  }

  const toPlace = ([px, py]) => [now().x + (px - size[0] / 2) / scale(), now().y - (py - size[1] / 2) / scale()];
  const toPixel = ([x, y]) => [size[0] / 2 + (x - now().x) * scale(), size[1] / 2 - (y - now().y) * scale()];

  function frame() {
    const [, height, width] = model.image;
    const wanted = Math.max(LEAST, Math.max(height, width) * SIZES[detail]) * dpr;
    return { x: now().x, y: now().y, scale: scale() * dpr, wanted, width: canvas.width, height: canvas.height };
  }

  // -- moving
  function move(next) {
    const [left, low, right, high] = space.bounds;
    const most = 1.5 * Math.max(right - left, high - low);
    const wide = Math.min(most, Math.max((space.home[2] - space.home[0]) / DEPTH, next.wide));
    view = { wide, x: Math.min(right, Math.max(left, next.x)), y: Math.min(high, Math.max(low, next.y)) };
    moving = performance.now();
    redraw();
  }

  function pan(dx, dy, kind) {
    move({ ...now(), x: now().x - dx / scale(), y: now().y + dy / scale() });
    if (kind === "touch" || kind === "keys") lookAt(middle());
  }

  function zoom(factor, at = middle()) {
    const [x, y] = toPlace(at), { wide } = now();
    move({ ...now(), wide: wide / factor });
    const by = now().wide / wide; // what the limits left of it
    move({ wide: now().wide, x: x + (now().x - x) * by, y: y + (now().y - y) * by });
  }

  const middle = () => size.map((v) => v / 2);

  function lookAt(at) {
    shown = toPlace(at);
    placeCross();
    look(codeAt(at));
  }

  // The code at a place of the screen; a mark's own where the pointer is on it.
  function codeAt(at) {
    const near = space.marks?.findIndex((mark) => {
      const [x, y] = toPixel(mark);
      return Math.hypot(x - at[0], y - at[1]) < SNAP;
    }) ?? -1;
    return near >= 0 ? space.codes[near] : space.lift(toPlace(at));
  }

  function leave() {
    shown = null;
    placeCross();
    look(null);
  }

  function press(at) {
    const z = codeAt(at);
    if (z) choose(z);
  }

  createHand(element, { pan, zoom, look: lookAt, leave, press, rest: () => moved() });

  const act = (change) => () => {
    change();
    lookAt(middle());
    moved();
  };
  const part = (share) => Math.round(share * shortest());
  const keys = {
    ArrowLeft: act(() => pan(part(0.1), 0, "keys")), ArrowRight: act(() => pan(-part(0.1), 0, "keys")),
    ArrowUp: act(() => pan(0, part(0.1), "keys")), ArrowDown: act(() => pan(0, -part(0.1), "keys")),
    Enter: () => press(shown ? toPixel(shown) : middle()),
  };
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  element.addEventListener("blur", leave);

  // -- drawing
  function redraw() {
    stale = true;
    wake();
  }

  function draw() {
    stale = false;
    const seen = frame();
    tiles.draw(context, seen, shown ?? [now().x, now().y]);
    if (hidden) points.draw(seen, hidden, dpr);
    placeMarks();
    placeCross();
  }

  function placeMarks() {
    space.marks?.forEach((mark, i) => put(marks.children[i], toPixel(mark)));
    const marked = space.codes?.findIndex((z) => chosen?.every((v, j) => v === z[j])) ?? -1;
    [...marks.children].forEach((mark, i) => mark.classList.toggle("chosen", i === marked));
    ring.hidden = !chosen || marked >= 0 || !isOn(space, chosen);
    if (!ring.hidden) put(ring, toPixel(space.place(chosen)));
  }

  function placeCross() {
    cross.style.visibility = shown ? "visible" : "hidden";
    if (shown) put(cross, toPixel(shown));
  }

  const put = (item, [x, y]) => (item.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`);

  // One frame's share of the work; whether more is wanted.
  function paint(begin) {
    if (!size[0] || !space) return false;
    if (stale) draw();
    const hot = begin - moving < COOLING;
    const whole = tiles.refine(context, frame(), begin + (hot ? HOT : BUDGET), hot ? 0 : 1);
    if (whole) stale = true; // once more, so that no seam of an older picture is left
    const left = tiles.left() > 0 || stale;
    if (left !== busy) element.setAttribute("aria-busy", String((busy = left)));
    return left;
  }

  function resize() {
    const next = [element.clientWidth, element.clientHeight];
    const sharp = Math.min(2, devicePixelRatio || 1);
    if (!next[0] || (next.every((v, i) => v === size[i]) && sharp === dpr)) return;
    [size, dpr] = [next, sharp];
    for (const layer of [canvas, dots]) [layer.width, layer.height] = size.map((v) => Math.round(v * dpr));
    redraw();
    moved();
  }

  const sized = new ResizeObserver(resize);
  sized.observe(element);

  function createMark(z, i) {
    const picture = createPicture(model.image);
    picture.paint(model.decode(z));
    return h("div", { class: "mark", "data-mark": "ABC"[i] }, picture.canvas, h("b", {}, "ABC"[i]));
  }

  function setPoints(given, colours, paper) {
    if (given && ground !== space) points.set(atlas.mean, d, (ground = space).place);
    hidden = given;
    points.paint(colours, paper);
    if (!hidden) points.clear();
    redraw();
  }

  return {
    element, paint, setPoints,
    // Another space; `codes` are those of its marks, `at` the view, where the whole is not meant.
    show(next, codes, at = null) {
      space = { ...next, codes };
      view = null;
      tiles.show(space);
      marks.replaceChildren(...(codes ?? []).map(createMark));
      if (at) move(at);
      redraw();
    },
    choose(z) {
      chosen = z;
      redraw();
    },
    size(next) {
      detail = next;
      redraw();
    },
    fit() {
      view = null;
      redraw();
      moved();
    },
    zoom: (sign) => act(() => zoom(STEP ** sign))(),
    words: () => space.words(tiles.step(frame())),
    // What is seen, as a box of the space.
    box: () => [...toPlace([0, size[1]]), ...toPlace([size[0], 0])],
    get space() {
      return space;
    },
    get view() {
      return view;
    },
    describe: (text) => canvas.setAttribute("aria-label", text),
    destroy: () => sized.disconnect(),
  };
}
