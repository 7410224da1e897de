// A pad with a picture at each corner: the pointer blends the four codes.

import { h, help } from "./dom.js";
import { formatCode } from "./latent.js";
import { corners as blend } from "./paths.js";
import { createPick } from "./pick.js";
import { createPicture } from "./picture.js";
import { KEPT } from "./shelf.js";

const GRID = 9; // pictures a side behind the pointer
const NAMES = ["upper left", "upper right", "lower left", "lower right"];

export function createCorners(bench, { shelf, starts }) {
  const { page, model, spare, data, notify } = bench;
  let codes = starts, at = [0.5, 0.5], fixed = at, shown = false;
  const picture = createPicture(model.image, { "aria-label": "The blend of the four pictures" });
  const pixels = new Float32Array(model.image.reduce((a, b) => a * b));
  const cells = Array.from({ length: GRID * GRID }, () => createPicture(model.image));
  const spot = h("div", { class: "spot", "aria-hidden": "true" });
  const words = h("figcaption", { class: "where" });
  const pad = h("div", { class: "corner-pad", tabindex: 0, role: "application",
    "aria-label": "Four corners: move the pointer, or use the arrow keys" },
  h("div", { class: "cells", style: `--side:${GRID}` }, ...cells.map((c) => c.canvas)), spot);
  const picks = starts.map((picked, i) => createPick({ bench, shelf, label: NAMES[i], picked,
    change: (next) => {
      codes = codes.map((code, k) => (k === i ? next : code));
      refresh();
    } }));
  const element = h("div", { class: "bench four", hidden: true },
    h("section", { class: "card corner-card", "aria-label": "Four corners" },
      picks[0].element, picks[1].element, pad, picks[2].element, picks[3].element),
    h("section", { class: "card view" },
      h("figure", {}, h("button", { type: "button", class: "frame", onclick: bench.toggleInk,
        title: "Show as ink on paper, or as the model sees it" }, picture.canvas), words),
      h("div", { class: "row" },
        h("button", { type: "button", onclick: keep }, "Keep"),
        h("button", { type: "button", onclick: () => bench.send("go", { title: "Explore",
          model: data.model, z: formatCode(code(fixed)) }) }, "Explore →"),
        help("four corners", "The code under the pointer is the bilinear blend of the four codes: ",
          "at a corner it is that picture's own. Click to stay; leave, and you are back there."))));

  const code = ([u, v]) => blend(Float32Array.from(codes.flatMap(({ z }) => [...z])), u, v);

  let pending = 0;
  function look(next) {
    at = next.map((v) => Math.min(1, Math.max(0, v)));
    pending ||= requestAnimationFrame(paint);
  }

  function paint() {
    pending = 0;
    const begin = performance.now();
    const z = code(at);
    picture.paint(model.decode(z, pixels));
    spot.style.left = `${100 * at[0]}%`;
    spot.style.top = `${100 * at[1]}%`;
    words.textContent = `${Math.round(100 * at[0])} % to the right, ${Math.round(100 * at[1])} % down` +
      (at.every((v, i) => v === fixed[i]) ? "" : " (click to stay)");
    page.dispatchEvent(new CustomEvent("atelier:painted", { detail: { code: z,
      work: performance.now() - begin } }));
  }

  const place = (event) => {
    const box = pad.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  };
  pad.addEventListener("pointermove", (event) => look(place(event)));
  pad.addEventListener("pointerdown", (event) => {
    pad.setPointerCapture(event.pointerId);
    look(place(event));
  });
  pad.addEventListener("pointerup", (event) => {
    look(place(event));
    fixed = at;
  });
  pad.addEventListener("pointerleave", () => look(fixed));
  pad.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    look(fixed.map((v, i) => v + 0.02 * step[i] * (event.shiftKey ? 5 : 1)));
    fixed = at;
  });

  function keep() {
    if (shelf.items.length >= KEPT) return notify(`${KEPT} pictures are at hand: remove some first.`);
    shelf.addCode("of four corners", "morph", Float32Array.from(code(fixed)));
  }

  function refresh() {
    if (!shown) return;
    look(at);
    spare.put("corners", work());
  }

  function* work() {
    for (const [i, cell] of cells.entries()) {
      cell.paint(model.decode(code([(i % GRID + 0.5) / GRID, (Math.floor(i / GRID) + 0.5) / GRID])));
      yield;
    }
  }

  return { element, show() {
    shown = true;
    refresh();
  } };
}
