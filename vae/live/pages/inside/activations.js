// What a stage of a network makes, as a small picture: channels beside each other, or numbers row after row.

import { h } from "../../widgets/dom.js";
import { asDifference, isDark } from "../../widgets/palette.js";
import { createPicture } from "../../widgets/picture.js";

const CHANNELS = 64, NUMBERS = 36_864; // shown of a stage, at most: all of them in each frame

// Where each number stands: {width, height, from, shown}, `from` being its index in the stage, or -1 for nothing, and
// `shown` how many channels there are.
export function mosaicOf(shape) {
  const [c, h, w] = shape.length === 3 ? shape : [shape[0], 1, 1];
  const shown = shape.length === 3 ? Math.min(c, CHANNELS, Math.ceil(NUMBERS / (h * w))) : c, columns = Math.ceil(Math.sqrt(shown));
  const width = columns * w, height = Math.ceil(shown / columns) * h;
  const from = Int32Array.from({ length: width * height }, (_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    const channel = Math.floor(y / h) * columns + Math.floor(x / w);
    return channel < shown ? (channel * h + (y % h)) * w + (x % w) : -1;
  });
  return { width, height, from, shown };
}

// `title` says what it is. -> {element, paint(values)}
export function createActivations(page, shape, { part, title }) {
  const { width, height, from, shown } = mosaicOf(shape), count = shape.join(" × ");
  const { canvas, paint } = createPicture([3, height, width], { "aria-label": title });
  canvas.classList.replace("picture", "map-of-pixels");
  const element = h("figure", { "data-part": part, class: "activations" }, canvas,
    h("figcaption", {}, shown < shape[0] ? `${count}, the first ${shown}` : count));
  return { element, paint(values) {
    const most = values.reduce((a, v) => Math.max(a, Math.abs(v)), 1e-6);
    paint(asDifference(Float32Array.from(from, (i) => (i < 0 ? 0 : values[i] / most)), isDark(page)));
  } };
}
