// EM for probabilistic PCA: mean and two components as pictures, the codes that the E-step gives, how far the pictures are
// from as probable as they can be, and the closed form beside it.

import { angleBetween, posteriorMeans, shareOf } from "../../core/ppca.js";
import { anySeed } from "../../core/random.js";
import { h, help } from "../../widgets/dom.js";
import { createPlot } from "../../widgets/lineplot.js";
import { asDifference, classColour, isDark } from "../../widgets/palette.js";
import { createPicture } from "../../widgets/picture.js";
import { Fit } from "./fit.js";
import { STEPS } from "./schema.js";

const RADIUS = 3.5; // of the codes' plane, in units of the prior
const DOT = 2.5; // px
const ABOUT = ["Pictures are taken to be μ + w₁ z₁ + w₂ z₂ and noise, z₁ and z₂ to be standard normal: a VAE whose decoder is linear. The E-step asks ",
  "for each picture which z it has, and the answer is exact: the posterior of a linear model is a Gaussian. The M-step takes ",
  "the best w₁, w₂ and noise for these answers. No step makes the pictures less probable (Dempster et al., 1977; Tipping and ",
  "Bishop, 1999)."];

export class Em {
  #seen = null; // what is on the screen

  constructor(bench, wake) {
    Object.assign(this, { bench, fit: new Fit(bench, wake), history: bench.history });
    const { image } = bench.model, picture = () => createPicture([3, ...image.slice(1)]);
    this.pictures = [picture(), picture()];
    this.mean = createPicture(image);
    this.plane = h("canvas", { width: 320, height: 320, class: "plane-of-codes", role: "img" });
    this.plot = createPlot("How far the pictures are from as probable as they can be, nats each, from step 1 on", "nats");
    const sized = new ResizeObserver(() => this.plot.draw());
    sized.observe(this.plot.element);
    bench.closing(() => sized.disconnect());
    this.element = h("div", { class: "bench ancestors em" }, this.#createSteps(), this.#createPictures(), this.#createCodes(),
      this.#createCurve());
  }

  by(steps) {
    this.history.change({ steps: Math.min(STEPS, Math.max(0, this.history.now.steps + steps)) });
  }

  other() {
    this.history.change({ seed: anySeed(), steps: 0 });
  }

  #createSteps() {
    const { history } = this;
    const button = (words, attributes, act) => h("button", { type: "button", ...attributes, onclick: act }, words);
    this.slider = h("input", { type: "range", min: 0, max: STEPS, step: 1, "aria-label": "Steps of EM",
      oninput: () => history.move({ steps: this.slider.valueAsNumber }), onchange: () => history.settle() });
    this.count = h("output", {});
    this.closed = button("Closed form", { class: "do-closed" }, () => history.change({ closed: !history.now.closed }));
    this.readings = h("dl", {});
    const n = this.fit.data.n.toLocaleString("en");
    return h("section", { class: "card steps-of-em", "aria-label": "EM" },
      h("header", {}, h("h2", {}, "EM, step by step"), help("EM", ...ABOUT)),
      h("p", { class: "quiet" }, `Probabilistic PCA with two numbers, of what this model draws of its first ${n} held-out examples.`),
      h("div", { class: "row" }, button("One step", { class: "main do-step", title: "One step of EM (.)" }, () => this.by(1)),
        button("Ten steps", { class: "do-ten" }, () => this.by(10)),
        button("Start again", { class: "do-again" }, () => history.change({ steps: 0 })), this.closed),
      h("div", { class: "slider" }, h("span", {}, "Steps"), h("span", {}), this.count, this.slider), this.readings);
  }

  #createPictures() {
    const names = ["μ", "w₁", "w₂"], [first, second] = this.pictures;
    this.captions = names.map((name) => h("figcaption", {}, name));
    for (const { canvas } of this.pictures) canvas.classList.replace("picture", "map-of-pixels");
    return h("section", { class: "card components", "aria-label": "What the model has learned" }, h("h2", {}, "What z₁ and z₂ add"),
      h("div", { class: "three" }, ...[this.mean, first, second].map(({ canvas }, i) => h("figure", {}, canvas, this.captions[i]))));
  }

  #createCodes() {
    this.codesWords = h("p", { class: "quiet" });
    return h("section", { class: "card codes", "aria-label": "The codes of the pictures" }, h("h2", {}, "The E-step: a code for each picture"),
      this.plane, this.codesWords);
  }

  #createCurve() {
    return h("section", { class: "card curve", "aria-label": "Likelihood" }, h("h2", {}, "The likelihood never falls"), this.plot.element);
  }

  recolour() {
    this.#seen = null;
    this.paint();
  }

  paint() {
    const { seed, steps, closed } = this.history.now, known = this.fit.stepsFrom(seed);
    const at = Math.min(steps, known.length - 1), model = closed && this.fit.best ? this.fit.best : known[at];
    this.slider.value = steps;
    this.count.textContent = String(steps);
    this.closed.setAttribute("aria-pressed", String(closed));
    this.#read(model, at);
    this.#curve(known, at);
    if (this.#seen !== model) this.#show(model);
    this.#seen = model;
    return { steps: at };
  }

  #read(model, at) {
    const { best, data } = this.fit, below = best && best.nats - model.nats;
    const rows = [["log p(x) of a picture, mean", `${model.nats.toFixed(1)} nats`],
      ["below the closed form", best ? `${below.toFixed(2)} nats` : "…"],
      ["angle to its plane", best ? `${angleBetween(model, best).toFixed(1)}°` : "…"],
      ["variance in the plane", `${(100 * shareOf(data, model)).toFixed(0)} %`],
      ["noise of a pixel, s", Math.sqrt(model.variance).toFixed(3)]];
    this.readings.replaceChildren(...rows.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value.replace("-", "−"))]));
    this.readings.dataset.steps = at;
  }

  #curve(known, at) {
    const { best } = this.fit;
    if (!best) return;
    const colour = getComputedStyle(this.plot.element).getPropertyValue("--accent");
    this.plot.show([{ name: "nats below the closed form", values: known.slice(1).map(({ nats }) => best.nats - nats), strong: true,
      colour }], [0.5, Math.max(1, known.length - 1) + 0.5]);
    this.plot.at(at);
  }

  #show(model) {
    const { page, atlas, classes } = this.bench, { data } = this.fit, dark = isDark(page);
    const most = Math.max(...model.weight.map((w) => w.reduce((a, v) => Math.max(a, Math.abs(v)), 1e-9)));
    this.mean.paint(Float32Array.from(data.mean));
    model.weight.forEach((w, j) => this.pictures[j].paint(asDifference(greyOf(w, this.bench.model.image).map((v) => v / most), dark)));
    const codes = posteriorMeans(data, model), pen = this.plane.getContext("2d"), side = this.plane.width;
    const place = (v) => side * (0.5 + v / (2 * RADIUS));
    pen.clearRect(0, 0, side, side);
    rings(pen, side, getComputedStyle(page).getPropertyValue("--line"));
    for (let i = 0; i < data.n; i++) {
      pen.fillStyle = classColour(classes.length ? atlas.label[i] : 0, dark);
      pen.fillRect(place(codes[0][i]) - DOT, place(-codes[1][i]) - DOT, 2 * DOT, 2 * DOT);
    }
    this.plane.setAttribute("aria-label", `The mean codes of ${data.n} pictures, ${classes.length ? "coloured by class" : "all in one colour"}`);
    this.codesWords.textContent = `Each dot is a picture${classes.length ? " in the colour of its class" : ""}; the rings are one and two σ of the prior.`;
  }
}

// The sum of the channels of a picture.
const greyOf = (w, [, height, width]) => Float32Array.from({ length: height * width }, (_, i) => {
  let sum = 0;
  for (let at = i; at < w.length; at += height * width) sum += w[at];
  return sum;
});

function rings(pen, side, colour) {
  pen.strokeStyle = colour;
  for (const sigma of [1, 2]) {
    pen.beginPath();
    pen.arc(side / 2, side / 2, (side * sigma) / (2 * RADIUS), 0, 2 * Math.PI);
    pen.stroke();
  }
}
