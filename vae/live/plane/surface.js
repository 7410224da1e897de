// A sheet that a hand moves: pictures tile by tile, marks where chosen pictures lie, a cross under the
// pointer. It knows places and codes; what a code means is the page's.

import { h } from "../widgets/dom.js";
import { createCamera } from "./camera.js";
import { createCross } from "./cross.js";
import { createMarks } from "./marks.js";
import { createPainter } from "./painter.js";
import { createSheetHand } from "./sheethand.js";

const COOLING = 120; // ms after which a hand counts as resting
const DEPTH = 4096; // how many times closer than the whole one may come

// `look(z or null)`, `choose(z)`, `moved()` (a rest) and `wake()` (a frame is wanted) tell the page.
export function createSurface({ model, atlas, look, choose, moved, wake }) {
  const camera = createCamera(DEPTH);
  const marks = createMarks({ model, toPixel: camera.toPixel });
  const cross = createCross();
  const canvas = h("canvas", { class: "layer tiles", role: "img" });
  const dots = h("canvas", { class: "layer", "aria-hidden": "true" });
  const element = h("div", { class: "stage sheet-stage", tabindex: 0, role: "application",
    "aria-label": "The sheet" }, canvas, dots, ...marks.elements, cross.element);
  const painter = createPainter({ model, camera, canvas, dots, placed });
  const hand = createSheetHand({ element, camera, redraw, look: lookAt, leave, press, moved });
  let space = null, shown = null, chosen = null; // the place under the cross; the code that is chosen

  function redraw() {
    painter.spoil();
    wake();
  }

  function lookAt(at) {
    shown = camera.toPlace(at);
    placeCross();
    look(codeAt(at));
  }

  // The code at a place of the screen; a mark's own where the pointer is on it.
  const codeAt = (at) => marks.at(at) ?? space.lift(camera.toPlace(at));
  const placeCross = () => cross.put(shown && camera.toPixel(shown));

  function leave() {
    shown = null;
    placeCross();
    look(null);
  }

  function press(at = shown ? camera.toPixel(shown) : camera.middle()) {
    const z = codeAt(at);
    if (z) choose(z);
  }

  function placed() {
    marks.place(chosen);
    placeCross();
  }

  const sized = new ResizeObserver(() => {
    if (!painter.resize([element.clientWidth, element.clientHeight])) return;
    redraw();
    moved();
  });
  sized.observe(element);

  return {
    element, box: camera.box, zoom: hand.zoom, fit: hand.fit,
    // One frame's share of the work; whether more is wanted.
    paint(begin) {
      if (!camera.size[0] || !space) return false;
      const left = painter.paint(begin, hand.last() + COOLING, shown);
      element.setAttribute("aria-busy", String(left));
      return left;
    },
    // Another space; `codes` are those of its marks, `at` the view, where the whole is not meant.
    show(next, codes, at = null) {
      space = { ...next, codes };
      camera.show(space.home, space.bounds);
      painter.show(space);
      marks.show(space);
      if (at) camera.move(at);
      redraw();
    },
    // Where one looks; null for the whole.
    goTo(at) {
      camera.fit();
      if (at) camera.move(at);
      redraw();
    },
    choose(z) {
      chosen = z;
      redraw();
    },
    size(detail) {
      painter.size(detail);
      redraw();
    },
    // The classes of held-out codes to leave out, or null for no codes at all; colours, and the ground.
    setPoints(hidden, palette, paper) {
      painter.setPoints(hidden && { places: atlas.mean, tone: atlas.label, palette, paper,
        hidden: (i) => hidden.has(atlas.label[i]) });
      redraw();
    },
    words: () => space.words(painter.step()),
    get space() {
      return space;
    },
    get view() {
      return camera.view;
    },
    describe: (text) => canvas.setAttribute("aria-label", text),
    destroy: () => sized.disconnect(),
  };
}
