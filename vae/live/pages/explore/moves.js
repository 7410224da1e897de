// Where one can go at a press: a draw from the prior, the origin, your pictures, any example of a class.

import { anyExample, drawAny, originOf } from "../../core/origins.js";
import { action } from "../../widgets/action.js";
import { h, more, select } from "../../widgets/dom.js";
import { createThumb } from "../../widgets/thumb.js";

const TEMPERATURES = ["0.5", "0.7", "1", "1.3"];
const FEW = 20; // classes with a button each in the bar; of more there is a list

// `code` is the picture in use: see pictureIn in state/history.js.
export function createMoves({ bench, code }) {
  const { model, classes, yours, history, notify } = bench;
  const temperature = select("temperature", TEMPERATURES.map((t) => [t, t]), "1",
    (t) => history.change({ temperature: Number(t) }));
  const mine = yours.items.map((item) => createThumb(model, item, `Go to ${item.name}`,
    () => code.go({ z: item.z, name: `your picture “${item.name}”` })));
  const random = () => code.go(drawAny(bench, history.now.temperature));
  const origin = () => code.go(originOf(bench));

  function toClass(k) {
    const example = anyExample(bench, k);
    if (example) code.go(example);
    else notify(`There is no held-out example of “${classes[k]}”.`);
  }

  const ofClass = h("span", { class: "classes" }, ...classes.map((name, k) => h("button", { type: "button",
    class: "class", title: `Go to an example of ${name}`, onclick: () => toClass(k) }, name)));
  const element = h("div", { class: "moves" },
    action("random", "Random, from the prior (R)", random, "Random"), temperature,
    action("origin", "Origin (O)", origin, "Origin"),
    mine.length ? more("Your pictures", { class: "do-yours" }, h("div", { class: "thumbs" }, ...mine)) : null,
    classes.length > FEW ? more(`${classes.length} classes`, { class: "do-class" }, ofClass) : ofClass);

  function show() {
    temperature.querySelector("select").value = String(history.now.temperature);
  }

  return { element, random, origin, show };
}
