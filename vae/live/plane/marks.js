// What is drawn on a sheet besides its pictures: marks where chosen pictures lie, and a ring around the
// code that is chosen otherwise.

import { h } from "../widgets/dom.js";
import { createPicture } from "../widgets/picture.js";
import { putAt } from "./cross.js";
import { isOn } from "./spaces.js";

const SNAP = 12; // pixels within which the pointer means the mark itself

export function createMarks({ model, toPixel }) {
  const marks = h("div", { class: "marks" });
  const ring = h("div", { class: "ring", hidden: true, title: "your code" });
  let space = null;

  function createMark(z, i) {
    const picture = createPicture(model.image);
    picture.paint(model.decode(z));
    return h("div", { class: "mark", "data-mark": "ABC"[i] }, picture.canvas, h("b", {}, "ABC"[i]));
  }

  return {
    elements: [marks, ring],
    // `next.codes` are those of the marks, if there are any.
    show(next) {
      space = next;
      marks.replaceChildren(...(space.codes ?? []).map(createMark));
    },
    place(chosen) {
      space.marks?.forEach((mark, i) => putAt(marks.children[i], toPixel(mark)));
      const marked = space.codes?.findIndex((z) => chosen?.every((v, j) => v === z[j])) ?? -1;
      [...marks.children].forEach((mark, i) => mark.classList.toggle("chosen", i === marked));
      ring.hidden = !chosen || marked >= 0 || !isOn(space, chosen);
      if (!ring.hidden) putAt(ring, toPixel(space.place(chosen)));
    },
    // The code of the mark at a pixel, or undefined.
    at(pixel) {
      const i = (space.marks ?? []).findIndex((mark) => {
        const [x, y] = toPixel(mark);
        return Math.hypot(x - pixel[0], y - pixel[1]) < SNAP;
      });
      return space.codes?.[i];
    },
  };
}
