// The decoded grid: a button with a picture for each code, filled as fast as frames allow.
// One stop for the Tab key; the arrows go on from there.

import { h } from "../../widgets/dom.js";
import { createPicture } from "../../widgets/picture.js";

// `look()` is told that the hand or the keyboard points at another picture, `choose(i)` of a click,
// `filled()` that all pictures are there.
export function createGrid({ model, idle, look, choose, filled }) {
  let codes = [], cells = [], side = 1;
  let looked = null; // the cell that is pointed at
  let cursor = 0; // the cell to decode next: a new request goes on where the last one was cut off
  let reached = 0; // the cell with the Tab stop
  const element = h("div", { class: "cells", role: "group", onpointerleave: leave, onkeydown: walk,
    onfocusout: (event) => element.contains(event.relatedTarget) || leave() });
  element.style.setProperty("--wide", model.image[2] / model.image[1]);

  // -- cells
  function createCell(i) {
    const picture = createPicture(model.image, { role: "presentation" });
    const button = h("button", { type: "button", class: "cell", tabindex: i ? -1 : 0,
      "aria-label": `Picture ${i + 1}: more like this`, onclick: () => choose(i),
      onpointermove: ({ pointerType }) => pointerType === "mouse" && looked !== i && lookAt(i),
      onfocus: () => {
        reach(i);
        if (button.matches(":focus-visible")) lookAt(i);
      } }, picture.canvas);
    return { button, picture, fresh: false };
  }

  function lay() {
    cells = Array.from(codes, (_, i) => cells[i] ?? createCell(i));
    element.replaceChildren(...cells.map(({ button }) => button));
    element.style.setProperty("--side", side);
    reach(Math.min(reached, cells.length - 1));
  }

  // -- pointing
  function lookAt(i) {
    looked = i;
    look();
  }

  function leave() {
    lookAt(null);
  }

  function reach(i) {
    if (cells[reached]) cells[reached].button.tabIndex = -1;
    reached = Math.max(0, i);
    cells[reached].button.tabIndex = 0;
  }

  function walk(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -side, ArrowDown: side }[event.key];
    if (!step) return;
    event.preventDefault();
    cells[Math.min(cells.length - 1, Math.max(0, reached + step))].button.focus();
  }

  // -- filling
  function set(next, { wide, middle, words }) {
    [codes, side] = [next, wide];
    if (cells.length !== codes.length) lay();
    cells[0].button.classList.toggle("middle", middle);
    for (const cell of cells) cell.fresh = false;
    element.classList.remove("stale");
    element.setAttribute("aria-busy", "true");
    element.setAttribute("aria-label", words);
  }

  // As many pictures as there is time for until the clock says `until`; the rest in idle time.
  function paint(until) {
    const work = fill();
    while (performance.now() < until) if (work.next().done) break;
    idle.put("grid", work);
  }

  function* fill() {
    if (cells.every((cell) => cell.fresh)) return;
    for (let done = 0; done < cells.length; done++) {
      const cell = cells[cursor = cursor % cells.length];
      if (!cell.fresh) cell.picture.paint(model.decode(codes[cursor]));
      cell.fresh = true;
      cursor++;
      yield;
    }
    element.removeAttribute("aria-busy");
    filled();
  }

  function canvases() {
    for (const [i, { picture }] of cells.entries()) picture.paint(model.decode(codes[i]));
    return cells.map(({ picture }) => picture.canvas);
  }

  return { element, set, paint, leave, canvases, wait: () => element.classList.add("stale"),
    get looked() {
      return looked !== null && looked < codes.length ? looked : null;
    } };
}
