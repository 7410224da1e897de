// What is drawn of the map: points below, names and marks above them, the trail on top; one camera
// shows them all.

import { h } from "../widgets/dom.js";
import { createCamera } from "../plane/camera.js";
import { createPoints } from "../plane/points.js";
import { fitCanvas, followSize } from "../plane/stagesize.js";
import { createOverlay } from "./overlay.js";
import { createTrail } from "./trail.js";

const DEPTH = 256; // how many times closer than the whole one may come
const SMALL = 0.5; // of a point's size, over pictures

// `moved()` is called whenever places lie elsewhere on the stage.
// `carpet`, which may be null, lies below the points where the content wants it.
export function createScene({ page, leads, carpet, moved }) {
  let colours = null; // of the theme, and the type
  const theme = () => (colours ??= themeOf(page));
  const camera = createCamera(DEPTH);
  const canvas = h("canvas", { class: "points", "aria-hidden": "true" });
  const points = createPoints(canvas);
  const overlay = createOverlay({ toPixel: camera.toPixel, theme });
  const trail = createTrail({ toPixel: camera.toPixel, colour: () => theme().accent });
  const element = h("div", { class: leads ? "stage leads" : "stage", tabindex: 0, role: "application" },
    carpet?.canvas, canvas, overlay.element, ...trail.elements);
  let content = null, dpr = 1, pending = 0;

  function redraw() {
    pending ||= requestAnimationFrame(paint);
  }

  function paint() {
    pending = 0;
    if (!content || !camera.size[0]) return;
    const frame = camera.frame(dpr);
    if (content.carpet) carpet.draw(frame, dpr);
    else carpet?.clear();
    const size = pointOf(theme()) * (content.carpet ? SMALL : 1);
    points.draw(frame, { ...content, size, paper: null }, dpr);
    overlay.paint(content);
    trail.paint();
    moved();
  }

  const stopFollowing = followSize(element, (size, sharp) => {
    dpr = sharp;
    colours = null; // on stage the type grows with the window
    camera.resize(size);
    if (carpet) fitCanvas(carpet.canvas, size, dpr);
    fitCanvas(canvas, size, dpr);
    for (const layer of [overlay, trail]) layer.resize(size, dpr);
    cancelAnimationFrame(pending);
    paint(); // now: the new canvases are empty
  });

  return {
    element, camera, trail, redraw,
    // {places, tone, palette, hidden} of the points as in plane/points.js, and the overlay's.
    show(next) {
      content = next;
      redraw();
    },
    // The theme's colours are read once for each theme.
    forgetTheme() {
      colours = null;
    },
    destroy() {
      stopFollowing();
      carpet?.stop();
      cancelAnimationFrame(pending);
    },
  };
}

// Pixels across: 4 beside the page's usual type, and more on stage.
const pointOf = ({ type }) => 2 + type / 7;

function themeOf(element) {
  const style = getComputedStyle(element);
  const colour = (name) => style.getPropertyValue(name);
  return { ink: style.color, card: colour("--card"), accent: colour("--accent"), font: style.fontFamily,
    type: parseFloat(style.fontSize) };
}
