// "Am I still on the data?": three readings of the current code, each in plain words.

import { h, help } from "../../widgets/dom.js";
import { nearest } from "../../core/blend.js";
import { row } from "../../core/latent.js";
import { exampleOf } from "../../core/origins.js";
import { distanceText } from "../../widgets/format.js";
import { createPicture } from "../../widgets/picture.js";
import { typicalityOf } from "../../widgets/typicality.js";

const SHOWN = 8; // nearest examples
const REST = 120; // ms between two readings while the hand moves: the frames come first
const COMPARED = 200; // examples whose re-encode error gives the figure its scale

export function createCheck({ bench, code }) {
  const { model, atlas, idle } = bench;
  const d = model.latent, { distance, unit } = model.code;
  const typicality = typicalityOf(model.code);
  const typical = h("output", { class: "reading" });
  const meter = h("span", { class: "meter", "aria-hidden": "true" });
  const again = h("output", { class: "reading" });
  const thumbs = Array.from({ length: SHOWN }, (_, at) => createThumb(at));
  const usual = []; // re-encode errors of examples, sorted
  let near = { index: [], distance: [] };

  const element = h("section", { class: "card check", "aria-label": "Am I still on the data?" },
    h("header", {}, h("h2", {}, "Am I still on the data?")),
    h("p", {}, meter, typical,
      help("a typical code", ...typicality.about)),
    h("p", {}, again,
      help("the re-encode error", "The image is given to the encoder again. Where the code that ",
        "comes back, enc(dec(z)), is far from yours, the model does not recognise its own picture. ",
        "The percentage compares the distance with the same figure of held-out examples.")),
    h("p", { class: "quiet" }, "Nearest examples", help("a nearest example",
      "The held-out codes closest to yours, as the decoder draws them, with their distance",
      unit && " in σ of the prior", ". Click one to go there.")),
    h("div", { class: "thumbs" }, ...thumbs.map((t) => t.button)));

  function createThumb(at) {
    const picture = createPicture(model.image);
    const caption = h("span", { class: "quiet" });
    const button = h("button", { type: "button", class: "thumb", onclick: () => {
      const i = near.index[at];
      if (i !== undefined) code.go(exampleOf(bench, i));
    } }, picture.canvas, caption);
    return { button, picture, caption, shown: -1 };
  }

  function reencode(z) {
    return distance(model.encode(model.decode(z)).mean, z);
  }

  function* compare() {
    const n = Math.min(COMPARED, atlas.n);
    for (let i = 0; i < n; i++) {
      usual.push(reencode(row(atlas.mean, Math.floor((i * atlas.n) / n), d)));
      yield;
    }
    usual.sort((a, b) => a - b);
    update();
  }

  let waiting = 0;
  function update() {
    waiting ||= setTimeout(() => {
      waiting = 0;
      idle.put("check", read(Float32Array.from(code.shown)));
    }, REST);
  }

  function* read(z) {
    showTypical(z);
    near = nearest(atlas.mean, z, SHOWN);
    yield;
    showAgain(reencode(z));
    for (let at = 0; at < SHOWN; at++) {
      showThumb(thumbs[at], near.index[at], near.distance[at]);
      yield;
    }
    if (!usual.length) idle.put("compare", compare());
  }

  function showTypical(z) {
    const { words, grade } = typicality.read(z);
    meter.textContent = grade === null ? "" : "●".repeat(grade) + "○".repeat(5 - grade);
    typical.textContent = ` ${words}`;
  }

  function showAgain(error) {
    const known = usual.length >= Math.min(COMPARED, atlas.n);
    const above = usual.filter((e) => e < error).length / usual.length;
    again.textContent = `Back again: |enc(dec(z)) − z| = ${distanceText(error, unit, 2)}` +
      (known ? `, more than ${Math.round(100 * above)} % of examples` : "");
  }

  function showThumb(thumb, i, away) {
    thumb.button.hidden = i === undefined;
    if (i === undefined) return;
    const name = bench.classes[atlas.label[i]] ?? "";
    thumb.caption.textContent = distanceText(away, unit);
    thumb.button.setAttribute("aria-label", `Go to example ${atlas.index[i]} ${name}, ` +
      `${away.toFixed(2)} ${unit && "sigma "}away`);
    if (thumb.shown === i) return;
    thumb.shown = i;
    thumb.picture.paint(model.decode(row(atlas.mean, i, d)));
  }

  return { element, update };
}
