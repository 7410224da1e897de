// A pad with a picture at each corner: the pointer blends the four codes.

import { corners as blend, stacked } from "../../core/latent.js";
import { download, h, help, Press, press } from "../../widgets/dom.js";
import { createPick } from "../../widgets/picker.js";
import { createPicture, toPng } from "../../widgets/picture.js";
import { createPictureView } from "../../widgets/pictureview.js";

const CORNERS = ["upper left", "upper right", "lower left", "lower right"];
const GRID = 9; // pictures a side behind the pointer
const PNG_SCALE = 16;
const PLACES = 1000; // a side, where the pointer can stop: a link names each in full
const NUDGE = 0.02; // of a side
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// The state's `corners` are four pictures, and `at` is the place [right, down] in [0, 1].
const codeAt = ({ corners }, [u, v], { code }) =>
  code.normalized(blend(stacked(corners.map(({ z }) => z), code.size), u, v));

const onPad = (place) => place.map((v) => Math.round(PLACES * Math.min(1, Math.max(0, v))) / PLACES);

export function createCorners(bench) {
  const { model, idle, history } = bench;
  const picture = createPictureView({ bench, kind: "morph", label: "The blend of the four pictures" });
  picture.buttons.append(...downloads(bench, picture.canvas), help("four corners", "The code under the ",
    "pointer is the bilinear blend of the four codes: at a corner it is that picture's own. ", Press, " to ",
    "stay; leave, and you are back there."));
  const cells = Array.from({ length: GRID * GRID }, () => createPicture(model.image));
  const pad = createPad(history, cells.map(({ canvas }) => canvas));
  const picks = CORNERS.map((label, i) => createPick({ bench, label, picked: history.now.corners[i],
    change: (next) => history.change({ corners: history.now.corners.with(i, next) }) }));
  const element = h("div", { class: "bench four", hidden: true },
    h("section", { class: "card corner-card", "aria-label": "Four corners" },
      picks[0].element, picks[1].element, pad.element, picks[2].element, picks[3].element),
    h("section", { class: "pinned card view" }, ...picture.elements));
  let drawn = null; // the corners that the pad's pictures blend

  // One frame; returns what it shows.
  function paint() {
    const { at } = history.shown, code = codeAt(history.now, at, model);
    const [right, down] = at.map((v) => `${Math.round(100 * v)} %`);
    const words = `${right} to the right, ${down} down`;
    picture.show({ z: code, name: "of four corners" },
      history.previewing ? `${words} (${press} to stay)` : words);
    pad.mark(at);
    return { code };
  }

  // After a step of the page's state.
  function settle() {
    const { corners } = history.now;
    if (element.hidden || corners === drawn) return;
    drawn = corners;
    picks.forEach((pick, i) => pick.show(corners[i]));
    idle.put("corners", work());
  }

  function* work() {
    const middle = (i) => (i + 0.5) / GRID;
    for (const [i, cell] of cells.entries()) {
      cell.paint(model.decode(codeAt(history.now, [middle(i % GRID), middle(Math.floor(i / GRID))], model)));
      yield;
    }
  }

  return { element, view: picture, settle, paint };
}

const downloads = (bench, canvas) => [
  h("button", { type: "button", class: "do-link", title: "A link to exactly this",
    onclick: (event) => bench.copy(event.target, bench.link()) }, "Link"),
  h("button", { type: "button", class: "do-picture", title: "The picture as PNG",
    onclick: async () => download(`${bench.data.model} blend.png`, await toPng(canvas, PNG_SCALE)) }, "PNG")];

// Where the hand moves over `canvases`, row after row: it looks, and stays where it lets go.
function createPad(history, canvases) {
  const spot = h("div", { class: "spot", "aria-hidden": "true" });
  const element = h("div", { class: "corner-pad", tabindex: 0, role: "application",
    "aria-label": "Four corners: move the pointer, or use the arrow keys",
    onpointermove: (event) => look(under(event)), onpointerdown: press, onpointerup: release,
    onpointerleave: () => history.look(null), onkeydown: nudge },
  h("div", { class: "cells", style: `--side:${GRID}` }, ...canvases), spot);

  function under(event) {
    const box = element.getBoundingClientRect();
    return onPad([(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]);
  }

  function look(at) {
    history.look({ at });
  }

  function press(event) {
    element.setPointerCapture(event.pointerId);
    look(under(event));
  }

  function release(event) {
    if (!element.hasPointerCapture(event.pointerId)) return; // pressed somewhere else
    history.change({ at: under(event) });
  }

  function nudge(event) {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    history.change({ at: onPad(history.now.at.map((v, i) => v + NUDGE * step[i] * (event.shiftKey ? 5 : 1))) });
  }

  function mark([right, down]) {
    spot.style.left = `${100 * right}%`;
    spot.style.top = `${100 * down}%`;
  }

  return { element, mark };
}
