// A small picture to press, with its name below: of its own pixels `x`, or of what its code `z` means.

import { h } from "./dom.js";
import { createPicture } from "./picture.js";

export function createThumb(model, { name, z, x }, label, act) {
  const picture = createPicture(model.image);
  picture.paint(x ?? model.decode(z));
  return h("button", { type: "button", class: "thumb", title: name, "aria-label": label, onclick: act },
    picture.canvas, h("span", { class: "name quiet" }, name));
}
