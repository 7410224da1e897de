// The picture whose class is asked for, and a button for each class.

import { exampleOf } from "../../core/origins.js";
import { createSelect } from "../../widgets/form.js";
import { h, help } from "../../widgets/dom.js";
import { classColour, isDark } from "../../widgets/palette.js";
import { createPicture } from "../../widgets/picture.js";
import { ASKS } from "./schema.js";

// `label(k)` and `skip()` hear of presses.
export function createQuestion(bench, { label, skip }) {
  const { model, classes, page } = bench;
  const picture = createPicture(model.image, { "aria-label": "The picture to label" });
  const says = h("p", { class: "guess quiet", role: "status" });
  const buttons = classes.map((name, k) => h("button", { type: "button", class: "class", onclick: () => label(k) },
    h("i", { "aria-hidden": "true" }), h("span", {}, name), h("meter", { min: 0, max: 1, "aria-hidden": "true" })));
  const skipping = h("button", { type: "button", class: "do-skip", onclick: skip }, "Skip");
  const element = h("section", { class: "card question", "aria-label": "Which class is it?" },
    h("header", {}, h("h2", {}, "Which class is it?"), createSelect(bench, "ask", "ask for", ASKS),
      help("the picture asked for", "The most telling picture is the one about which the labels so far are most ",
        "undecided, where many codes are near. Press a point of the map to label that one instead. A bundle holds ",
        "codes and no pictures of a data set: what you see is what the model draws from the code.")),
    h("div", { class: "asking" }, picture.canvas, h("div", { class: "answers" },
      h("div", { class: "classes", role: "group", "aria-label": "Classes" }, ...buttons), skipping)), says);
  let row = null;

  const colour = () => buttons.forEach((button, k) =>
    button.style.setProperty("--class", classColour(k, isDark(page))));

  function showRow(next) {
    if (next === row) return;
    row = next;
    picture.canvas.dataset.example = row;
    picture.paint(model.decode(exampleOf(bench, row).z));
  }

  // What the labels so far say of it.
  function show({ row: next, answer, labels, labelled }) {
    showRow(next);
    buttons.forEach((button, k) => (button.querySelector("meter").value = answer.p[row * classes.length + k]));
    const sure = `${Math.round(100 * answer.sure[row])} %`;
    says.textContent = !labels.length ? "Nothing is known yet: name its class."
      : labelled.has(row) ? "It has a label; another one replaces it."
        : `Your labels say ${classes[answer.best[row]]}, ${sure} sure.`;
  }

  function wait(words) {
    says.textContent = words;
  }

  function enable(on) {
    for (const button of [...buttons, skipping]) button.disabled = !on;
  }

  colour();
  enable(false);
  return { element, show, wait, enable, colour };
}
