// The page Inside: a picture goes through the machine, and every number on the way is there to be seen. All of it
// follows the hand.

import { stagesOf, throughMachine } from "../../core/machine.js";
import { action } from "../../widgets/action.js";
import { h } from "../../widgets/dom.js";
import { createPicture } from "../../widgets/picture.js";
import { createSlider } from "../../widgets/slider.js";
import { createActivations } from "./activations.js";
import { createCodeTable } from "./codetable.js";
import { createCost } from "./cost.js";
import { createLines, nameOf } from "./lines.js";
import { numbersOf } from "./numbers.js";
import { createInput } from "./picture.js";
import { Playing } from "./playing.js";
import { noiseOf, partsOf } from "./schema.js";

export { schema } from "./schema.js";

const REST = 150; // ms without a change, after which the mean over eight codes is taken
const KEYS = [["R", "any held-out example"], ["E", "another noise ε"], [",  .", "one step back, one on"]];

export function build(bench) {
  const { page, history, model, head } = bench, parts = partsOf(bench);
  const input = createInput(bench), lines = createLines(bench), cost = createCost(bench);
  const playing = new Playing(bench, parts), flow = createFlow(bench), factor = createFactor(bench);
  head.fill(action("random", "Any held-out example (R)", input.any));
  bench.keys(KEYS, { r: input.any, e: () => model.code.hasRate && playing.rollOnce(), ",": () => playing.by(-1), ".": () => playing.by(1) });
  page.append(bench.notices, h("div", { class: "bench inside" }, input.element,
    h("section", { class: "card machine", "aria-label": "The machine" }, playing.element, ...factor.elements, lines.lens, flow.element),
    cost.element, lines.element));
  light(bench);

  let timer = 0, seen = {}, now = null, numbers = {};
  function paint() {
    const { part, step, factor: times } = history.shown, x = input.read(history.now), noise = noiseOf(history.now, model.code);
    if (seen.x !== x || seen.times !== times || String(seen.noise) !== String(noise)) {
      seen = { x, times, noise };
      now = throughMachine(model, x, noise, times, now);
      numbers = numbersOf(bench, { x, noise, ...now });
      flow.show(x, now, noise);
      cost.show(now, times);
      clearTimeout(timer);
      timer = setTimeout(() => cost.rest(model.surprise(x), times), REST);
    }
    const lit = part ?? (step === null ? null : parts[step - 1]);
    factor.show(times);
    lines.show(numbers, history.now.part, lit);
    mark(page, parts, lit, step);
    return { rate: now.rate, distortion: now.distortion };
  }

  const request = bench.frames(paint);
  bench.closing(() => clearTimeout(timer));
  bench.follow(request);
  bench.onTheme(() => {
    seen = {};
    now = null;
    request();
  });
  request();
}

// The machine from left to right.
function createFlow({ page, history, model, card }) {
  const { image, encoder, decoder } = card.model, { code } = model;
  const view = (part, label) => {
    const { canvas, paint } = createPicture(image, { "aria-label": label });
    return { paint, element: h("figure", { "data-part": part, class: "activations end" }, canvas, h("figcaption", {}, label)) };
  };
  const [x, out] = [view("x", "x, what the model sees"), view("image", "x̂, the reconstruction")];
  const made = { e: [], d: [] }; // pictures of the stages: their shapes come with the first pass
  const places = { e: h("div", { class: "stages" }, h("strong", {}, "encoder")),
    d: h("div", { class: "stages" }, h("strong", {}, "decoder")) };
  let shown = null; // what the encoder made
  const table = createCodeTable({ model, history }, () => noiseOf(history.now, code));
  const element = h("div", { class: "flow" },
    ...[x.element, places.e, table.element, places.d, out.element].flatMap((one, i) => (i ? [arrow(), one] : [one])));

  function stages(letter, layers, trace) {
    for (const [i, { last }] of stagesOf(layers).entries()) {
      const { shape, values } = trace[last];
      if (!made[letter][i]) {
        made[letter][i] = createActivations(page, shape, { part: `${letter}${i}`, title: `What the ${nameOf(`${letter}${i}`)} makes` });
        places[letter].append(made[letter][i].element);
      }
      made[letter][i].paint(values);
    }
  }

  return { element, show(picture, now, noise) {
    if (shown !== now.encoder) {
      x.paint(picture);
      stages("e", encoder, now.encoder);
      shown = now.encoder;
    }
    table.show(now, noise);
    stages("d", decoder, now.decoder);
    out.paint(now.image);
  } };
}

const arrow = () => h("span", { class: "arrow", "aria-hidden": "true" });

// How much of sigma: 0 makes it an autoencoder.
function createFactor({ history, model }) {
  if (!model.code.hasRate) return { elements: [], show() {} };
  const { element, show } = createSlider({ label: "σ ×", range: [0, 2], move: (factor) => history.move({ factor }),
    settle: () => history.settle(), about: ["The reparameterization trick: z = μ + σ ε, with the noise outside the network. ",
      "At 0 there is no noise, and the VAE is an autoencoder; at 1 it is as it was trained."] });
  return { elements: [element], show };
}

// What is pointed at, or has the focus, is lit everywhere.
function light({ page, history, listen }) {
  const look = ({ target }) => {
    const part = target.closest?.("[data-part]")?.dataset.part ?? null;
    if (part !== (history.previewing ? history.shown.part : null)) history.look(part && { part });
  };
  for (const name of ["pointerover", "focusin"]) listen(page, name, look);
  listen(page, "pointerleave", () => history.look(null));
}

function mark(page, parts, lit, step) {
  const passed = new Set(step === null ? parts : parts.slice(0, step));
  for (const element of page.querySelectorAll("[data-part]")) {
    element.classList.toggle("lit", element.dataset.part === lit);
    element.classList.toggle("later", !passed.has(element.dataset.part));
  }
}
