// Where new pictures come from, as controls: the source, its class, the temperature and the seed.

import { createChoice } from "../../widgets/choice.js";
import { h, help, select } from "../../widgets/dom.js";
import { TEMPERATURES } from "./codes.js";
import { SEEDS } from "../../core/random.js";
import { createSlider } from "../../widgets/slider.js";
import { SOURCES } from "./sources.js";

// `known` are the classes that have examples. Told are: `begin({source, kind})` of another source,
// `move({t})` and `settle()` of the slider, `set({seed})`, and `others()`.
export function createSourcePanel({ classes, known, begin, move, settle, set, others }) {
  const offered = Object.entries(SOURCES).filter(([key]) => key !== "class" || known.length > 1);
  const source = createChoice({ name: "source", label: "Where new pictures come from",
    choices: offered.map(([key, { name, term }]) => [key, name, h("span", { class: "quiet" }, term)]),
    choose: (key) => begin({ source: key }) });
  const kind = select("class", known.map((k) => [String(k), classes[k]]), "0",
    (k) => begin({ source: "class", kind: Number(k) }));
  const words = h("p", { class: "quiet", role: "status" });
  const temperature = createSlider({ label: "temperature", range: TEMPERATURES, settle,
    move: (t) => move({ t }), about: ["Random codes are stretched away from the middle by this ",
      "factor: 1 draws them as they are spread, less gives more usual pictures, more gives odder ",
      "ones (the standard deviation is multiplied by it)."] });
  const seed = h("input", { type: "number", min: 0, max: SEEDS - 1, step: 1, "aria-label": "seed",
    onchange: () => seed.reportValidity() && set({ seed: seed.valueAsNumber }) });
  const elements = [
    h("h2", {}, "New pictures from ", help("where pictures come from", "The prior N(0, I) is what ",
      "the model was told to expect; where no example was ever encoded it has holes, and a picture ",
      "from a hole can look like nothing. The aggregate posterior is where the codes of examples ",
      "really lie: Gaussians fitted to them know the holes. One class is a Gaussian fitted to the ",
      "codes of its examples; the model itself is unconditional and knows no classes.")),
    source.element, kind, words, temperature.element,
    h("div", { class: "row" },
      h("label", { class: "number" }, h("span", { class: "quiet" }, "seed"), seed,
        help("the seed", "The number that the random codes are computed from: the same seed and ",
          "settings give the same pictures, here and on any other computer.")),
      h("button", { type: "button", class: "do-others", onclick: others }, "Others"))];

  function show(now, said) {
    source.show(now.center ? null : now.source);
    kind.hidden = now.source !== "class" || now.center !== null;
    kind.querySelector("select").value = String(now.kind);
    words.textContent = said;
    temperature.element.hidden = now.center !== null;
    temperature.show(now.t);
    if (document.activeElement !== seed) seed.value = now.seed;
  }

  // Even while it has the focus: what was typed is in use now, or has been undone.
  const settled = (now) => (seed.value = now.seed);

  return { elements, show, settled };
}
