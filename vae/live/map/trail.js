// The marker of the current code, with a fading trail. The marker is an element of its own: while the
// hand hovers there is no trail, and a frame repaints some pixels around it and no canvas.

import { h } from "../widgets/dom.js";
import { createLayer, stroke } from "../plane/layer.js";

const LENGTH = 40; // places

// `toPixel` says where a place of the map lies now, `colour()` what to draw in.
export function createTrail({ toPixel, colour }) {
  const layer = createLayer("overlay");
  const marker = h("i", { class: "marker", "aria-hidden": "true", hidden: true });
  const places = [];
  let drawn = false;

  function paint() {
    if (drawn || places.length > 1) draw(layer.clear());
    drawn = places.length > 1;
    marker.hidden = !places.length;
    if (!places.length) return;
    const [x, y] = toPixel(places.at(-1));
    marker.style.transform = `translate(${x}px, ${y}px)`;
  }

  function draw(pen) {
    const spots = places.map(toPixel);
    for (let i = 1; i < spots.length; i++) {
      pen.globalAlpha = (0.7 * i) / spots.length;
      stroke(pen, [spots[i - 1], spots[i]], 2, colour());
    }
    pen.globalAlpha = 1;
  }

  return {
    elements: [layer.canvas, marker], paint, resize: layer.resize,
    // The current code lies at `place` now; `jump` starts a new trail.
    mark(place, jump) {
      if (jump) places.length = 0;
      places.push(place);
      if (places.length > LENGTH) places.shift();
      paint();
    },
    forget() {
      places.length = 0;
      paint();
    },
  };
}
