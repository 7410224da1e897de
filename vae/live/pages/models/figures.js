// What a picture costs a model, as a list; pale while the picture is another and the figures are to come.

import { h } from "../../widgets/dom.js";

const TERMS = {
  rate: ["rate", ({ rate }) => rate],
  distortion: ["distortion", ({ distortion }) => distortion],
  elbo: ["−ELBO", ({ rate, distortion }) => (rate === null ? null : rate + distortion)],
  surprise: ["surprise", ({ surprise }) => surprise],
};

export class Figures {
  // `keys` of TERMS, which are all of them otherwise.
  constructor(keys = Object.keys(TERMS)) {
    this.terms = keys.map((key) => ({ word: TERMS[key][0], read: TERMS[key][1], value: h("dd", {}) }));
    this.element = h("dl", { class: "figures" }, ...this.terms.flatMap(({ word, value }) => [h("dt", {}, word), value]));
  }

  wait() {
    this.element.classList.add("stale");
  }

  // `price` is null where nothing says what it costs.
  show(price) {
    for (const { read, value } of this.terms) value.textContent = price ? number(read(price)) : "not known";
    this.element.classList.remove("stale");
  }
}

const number = (v) => (v === null || v === undefined ? "none" : `${v.toFixed(1)} nats`);
