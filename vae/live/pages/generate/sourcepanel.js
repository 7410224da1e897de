// Where new pictures come from, as controls: the source, its class, the temperature and the seed.

import { createChoice } from "../../widgets/choice.js";
import { h, help, select } from "../../widgets/dom.js";
import { SEEDS } from "../../core/random.js";
import { createSlider } from "../../widgets/slider.js";
import { TEMPERATURES } from "./codes.js";
import { classesWithExamples, SOURCES, sourcesFor } from "./sources.js";
import { anew, anotherSeed } from "./steps.js";

export function createSourcePanel({ bench }) {
  const { history, classes, model } = bench;
  const source = createChoice({ name: "source", label: "Where new pictures come from",
    choices: sourcesFor(bench).map((key) =>
      [key, SOURCES[key].name, h("span", { class: "quiet" }, SOURCES[key].term(model.code))]),
    choose: (key) => history.change(anew({ source: key })) });
  const ofClass = select("class", classesWithExamples(bench).map((k) => [String(k), classes[k]]), "",
    (k) => history.change(anew({ source: "class", class: Number(k) })));
  const words = h("p", { class: "quiet", role: "status" });
  const temperature = createSlider({ label: "temperature",
    range: [TEMPERATURES.min, TEMPERATURES.max], settle: () => history.settle(),
    move: (t) => history.move({ temperature: t }),
    about: ["Random codes are stretched away from the centre of their source by this factor, by ",
      "which the standard deviation is multiplied. 1 keeps their spread; less draws them closer together, and ",
      "pictures differ less; more draws them farther out, where examples are rare."] });
  const seed = createSeed(history);
  const elements = [
    h("h2", {}, "New pictures from ", help("where pictures come from", "The prior, here ",
      `${model.code.prior.term}, is what the model expects of a code; where no example was ever encoded it `,
      "may have holes, and a picture from a hole can look like nothing. The aggregate posterior is where the ",
      "codes of examples really lie: Gaussians fitted to them know the holes. One class is ",
      model.code.isConditional ? "drawn by the model itself, which learned the class beside each picture." :
        "a Gaussian fitted to the codes of its examples",
      model.code.isConditional ? "" : model.code.hasChoice ? "." :
        "; the model itself is unconditional and knows no classes.")),
    source.element, ofClass, words, temperature.element, seed.element];

  // `said` is a sentence about the source.
  function show(now, said) {
    source.show(now.centre ? null : now.source);
    ofClass.hidden = now.source !== "class" || now.centre !== null;
    ofClass.querySelector("select").value = String(now.class);
    words.textContent = said;
    temperature.element.hidden = now.centre !== null;
    temperature.show(now.temperature);
    seed.show(now.seed);
  }

  return { elements, show, settle: ({ seed: value }) => seed.settle(value) };
}

function createSeed(history) {
  const input = h("input", { type: "number", min: 0, max: SEEDS - 1, step: 1, "aria-label": "seed",
    onchange: () => input.reportValidity() && history.change({ seed: input.valueAsNumber }) });
  const element = h("div", { class: "row" },
    h("label", { class: "number" }, h("span", { class: "quiet" }, "seed"), input,
      help("the seed", "The number that the random codes are computed from: the same seed and ",
        "settings give the same pictures, here and on any other computer.")),
    h("button", { type: "button", class: "do-more", title: "Other pictures: another seed (R)",
      onclick: () => history.change(anotherSeed()) }, "More"));

  function show(value) {
    if (document.activeElement !== input) input.value = value;
  }

  // Even while it has the focus: what was typed is in use now, or has been undone.
  const settle = (value) => (input.value = value);

  return { element, show, settle };
}
