// How typical is a picture for a model, and if it is not, why? Pure functions of pixels and prices.
//
// The price of a picture is its surprise (core/surprise.js), in nats, and it is compared with the same
// figure of each held-out example. Three things can have happened to a picture:
//
//   typical    its price is nothing special: what differs in the reconstruction is the VAE's blur
//   prepared   it would be typical if it were turned or its light and dark were swapped, or its light,
//              place or size are unlike those of all examples
//   unlike     however it is turned, it is unlike the training data

import { columnOf } from "../../core/atlas.js";
import { row } from "../../core/latent.js";
import { read } from "../../state/pictures.js";

export const RARE = 0.97; // a share of held-out examples cheaper than this is rare
const WORTH = 10; // nats that another preparation must save
const SAMPLED = 200; // held-out examples, as the decoder draws them, that show what is typical
const SLACK = 0.1; // of a feature's spread, beyond the least and the most among examples

export const priceOf = ({ surprise }) => surprise;

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

// What a picture has without a model: (C * H * W) in [0, 1] -> {name: number}.
export function features(x, [, height, width]) {
  let sum = 0, sx = 0, sy = 0, most = 0, border = 0, count = 0;
  for (let i = 0; i < x.length; i++) {
    const [u, v] = [i % width, Math.floor(i / width) % height];
    sum += x[i];
    sx += x[i] * u;
    sy += x[i] * v;
    most = Math.max(most, x[i]);
    if (u && v && u < width - 1 && v < height - 1) continue;
    border += x[i];
    count++;
  }
  return { light: sum / x.length, most, border: border / count,
    across: sum ? (sx / sum + 0.5) / width : 0.5, down: sum ? (sy / sum + 0.5) / height : 0.5 };
}

const WORDS = {
  light: ["there is less light in it", "there is more light in it"],
  most: ["it is fainter", "it is brighter"],
  border: ["its border is darker", "its border is brighter"],
  across: ["it lies further left", "it lies further right"],
  down: ["it lies higher", "it lies lower"],
};

// The least and the most of each feature among examples: a generator, so that it can wait its turn.
export function* featureRanges(model, atlas) {
  const ranges = {};
  const n = Math.min(SAMPLED, atlas.n);
  for (let i = 0; i < n; i++) {
    const x = model.decode(row(atlas.mean, Math.floor((i * atlas.n) / n), model.latent));
    for (const [name, value] of Object.entries(features(x, model.image))) {
      const [low, high] = ranges[name] ?? [value, value];
      ranges[name] = [Math.min(low, value), Math.max(high, value)];
    }
    yield;
  }
  return ranges;
}

export function strange(x, image, ranges) {
  return Object.entries(features(x, image)).flatMap(([name, value]) => {
    const [low, high] = ranges[name], slack = SLACK * (high - low) + 0.01;
    if (value < low - slack) return [WORDS[name][0]];
    return value > high + slack ? [WORDS[name][1]] : [];
  });
}

// The same picture prepared otherwise: {what, change, x}, `change` in the terms of the controls.
function* otherwise(x, image) {
  const square = image[1] === image[2];
  for (const times of square ? [1, 2, 3] : [2]) {
    yield { what: ["", "turned a quarter clockwise", "turned upside down",
      "turned a quarter anticlockwise"][times], change: { turn: times }, x: turned(x, image, times) };
  }
  yield { what: "with light and dark swapped", change: { swap: true }, x: x.map((v) => 1 - v) };
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

// -> {kind: "typical" | "prepared" | "unlike", share, better: {what, change, price} | null, reasons}
export function diagnose(model, x, prices, ranges) {
  const price = priceOf(read(model, x));
  const share = shareBelow(prices, price);
  if (share <= RARE) return { kind: "typical", price, share, better: null, reasons: [] };
  const others = [...otherwise(x, model.image)]
    .map(({ x: other, ...rest }) => ({ ...rest, price: priceOf(read(model, other)) }))
    .sort((a, b) => a.price - b.price);
  const [best] = others;
  const helps = shareBelow(prices, best.price) <= RARE && price - best.price >= WORTH;
  const reasons = strange(x, model.image, ranges);
  const kind = helps || reasons.length ? "prepared" : "unlike";
  return { kind, price, share, better: helps ? best : null, reasons };
}
