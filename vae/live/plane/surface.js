// A sheet that a hand moves: pictures tile by tile, marks where chosen pictures lie, a cross under the
// pointer. It knows places and codes; what a code means is the page's.

import { h } from "../widgets/dom.js";
import { Aim } from "./aim.js";
import { createCamera } from "./camera.js";
import { createMarks } from "./marks.js";
import { createPainter } from "./painter.js";
import { createSheetHand } from "./sheethand.js";
import { followSize } from "./stagesize.js";

const COOLING = 120; // ms after which a hand counts as resting
const DEPTH = 4096; // how many times closer than the whole one may come

export class Surface {
  #camera = createCamera(DEPTH);
  #space = null;
  #chosen = null; // the code that is chosen
  #canvas = h("canvas", { class: "layer tiles", role: "img" });
  #marks;
  #aim;
  #painter;
  #hand;

  // `look(z or null)`, `choose(z)`, `moved()` (a rest) and `wake()` (a frame is wanted) tell the page.
  constructor({ model, atlas, look, choose, moved, wake }) {
    Object.assign(this, { atlas, wake });
    const camera = this.#camera, dots = h("canvas", { class: "layer", "aria-hidden": "true" });
    this.#marks = createMarks({ model, toPixel: camera.toPixel });
    this.#aim = new Aim({ camera, codeAt: (pixel) => this.#codeAt(pixel), look, choose });
    this.element = h("div", { class: "stage sheet-stage", tabindex: 0, role: "application",
      "aria-label": "The sheet" }, this.#canvas, dots, ...this.#marks.elements, this.#aim.element);
    this.#painter = createPainter({ model, camera, canvas: this.#canvas, dots,
      placed: () => this.#placeMarks() });
    this.#hand = createSheetHand({ element: this.element, camera, redraw: () => this.#redraw(), moved,
      look: (pixel) => this.#aim.at(pixel), leave: () => this.#aim.leave(),
      press: (pixel) => this.#aim.press(pixel) });
    this.destroy = followSize(this.element, (size, dpr) => {
      this.#painter.resize(size, dpr);
      this.#redraw();
      moved();
    });
  }

  // The code at a pixel; a mark's own where the pointer is on it.
  #codeAt(pixel) {
    return this.#marks.at(pixel) ?? this.#space.lift(this.#camera.toPlace(pixel));
  }

  #redraw() {
    this.#painter.spoil();
    this.wake();
  }

  #placeMarks() {
    this.#marks.place(this.#chosen);
    this.#aim.put();
  }

  // One frame's share of the work; whether more is wanted.
  paint(begin) {
    if (!this.#camera.size[0] || !this.#space) return false;
    const left = this.#painter.paint(begin, this.#hand.last() + COOLING, this.#aim.place);
    this.element.setAttribute("aria-busy", String(left));
    return left;
  }

  // -- what is shown
  get space() {
    return this.#space;
  }

  // Another space; `codes` are those of its marks, `at` the view, where the whole is not meant.
  show(next, codes, at = null) {
    this.#space = { ...next, codes };
    this.#camera.show(next.home, next.bounds);
    this.#painter.show(this.#space);
    this.#marks.show(this.#space);
    if (at) this.#camera.move(at);
    this.#redraw();
  }

  choose(z) {
    this.#chosen = z;
    this.#redraw();
  }

  size(detail) {
    this.#painter.size(detail);
    this.#redraw();
  }

  // The classes of examples to leave out, or null for no codes at all; colours, and the ground.
  setPoints(hidden, palette, paper) {
    const { mean, label } = this.atlas;
    this.#painter.setPoints(hidden && { places: mean, tone: label, palette, paper,
      hidden: (i) => hidden.has(label[i]) });
    this.#redraw();
  }

  words() {
    return this.#space.words(this.#painter.step());
  }

  describe(text) {
    this.#canvas.setAttribute("aria-label", text);
  }

  // -- the view
  get view() {
    return this.#camera.view;
  }

  box() {
    return this.#camera.box();
  }

  zoom(sign) {
    this.#hand.zoom(sign);
  }

  fit() {
    this.#hand.fit();
  }

  // Where one looks; null for the whole.
  goTo(at) {
    this.#camera.fit();
    if (at) this.#camera.move(at);
    this.#redraw();
  }
}
