// "Am I still on the data?": one answer, the three readings behind it, and the nearest examples.

import { nearest } from "../../core/blend.js";
import { createEvidence, verdictOf } from "../../core/evidence.js";
import { exampleOf } from "../../core/origins.js";
import { h, help, Press } from "../../widgets/dom.js";
import { distanceText } from "../../widgets/format.js";
import { createPicture } from "../../widgets/picture.js";
import { typicalityOf } from "../../widgets/typicality.js";

const NEAR = 8; // examples
const REST = 120; // ms between two readings while the hand moves: the frames come first

export function createCheck({ bench, code }) {
  const { model, idle } = bench;
  const evidence = createEvidence(bench);
  const readings = createReadings(model.code);
  const examples = Array.from({ length: NEAR }, () => new NearExample(bench, code));
  const element = h("section", { class: "card check", "aria-label": "Am I still on the data?" },
    h("header", {}, h("h2", {}, "Am I still on the data?")), ...readings.elements);
  const near = h("div", { class: "near" }, h("p", { class: "quiet" }, "Nearest examples ", help("a nearest example",
      "The examples whose codes are closest to yours, as the decoder draws them, with their distance",
      model.code.unit && " in σ of the prior", ". ", Press, " one to go there.")),
    h("div", { class: "thumbs" }, ...examples.map(({ button }) => button)));
  let waiting = 0;

  function update() {
    waiting ||= setTimeout(() => {
      waiting = 0;
      idle.put("check", read(Float32Array.from(code.shown)));
    }, REST);
  }

  function* read(z) {
    const { index, distance } = nearest(bench.atlas.mean, z, NEAR);
    readings.show(z, evidence.read(z, distance[0]));
    yield;
    for (const [at, example] of examples.entries()) {
      example.show(index[at], distance[at]);
      yield;
    }
    if (!evidence.ready()) idle.put("compare", compare());
  }

  function* compare() {
    yield* evidence.scales();
    update();
  }

  return { element, near, update };
}

// The answer, and what it is made of.
function createReadings({ unit, ...code }) {
  const typicality = typicalityOf({ unit, ...code });
  const meter = h("span", { class: "meter", "aria-hidden": "true" });
  const verdict = h("strong", {}), typical = h("span", {}), near = h("span", {}), again = h("span", {});
  const elements = [
    h("p", { class: "answer" }, meter, " ", h("output", { class: "reading" }, verdict),
      help("this answer", "Three readings, each compared with the held-out examples or with codes of the ",
        "prior: off the data where one of them is beyond 99.5 % of those, at its edge beyond 95 %.")),
    h("p", {}, typical, " ", help("a typical code", ...typicality.about)),
    h("p", {}, near, " ", help("the distance to the examples", "How far the nearest example's code lies, ",
      "and how many of 200 examples lie closer to their own nearest one.")),
    h("p", {}, again, " ", help("recognising", "The picture is given to the encoder again. The code that ",
      "comes back, enc(dec(z)), is compared with yours, and the distance with that of 200 examples."))];

  const than = (share, words) => (share === null ? "" : `, ${words} ${Math.round(100 * share)} % of examples`);

  function show(z, evidence) {
    const answer = verdictOf(evidence);
    meter.textContent = answer ? "●".repeat(answer.grade) + "○".repeat(5 - answer.grade) : "";
    verdict.textContent = answer?.words ?? "Comparing with the examples …";
    typical.textContent = typicality.read(z).words;
    near.textContent = `Nearest example: ${distanceText(evidence.near.distance, unit)} away` +
      than(evidence.near.share, "farther than for");
    again.textContent = `Does the encoder recognise it? It lands ${distanceText(evidence.again.distance, unit, 2)} ` +
      `away${than(evidence.again.share, "worse than")}`;
  }

  return { elements, show };
}

// A place in the row of nearest examples; a press goes to the one that stands there.
class NearExample {
  row = null;

  constructor(bench, code) {
    this.bench = bench;
    this.picture = createPicture(bench.model.image);
    this.caption = h("span", { class: "quiet" });
    this.button = h("button", { type: "button", class: "thumb",
      onclick: () => code.go(exampleOf(bench, this.row)) }, this.picture.canvas, this.caption);
  }

  // Row i of the atlas, or none.
  show(i, away) {
    const { bench } = this, { unit } = bench.model.code;
    this.button.hidden = i === undefined;
    if (i === undefined) return;
    const { z, name } = exampleOf(bench, i);
    this.caption.textContent = distanceText(away, unit);
    this.button.setAttribute("aria-label", `Go to ${name}, ${distanceText(away, unit)} away`);
    if (this.row !== i) this.picture.paint(bench.model.decode(z));
    this.row = i;
  }
}
