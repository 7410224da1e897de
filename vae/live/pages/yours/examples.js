// Examples that Python offers: held-out pictures, where their data set is on this computer, and
// scikit-learn's digits. `take(name, x)` is told of the one that is chosen.

import { h } from "../../widgets/dom.js";
import { refusal } from "../../core/errors.js";
import { createPicture } from "../../widgets/picture.js";
import { postJson } from "../../io/client.js";
import { unpack } from "../../state/pictures.js";

// `title` names the data set of the held-out pictures.
export function createOffered({ model, url, title, take }) {
  const offered = h("div", { class: "offered" });

  async function offer(seed) {
    offered.replaceChildren(h("p", { class: "quiet", role: "status" }, "Looking for examples …"));
    try {
      offered.replaceChildren(...sections(await postJson(`${url}?seed=${seed}`), seed));
    } catch (error) {
      offered.replaceChildren(h("p", {}, refusal(error)));
    }
  }

  function sections({ "held out": known, "scikit-learn": others }, seed) {
    if (!known.length) return [h("p", { class: "quiet" }, `${title} is not on this computer; once a ` +
      "data set is, some of its held-out pictures stand here."), ...digits(others)];
    return [...section("Held out: the model has never seen them", known),
      h("button", { type: "button", onclick: () => offer(seed + 1) }, "Others"), ...digits(others)];
  }

  const digits = (items) => (items.length
    ? section("scikit-learn's digits, 8 × 8 pixels each", items) : []);

  const section = (words, items) => [h("p", { class: "quiet" }, words),
    h("div", { class: "thumbs" }, ...items.map(createThumb))];

  function createThumb({ name, x }) {
    const picture = createPicture(model.image), values = unpack(x);
    picture.paint(values);
    return h("button", { type: "button", class: "thumb", title: name, "aria-label": `Take ${name}`,
      onclick: () => take(name, values) }, picture.canvas);
  }

  // Asks for them when they are first looked at.
  function show() {
    if (!offered.children.length) offer(0);
  }

  return { element: h("div", {}, offered), show };
}
