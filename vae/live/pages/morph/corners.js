// A pad with a picture at each corner: the pointer blends the four codes.

import { h, help } from "../../widgets/dom.js";
import { corners as blend } from "../../core/latent.js";
import { createPick } from "../../widgets/picker.js";
import { createPicture } from "../../widgets/picture.js";
import { createShown } from "../../widgets/pictureview.js";

export const CORNERS = ["upper left", "upper right", "lower left", "lower right"];
export const MIDDLE = [0.5, 0.5];
const GRID = 9; // pictures a side behind the pointer
const PLACES = 1000; // a side, where the pointer can stop: a link names each in full
const NUDGE = 0.02; // of a side
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// The four pictures {z, name} to begin with, and the place [right, down] in [0, 1] where the pointer
// stays; `changed()` is told when `state()` gives others.
export function createCorners(bench, { pictures, place, changed }) {
  const { page, model, idle } = bench;
  let at = place, open = false, pending = 0;
  const shown = createShown({ bench, kind: "morph", label: "The blend of the four pictures" });
  shown.buttons.append(help("four corners", "The code under the pointer is the bilinear blend of the ",
    "four codes: at a corner it is that picture's own. Click to stay; leave, and you are back there."));
  const cells = Array.from({ length: GRID * GRID }, () => createPicture(model.image));
  const spot = h("div", { class: "spot", "aria-hidden": "true" });
  const pad = h("div", { class: "corner-pad", tabindex: 0, role: "application",
    "aria-label": "Four corners: move the pointer, or use the arrow keys",
    onpointermove: (event) => look(under(event)), onpointerdown: press, onpointerup: release,
    onpointerleave: () => look(place), onkeydown: nudge },
  h("div", { class: "cells", style: `--side:${GRID}` }, ...cells.map((c) => c.canvas)), spot);
  const picks = pictures.map((picked, i) => createPick({ bench, label: CORNERS[i], picked,
    change: (next) => put(i, next) }));
  const element = h("div", { class: "bench four", hidden: true },
    h("section", { class: "card corner-card", "aria-label": "Four corners" },
      picks[0].element, picks[1].element, pad, picks[2].element, picks[3].element),
    h("section", { class: "card view" }, ...shown.elements));

  const code = ([u, v]) => blend(Float32Array.from(pictures.flatMap(({ z }) => [...z])), u, v);

  // -- what the hand does
  function under(event) {
    const box = pad.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  function press(event) {
    pad.setPointerCapture(event.pointerId);
    look(under(event));
  }

  function release(event) {
    if (!pad.hasPointerCapture(event.pointerId)) return; // pressed somewhere else
    look(under(event));
    stay();
  }

  function nudge(event) {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    look(place.map((v, i) => v + NUDGE * step[i] * (event.shiftKey ? 5 : 1)));
    stay();
  }

  function look(next) {
    at = next.map((v) => Math.round(PLACES * Math.min(1, Math.max(0, v))) / PLACES);
    pending ||= requestAnimationFrame(paint);
  }

  function stay() {
    place = at;
    changed();
  }

  function put(i, picture) {
    pictures = pictures.with(i, picture);
    draw();
    changed();
  }

  // -- what is on show
  function paint() {
    pending = 0;
    const begin = performance.now();
    const z = code(at);
    const [right, down] = at.map((v) => `${Math.round(100 * v)} %`);
    const words = `${right} to the right, ${down} down`;
    shown.show({ z, name: "of four corners" },
      at.every((v, i) => v === place[i]) ? words : `${words} (click to stay)`);
    spot.style.left = `${100 * at[0]}%`;
    spot.style.top = `${100 * at[1]}%`;
    page.dispatchEvent(new CustomEvent("atelier:painted", { detail: { code: z,
      work: performance.now() - begin } }));
  }

  function draw() {
    if (!open) return;
    look(at);
    idle.put("corners", work());
  }

  function* work() {
    for (const [i, cell] of cells.entries()) {
      cell.paint(model.decode(code([(i % GRID + 0.5) / GRID, (Math.floor(i / GRID) + 0.5) / GRID])));
      yield;
    }
  }

  function show() {
    open = true;
    draw();
  }

  return { element, show, state: () => ({ corners: pictures, at: place }) };
}
