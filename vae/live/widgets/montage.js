// Pictures that are on the page already, side by side on one white sheet: a PNG.
// It is small and at once; figure.js decodes large sheets in pieces, with progress and labels.

import { h } from "./dom.js";

// `canvases` of one size, row after row; each pixel `scale` squares wide, `gap` pixels around each.
export function montage(canvases, { columns, scale, gap = 8 }) {
  const [width, height] = [canvases[0].width * scale, canvases[0].height * scale];
  const place = (n, size) => gap + n * (size + gap);
  const rows = Math.ceil(canvases.length / columns);
  const sheet = h("canvas", { width: place(columns, width), height: place(rows, height) });
  const context = sheet.getContext("2d");
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, sheet.width, sheet.height);
  context.imageSmoothingEnabled = false;
  canvases.forEach((canvas, i) => context.drawImage(canvas, place(i % columns, width),
    place(Math.floor(i / columns), height), width, height));
  return new Promise((done) => sheet.toBlob(done, "image/png"));
}
