// "Am I still on the data?": three readings of a code, each as the share of held-out examples, or of the
// prior's own codes, that are nearer to the middle of things; and one answer from them.

import { nearest } from "./blend.js";
import { row } from "./latent.js";

const COMPARED = 200; // examples with which a code is compared
const EDGE = 0.95, OFF = 0.995; // shares above which a reading speaks against the data

// -> {scales(), read(z, away), ready()}. `scales` is a generator that measures the examples themselves, piece
// by piece, and continues where an earlier one stopped; before it is done `read` knows the prior's share
// alone. `away` is how far the nearest example lies.
export function createEvidence({ model, atlas }) {
  const { size, distance, typicality } = model.code;
  const n = Math.min(COMPARED, atlas.n);
  const apart = [], again = []; // of examples

  const reencoded = (z) => distance(model.encode(model.decode(z)).mean, z);

  function* scales() {
    for (let at = apart.length; at < n; at++) {
      const z = row(atlas.mean, Math.floor((at * atlas.n) / n), size);
      apart.push(nearest(atlas.mean, z, 2).distance.at(-1)); // the nearest is the example itself
      again.push(reencoded(z));
      yield;
    }
  }

  const ready = () => apart.length === n;

  function read(z, away) {
    const back = reencoded(z);
    return {
      typical: typicality(z),
      near: { distance: away, share: ready() ? below(apart, away) : null },
      again: { distance: back, share: ready() ? below(again, back) : null },
    };
  }

  return { scales, read, ready };
}

const below = (values, limit) => values.filter((v) => v < limit).length / values.length;

// What speaks against the data, by reading: where it is beyond all, and where it is beyond most.
const AGAINST = {
  typical: ["the prior hardly ever reaches here", "few codes of the prior lie this far out"],
  near: ["no example is near", "the nearest example is rather far"],
  again: ["the encoder does not recognise its picture", "the encoder recognises its picture only roughly"],
};

// -> {grade: 1 off the data, 3 at its edge, 5 on it, words}; null while nothing has been compared.
export function verdictOf({ typical, near, again }) {
  if (near.share === null) return null;
  const shares = { typical, near: near.share, again: again.share };
  const beyond = (limit, which) => Object.keys(AGAINST)
    .filter((key) => shares[key] !== null && shares[key] > limit).map((key) => AGAINST[key][which]).join(", ");
  const off = beyond(OFF, 0), edge = beyond(EDGE, 1);
  if (off) return { grade: 1, words: `Off the data: ${off}.` };
  return edge ? { grade: 3, words: `At the edge of the data: ${edge}.` } : { grade: 5, words: "On the data." };
}
