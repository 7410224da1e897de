// A row of a traversal: a strip of pictures, a hand that moves along it, and the picture where it stands.

import { h } from "../../widgets/dom.js";
import { distanceText } from "../../widgets/format.js";
import { createPicture, fillPixels } from "../../widgets/picture.js";
import { codeWith, columnValues, limited, shareOf, valueAt } from "./traversal.js";

const SIGNS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };
const STEP = 1 / 30, LEAP = 1 / 6; // of the arrow keys, shares of the reach

export class Row {
  at = 0; // the value where the hand stands

  // `code` is the picture in use, which the row leads to; `state()` has base, range and columns.
  constructor({ model, j, rate, code, state, playing }) {
    Object.assign(this, { model, j, code, state, playing });
    this.pixels = new Float32Array(model.pixels);
    this.strip = h("canvas", { class: "picture", height: model.image[1] });
    this.own = h("i", { class: "own" });
    this.hand = h("i", { class: "hand" });
    this.moving = createPicture(model.image);
    this.track = h("div", { class: "film-track", tabindex: 0, role: "slider", "data-dim": j,
      "aria-label": `Dimension ${j}`, onpointermove: (event) => this.#look(this.#under(event)),
      onpointerleave: () => this.#leave(), onblur: () => this.#leave(),
      onclick: (event) => this.#choose(this.#under(event)), onkeydown: (event) => this.#press(event) },
    this.strip, this.own, this.hand);
    this.element = h("div", { class: "traverse", "data-dim": j },
      h("div", { class: "label" }, h("b", {}, model.code.names[j]), rate === undefined ? null : h("span",
        { class: "quiet", title: "rate of this dimension" }, `${rate.toFixed(2)} nats`)),
      this.moving.canvas, this.track);
  }

  // -- what the hand does
  #under({ clientX }) {
    const { left, width } = this.track.getBoundingClientRect();
    return valueAt((clientX - left) / width, this.state());
  }

  #look(v) {
    this.put(v);
    this.hand.hidden = false;
    this.code.look(this.#codeAt(v));
  }

  #leave() {
    if (!this.playing()) this.rest();
    this.code.look(null);
  }

  #choose(v) {
    this.code.go({ z: this.#codeAt(v), name: "a traversal" });
  }

  #press(event) {
    const sign = SIGNS[event.key], { range } = this.state();
    if (event.key === "Enter") this.#choose(this.at);
    if (sign) this.#look(limited(this.at + sign * range * (event.shiftKey ? LEAP : STEP), { range }));
    if (sign || event.key === "Enter") event.preventDefault();
  }

  #codeAt(v) {
    return codeWith(this.state().base.z, this.j, v);
  }

  // -- what is shown
  put(v) {
    this.at = v;
    this.hand.style.left = `${100 * shareOf(v, this.state())}%`;
    this.track.setAttribute("aria-valuenow", v.toFixed(2));
    this.track.setAttribute("aria-valuetext", distanceText(v, this.model.code.units[this.j], 2));
  }

  // At the picture itself.
  rest() {
    this.put(this.state().base.z[this.j]);
    this.hand.hidden = true;
    this.paint();
  }

  paint() {
    this.moving.paint(this.model.decode(this.#codeAt(this.at), this.pixels));
  }

  // The strip is of other columns, or of another range.
  measure() {
    const { base, range, columns } = this.state();
    this.strip.width = columns * (this.model.image[2] + 1) - 1;
    this.own.style.left = `${100 * shareOf(base.z[this.j], { range, columns })}%`;
    this.track.setAttribute("aria-valuemin", -range);
    this.track.setAttribute("aria-valuemax", range);
  }

  // A picture at a time.
  * draw() {
    const { model, pixels } = this, [channels, height, width] = model.image;
    const pen = this.strip.getContext("2d"), stamp = new ImageData(width, height);
    for (const [i, v] of columnValues(this.state()).entries()) {
      model.decode(this.#codeAt(v), pixels);
      fillPixels(stamp.data, pixels, channels, width * height);
      pen.putImageData(stamp, i * (width + 1), 0);
      yield;
    }
  }
}
