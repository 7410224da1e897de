// The decoded grid: a button with a picture for each code, filled as fast as frames allow.
// One stop for the Tab key; the arrows go on from there.

import { h } from "../../widgets/dom.js";
import { createPicture } from "../../widgets/picture.js";

// `point()` hears that the hand or the keyboard points at another picture, `choose(i)` of a click,
// `filled()` that all pictures are there.
export class Grid {
  #codes = [];
  #cells = []; // {button, picture, fresh}
  #side = 1;
  #pointed = null; // the cell under the hand or the keyboard
  #cursor = 0; // the cell to decode next: the next frame continues where the last one stopped
  #rest = null; // stops the batch that is decoded beside the page
  #reached = 0; // the cell with the Tab stop

  constructor({ model, decoder, point, choose, filled }) {
    Object.assign(this, { model, decoder, point, choose, filled });
    this.element = h("div", { class: "cells", role: "group", onpointerleave: () => this.leave(),
      onkeydown: (event) => this.#step(event),
      onfocusout: ({ relatedTarget }) => this.element.contains(relatedTarget) || this.leave() });
    this.element.style.setProperty("--wide", model.image[2] / model.image[1]);
  }

  // -- pointing
  get pointed() {
    return this.#pointed !== null && this.#pointed < this.#codes.length ? this.#pointed : null;
  }

  leave() {
    this.#pointAt(null);
  }

  #pointAt(i) {
    this.#pointed = i;
    this.point();
  }

  #reach(i) {
    if (this.#cells[this.#reached]) this.#cells[this.#reached].button.tabIndex = -1;
    this.#reached = Math.max(0, i);
    this.#cells[this.#reached].button.tabIndex = 0;
  }

  #step(event) {
    const side = this.#side;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -side, ArrowDown: side }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = Math.min(this.#cells.length - 1, Math.max(0, this.#reached + step));
    this.#cells[next].button.focus();
  }

  // -- cells
  #createCell(i) {
    const picture = createPicture(this.model.image);
    const button = h("button", { type: "button", class: "cell", tabindex: i ? -1 : 0,
      "aria-label": `Picture ${i + 1}: more like this`, onclick: () => this.choose(i),
      onpointermove: ({ pointerType }) =>
        pointerType === "mouse" && this.#pointed !== i && this.#pointAt(i),
      onfocus: () => {
        this.#reach(i);
        if (button.matches(":focus-visible")) this.#pointAt(i);
      } }, picture.canvas);
    return { button, picture, fresh: false };
  }

  #lay() {
    this.#cells = Array.from(this.#codes, (_, i) => this.#cells[i] ?? this.#createCell(i));
    this.element.replaceChildren(...this.#cells.map(({ button }) => button));
    this.element.style.setProperty("--side", this.#side);
    this.#reach(Math.min(this.#reached, this.#cells.length - 1));
  }

  // -- filling
  // `centred`: the first of the codes is the picture that the others are variations of.
  set(codes, { side, centred, words }) {
    [this.#codes, this.#side] = [codes, side];
    this.#rest?.abort();
    this.#rest = null;
    if (this.#cells.length !== codes.length) this.#lay();
    this.#cells[0].button.classList.toggle("centre", centred);
    for (const cell of this.#cells) cell.fresh = false;
    this.element.classList.remove("stale");
    this.element.setAttribute("aria-busy", "true");
    this.element.setAttribute("aria-label", words);
  }

  // What the grid shows is not what is wanted, which is on its way.
  wait() {
    this.element.classList.add("stale");
  }

  // As many pictures as there is time for until the clock says `until`; the rest beside the page.
  paint(until) {
    if (!this.#missing.length) return;
    for (let left = this.#cells.length; left && performance.now() < until; left--) {
      this.#cursor %= this.#cells.length;
      const i = this.#cursor++;
      if (!this.#cells[i].fresh) this.#fill(i, this.model.decode(this.#codes[i]));
    }
    if (!this.#missing.length) this.#whole();
    else if (!this.#rest) this.#decodeRest(this.#missing);
  }

  get #missing() {
    return [...this.#cells.keys()].filter((i) => !this.#cells[i].fresh);
  }

  #fill(i, x) {
    this.#cells[i].picture.paint(x);
    this.#cells[i].fresh = true;
  }

  #whole() {
    this.element.removeAttribute("aria-busy");
    this.filled();
  }

  async #decodeRest(missing) {
    const { signal } = (this.#rest = new AbortController());
    const { latent: d, pixels } = this.model;
    const codes = new Float32Array(missing.length * d);
    missing.forEach((i, at) => codes.set(this.#codes[i], at * d));
    const images = await this.decoder.decode(codes, missing.length, { signal }).catch((error) => {
      if (!signal.aborted) throw error;
    });
    if (signal.aborted || !this.#missing.length) return; // others are wanted, or frames had the time
    missing.forEach((i, at) => this.#fill(i, images.subarray(at * pixels, (at + 1) * pixels)));
    this.#whole();
  }

  canvases() {
    for (const [i, { picture }] of this.#cells.entries()) picture.paint(this.model.decode(this.#codes[i]));
    return this.#cells.map(({ picture }) => picture.canvas);
  }
}
