// Drag a rectangle on a picture to use that part: [left, top, right, bottom], as shares.

import { h } from "../../widgets/dom.js";

export const WHOLE = [0, 0, 1, 1];
const SMALLEST = 0.02; // a share of the picture: less is a slip of the hand

// `frame` holds the `image`; `cut(part)` hears of another part.
export function croppable(frame, image, part, cut) {
  const box = h("div", { class: "crop", hidden: true });
  frame.append(box);
  frame.classList.add("croppable");
  if (String(part ?? WHOLE) !== String(WHOLE)) draw(part);
  let from = null;

  function at({ clientX, clientY }) {
    const { left, top, width, height } = image.getBoundingClientRect();
    return [clip((clientX - left) / width), clip((clientY - top) / height)];
  }

  function draw([left, top, right, bottom]) {
    box.hidden = false;
    Object.assign(box.style, { left: `${100 * left}%`, top: `${100 * top}%`,
      width: `${100 * (right - left)}%`, height: `${100 * (bottom - top)}%` });
  }

  frame.addEventListener("pointerdown", (event) => {
    from = at(event);
    frame.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  frame.addEventListener("pointermove", (event) => from && draw(between(from, at(event))));
  frame.addEventListener("pointercancel", () => (from = null));
  frame.addEventListener("pointerup", (event) => {
    if (!from) return; // pressed somewhere else
    const [left, top, right, bottom] = between(from, at(event));
    from = null;
    if (right - left > SMALLEST && bottom - top > SMALLEST) cut([left, top, right, bottom]);
    else box.hidden = true;
  });
}

const clip = (v) => Math.min(1, Math.max(0, v));

const between = ([a, b], [c, d]) =>
  [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)].map((v) => Number(v.toFixed(4)));
