// Examples that Python has: held-out pictures, where their data set is on this computer, and
// scikit-learn's digits. `take(name, x)` hears of the one that is chosen.

import { h } from "../../widgets/dom.js";
import { refusal } from "../../core/errors.js";
import { createPicture } from "../../widgets/picture.js";
import { postJson } from "../../io/client.js";
import { unpack } from "../../state/pictures.js";

export function createExamples({ bench, take }) {
  const { model, card, history } = bench, url = bench.ask("examples");
  const element = h("div", { class: "examples" });
  let asked = null; // the seed of those that are here or on their way

  // Asks for them when they are first looked at.
  function show({ source, exampleSeed }) {
    if (source === "examples" && asked !== exampleSeed) open(exampleSeed);
  }

  async function open(seed) {
    asked = seed;
    element.replaceChildren(h("p", { class: "quiet", role: "status" }, "Looking for examples …"));
    const content = await contentOf(seed);
    if (asked === seed) element.replaceChildren(...content);
  }

  async function contentOf(seed) {
    try {
      return sections(await postJson(`${url}?seed=${seed}`), seed);
    } catch (error) {
      return [h("p", {}, refusal(error))];
    }
  }

  function sections({ "held out": heldOut, "scikit-learn": others }, seed) {
    const digits = others.length ? section("scikit-learn's digits, 8 × 8 pixels each", others) : [];
    if (!heldOut.length) {
      return [h("p", { class: "quiet" }, `Download ${card.data.title} to see test pictures here.`), ...digits];
    }
    return [...section("Held out: the model has never seen them", heldOut),
      h("button", { type: "button", onclick: () => history.change({ exampleSeed: seed + 1 }) }, "More"),
      ...digits];
  }

  const section = (words, items) => [h("p", { class: "quiet" }, words),
    h("div", { class: "thumbs" }, ...items.map(createThumb))];

  function createThumb({ name, x }) {
    const picture = createPicture(model.image), values = unpack(x);
    picture.paint(values);
    return h("button", { type: "button", class: "thumb", title: name, "aria-label": `Take ${name}`,
      onclick: () => take(name, values) }, picture.canvas);
  }

  return { element: h("div", {}, element), show };
}
