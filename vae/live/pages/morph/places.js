// Places along a path: key frame i, which has a letter, is at i.

import { number } from "../../io/schema.js";

export const BEYOND = 0.5; // how far past its ends a morph can be drawn out
export const PLACES = 1000; // between two key frames, where a hand can stop: a link names each in full

export const letter = (i) => String.fromCharCode(65 + i);

// The nearest place to t where a hand can stop.
export function placeAt(t, last) {
  return Math.round(PLACES * Math.min(last + BEYOND, Math.max(-BEYOND, t))) / PLACES;
}

// The place as a field of the page's state, below its key frames.
export const placeField = {
  initial: 0.5,
  read(text, { keys }) {
    const most = keys.length - 1 + BEYOND;
    return number({ initial: 0, min: -BEYOND, max: most }).read(text);
  },
  write: String,
};

// Where t lies between the key frames 0 to `last`.
export function placeWords(t, last, path) {
  const leg = Math.min(Math.max(Math.floor(t), 0), last - 1);
  const share = Math.round(100 * (t - leg));
  return `${share} % of the way from ${letter(leg)} to ${letter(leg + 1)}, ${path}` +
    (share < 0 || share > 100 ? " (beyond the end)" : "");
}
