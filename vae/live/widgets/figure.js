// Pictures of many codes as one picture: a contact sheet, a labelled figure, a film of many rows.

import { h } from "./dom.js";
import { need } from "../core/errors.js";
import { encodeGif, enlarge, indexed } from "../io/gif.js";
import { fillPixels } from "./picture.js";

const SLICE = 10; // ms in one go, so that the page stays awake
const MOST_SIDE = 16_383, MOST_PIXELS = 1e8; // what browsers' canvases hold
const INK = "#1e2329", PAPER = "#ffffff"; // a figure is printed: dark on white in either theme

// Places (x, y) of a grid over a box [left, low, right, high], row after row from the top.
export function gridOver([left, low, right, high], columns, rows) {
  return Array.from({ length: rows * columns }, (_, n) => {
    const [r, c] = [Math.floor(n / columns), n % columns];
    return [left + ((c + 0.5) / columns) * (right - left), high - ((r + 0.5) / rows) * (high - low)];
  });
}

// Waits until the page has drawn a frame, where `since` is too long ago.
async function breathe(since) {
  if (performance.now() - since.at < SLICE) return;
  await new Promise((done) => setTimeout(done));
  since.at = performance.now();
}

// Decodes `codes`, a null where there is none, telling `progress(share)`; stops when `signal` says so.
async function* decoded(model, codes, { progress = () => {}, signal } = {}) {
  const since = { at: performance.now() };
  const x = new Float32Array(model.pixels);
  for (const [n, z] of codes.entries()) {
    signal?.throwIfAborted();
    if (z) model.decode(z, x);
    yield z && x;
    progress((n + 1) / codes.length);
    await breathe(since);
  }
}

// One picture of `codes`, row after row; `labels` and `heads`, where given, are written beside the
// rows and above the columns.
export async function contactSheet(model, codes, { columns, scale = 2, gap = 0, labels, heads, ...how }) {
  const [c, height, width] = model.image;
  const rows = Math.ceil(codes.length / columns);
  const type = labels ? Math.max(11, Math.round(0.32 * height * scale)) : 0;
  const margin = labels ? Math.ceil(0.62 * type * Math.max(...labels.map((l) => l.length)) + type) : 0;
  const top = heads ? 2 * type : 0;
  const [wide, high] = [margin + (width * scale + gap) * columns - gap, top + (height * scale + gap) * rows - gap];
  need(Math.max(wide, high) <= MOST_SIDE && wide * high <= MOST_PIXELS, `A picture of ${wide} × ${high} ` +
    `pixels is too large; at most ${MOST_SIDE} a side and 100 million in all. Take fewer columns or a ` +
    "smaller scale.");
  const canvas = h("canvas", { width: wide, height: high });
  const context = canvas.getContext("2d");
  if (labels) Object.assign(context, { fillStyle: PAPER }).fillRect(0, 0, wide, high);
  context.imageSmoothingEnabled = false;
  const one = h("canvas", { width, height }), stamp = new ImageData(width, height);
  let n = 0;
  for await (const x of decoded(model, codes, how)) {
    const left = margin + (n % columns) * (width * scale + gap);
    const down = top + Math.floor(n / columns) * (height * scale + gap);
    n++;
    if (!x) continue;
    fillPixels(stamp.data, x, c, width * height);
    one.getContext("2d").putImageData(stamp, 0, 0);
    context.drawImage(one, left, down, width * scale, height * scale);
  }
  Object.assign(context, { fillStyle: INK, font: `${type}px sans-serif`, textBaseline: "middle" });
  const down = (r) => top + r * (height * scale + gap) + (height * scale) / 2;
  labels?.forEach((text, r) => context.fillText(text, type / 2, down(r)));
  context.textAlign = "center";
  heads?.forEach((text, i) => context.fillText(text, margin + i * (width * scale + gap) + (width * scale) / 2, type));
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

// A GIF in which many pictures move side by side: `frames` are arrays of codes.
export async function togetherGif(model, frames, { fps = 20, scale = 3, ...how }) {
  const [c, height, width] = model.image;
  const columns = Math.ceil(Math.sqrt(frames[0].length));
  const wide = columns * width, high = Math.ceil(frames[0].length / columns) * height;
  const channels = c === 1 ? 1 : 3;
  const bytes = frames.map(() => new Uint8Array(channels * wide * high));
  let n = 0;
  for await (const x of decoded(model, frames.flat(), how)) {
    const cell = n % frames[0].length;
    paste(bytes[Math.floor(n / frames[0].length)], x, channels, width, height, wide,
      (cell % columns) * width + Math.floor(cell / columns) * height * wide);
    n++;
  }
  const { palette, frames: pictures } = indexed(bytes, channels);
  const large = pictures.map((picture) => enlarge(picture, wide, scale));
  const delays = large.map(() => Math.max(2, Math.round(100 / fps)));
  return new Blob([encodeGif(large, wide * scale, high * scale, palette, delays)], { type: "image/gif" });
}

// An image (C * H * W) into interleaved bytes of a larger picture, from pixel `at` on.
function paste(bytes, x, channels, width, height, wide, at) {
  for (let v = 0; v < height; v++) {
    for (let u = 0; u < width; u++) {
      const to = channels * (at + v * wide + u);
      for (let k = 0; k < channels; k++) bytes[to + k] = Math.round(255 * x[(k * height + v) * width + u]);
    }
  }
}
