// Images of a model on canvases: one canvas pixel for each image pixel, scaled by CSS.

import { h } from "./dom.js";

// One without an `aria-label` is hidden from who cannot see it: what stands around it says what it is.
export function createPicture([c, height, width], attributes = {}) {
  const spoken = attributes["aria-label"] ? { role: "img" } : { "aria-hidden": "true" };
  const canvas = h("canvas", { width, height, class: "picture", ...spoken, ...attributes });
  const context = canvas.getContext("2d");
  const data = context.createImageData(width, height);
  return {
    canvas,
    paint(x) {
      fillPixels(data.data, x, c, width * height);
      context.putImageData(data, 0, 0);
    },
  };
}

// (C * H * W) in [0, 1], one grey or three colour planes -> RGBA bytes.
export function fillPixels(rgba, x, c, n) {
  const [green, blue] = c === 3 ? [n, 2 * n] : [0, 0];
  for (let i = 0, at = 0; i < n; i++, at += 4) {
    rgba[at] = 255 * x[i];
    rgba[at + 1] = 255 * x[green + i];
    rgba[at + 2] = 255 * x[blue + i];
    rgba[at + 3] = 255;
  }
}

// The picture as a PNG, each pixel `scale` squares wide.
export function toPng(canvas, scale) {
  const large = h("canvas", { width: canvas.width * scale, height: canvas.height * scale });
  const context = large.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(canvas, 0, 0, large.width, large.height);
  return new Promise((resolve) => large.toBlob(resolve, "image/png"));
}
