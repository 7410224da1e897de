// How typical is a picture for a model, and if it is not, why? Pure functions of pixels and prices.
//
// The price of a picture is its surprise (core/surprise.js), in nats, and it is compared with the same
// figure of each held-out example. A picture is one of
//
//   typical    its price is nothing special, and the reconstruction lacks and adds little
//   prepared   another preparation, which was tried, would make it typical
//   several    there are several marks in it
//   extreme    it is many times as long as it is wide
//   photograph it is no drawing, where the model wants one
//   unlike     however it is prepared, it is unlike the training data

import { columnOf } from "../../core/atlas.js";
import { read } from "../../state/pictures.js";

export const RARE = 0.97; // a share of held-out examples cheaper than this is rare
const WORTH = 10; // nats that another preparation must save
// Shares of a drawing's ink that a reconstruction lacks or adds: those of MNIST's validation images are
// at most 0.19 and 0.25.
const LACKED = 0.3, ADDED = 0.4;

// A drawing has none before the hand rests, where the decoder is large.
export const priceOf = ({ surprise }) => surprise ?? null;

// The held-out examples' prices, sorted; null where the atlas is older than surprise.
export const pricesOf = (atlas) => columnOf(atlas, "surprise")?.toSorted() ?? null;

// The share of `sorted` that is smaller than `value`.
export function shareBelow(sorted, value) {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low / sorted.length;
}

// What the reconstruction lacks of a picture's ink, and adds to it, as shares of that ink.
export function inkOf(x, rebuilt) {
  let ink = 0, lacks = 0, adds = 0;
  x.forEach((v, i) => {
    ink += v;
    lacks += Math.max(0, v - rebuilt[i]);
    adds += Math.max(0, rebuilt[i] - v);
  });
  return { lacks: ink ? lacks / ink : 1, adds: ink ? adds / ink : 1 };
}

// The same pixels turned, or with light and dark swapped: {change, x}, as Python tries it with a file.
export function* otherwise(x, image) {
  const square = image[1] === image[2];
  for (const turn of square ? [1, 2, 3] : [2]) yield { change: { turn }, x: turned(x, image, turn) };
  yield { change: { swap: true }, x: x.map((v) => 1 - v) };
}

// By quarters, clockwise.
export function turned(x, [, height, width], times) {
  const out = new Float32Array(x.length), n = height * width;
  for (let i = 0; i < x.length; i++) {
    const [k, v, u] = [Math.floor(i / n), Math.floor((i % n) / width), i % width];
    const [a, b] = times === 1 ? [u, height - 1 - v]
      : times === 2 ? [height - 1 - v, width - 1 - u] : [width - 1 - u, v];
    out[k * n + a * width + b] = x[i];
  }
  return out;
}

// What a `judge` {model, prices, drawings} sees in a picture {x, looks}; `drawings`: the model wants them.
// `looks` {drawing, marks, long, extreme} are of a file that is to be a drawing, null of anything else.
function seen({ model, prices, drawings }, { x, looks = null }) {
  const { surprise: price, rebuilt } = read(model, x);
  const share = shareBelow(prices, price), ink = inkOf(x, rebuilt);
  const one = !looks || (looks.drawing && !looks.extreme && looks.marks.length < 2);
  const whole = !drawings || (ink.lacks <= LACKED && ink.adds <= ADDED);
  return { price, share, ink: drawings ? ink : null, fits: one && whole && share <= RARE };
}

// -> {kind, price, share, ink, better: {change, x, settings, price} | null}; no ink where no drawings are
// wanted. `others` are the preparations to try, each {change, x, looks}.
export function diagnose(judge, picture, others = [...otherwise(picture.x, judge.model.image)]) {
  const { fits, ...found } = seen(judge, picture), { looks } = picture;
  if (fits) return { ...found, kind: "typical", better: null };
  if (looks?.marks.length > 1) return { ...found, kind: "several", better: null };
  const [better = null] = others.map((other) => ({ ...other, ...seen(judge, other) }))
    .filter((other) => other.fits && found.price - other.price >= WORTH)
    .sort((a, b) => a.price - b.price);
  if (better) return { ...found, kind: "prepared", better };
  if (looks?.extreme) return { ...found, kind: "extreme", better };
  return { ...found, kind: looks && !looks.drawing ? "photograph" : "unlike", better };
}
