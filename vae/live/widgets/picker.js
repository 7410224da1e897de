// A place for a picture: shows the one that stands there, and opens a box to put another.
//
// Pictures come from your pictures, from the held-out examples (by class) and from the prior. What is
// picked is {z, name}.

import { h, putBelow } from "./dom.js";
import { anyOf, drawAny, originOf } from "../core/origins.js";
import { createPicture } from "./picture.js";
import { createThumb } from "./thumb.js";

let count = 0;

// `label` names the place ("A", "start"), `change(picked)` is called with another picture.
export function createPick({ bench, label, picked, change }) {
  const { model, classes, yours } = bench;
  const id = `atelier-pick-${count++}`;
  const picture = createPicture(model.image);
  const name = h("span", { class: "name quiet" });
  const button = h("button", { type: "button", class: "thumb", popovertarget: id }, picture.canvas, name);
  const box = h("div", { id, popover: "auto", class: "picker", ontoggle: (event) => {
    if (event.newState !== "open") return;
    fill();
    putBelow(box, button);
  } });
  const element = h("div", { class: "pick" }, h("strong", {}, label), button, box);

  function show(next) {
    picked = next;
    picture.paint(model.decode(next.z));
    name.textContent = next.name;
    button.title = next.name;
    button.setAttribute("aria-label", `${label}: ${next.name}. Choose another`);
  }

  function take(next) {
    box.hidePopover();
    show(next);
    change(next);
  }

  function fill() {
    box.replaceChildren(
      h("p", { class: "quiet" }, yours.items.length ? "Your pictures"
        : "Pictures that you open, draw or add appear here too."),
      h("div", { class: "thumbs" }, ...yours.items.map(({ z, name }) =>
        createThumb(model, { z, name }, name, () => take({ z, name })))),
      h("p", { class: "quiet" }, "A held-out example"),
      h("div", { class: "row" }, ...(classes.length ? classes : ["any"]).map((word, k) =>
        h("button", { type: "button", onclick: () => take(anyOf(bench, k)) }, word))),
      h("div", { class: "row" }, h("button", { type: "button", onclick: () =>
        take(drawAny(bench)) }, "New from the prior"),
      h("button", { type: "button", onclick: () =>
        take(originOf(bench)) }, "The origin")));
  }

  show(picked);
  return { element, show, get picked() {
    return picked;
  } };
}
