// A canvas over a stage, in CSS pixels whatever the screen's are.

import { h } from "../widgets/dom.js";
import { fitCanvas } from "./stagesize.js";

export function createLayer(name) {
  const canvas = h("canvas", { class: name, "aria-hidden": "true" });
  const pen = canvas.getContext("2d");
  let size = [0, 0];
  return {
    canvas,
    get size() {
      return size;
    },
    resize(next, dpr) {
      size = next;
      fitCanvas(canvas, size, dpr);
      pen.setTransform(dpr, 0, 0, dpr, 0, 0);
    },
    // The pen, after everything that it drew is gone.
    clear() {
      pen.clearRect(0, 0, ...size);
      return pen;
    },
  };
}

export function stroke(pen, spots, width, style) {
  Object.assign(pen, { lineWidth: width, strokeStyle: style });
  pen.beginPath();
  spots.forEach((spot, i) => (i ? pen.lineTo(...spot) : pen.moveTo(...spot)));
  pen.stroke();
}
