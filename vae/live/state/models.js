// The models that are open in this tab, several at once: pages compare them. A model is what a page
// reads of it: {id, card, model, decoder, atlas, classes, memory, yours}. The ones not used for longest are let go
// where all together take too much memory.

import { openBundle } from "../io/bundle.js";
import { createMemory } from "./memory.js";
import { picturesOf } from "./pictures.js";

const MOST_BYTES = 256e6; // of files; their networks take about twice that
const opened = new Map(); // weights' address, which has their sum -> promise; the last used at the end
const sizes = new Map(); // the same -> bytes, of those that are there

// `watch` are openBundle's progress(bytes) and early(decoder), where the model is not there yet.
export function openModel(files, watch) {
  const key = files["weights.safetensors"];
  const model = opened.get(key) ?? open(files, key, watch);
  opened.delete(key);
  opened.set(key, model);
  return model;
}

function open(files, key, watch) {
  const model = openBundle(files, watch).then((bundle) => {
    sizes.set(key, bundle.bytes);
    makeRoom(key);
    return contextOf(bundle);
  });
  model.catch(() => opened.delete(key));
  return model;
}

function contextOf({ card, model, decoder, atlas }) {
  const id = card.files["weights.safetensors"]; // the SHA-256: the same wherever the model is opened
  return { id, card, model, decoder, atlas, classes: card.data.classes ?? [],
    memory: createMemory(id), yours: picturesOf(id, model) };
}

function makeRoom(newest) {
  let sum = [...sizes.values()].reduce((a, b) => a + b, 0);
  for (const key of [...opened.keys()].filter((key) => key !== newest && sizes.has(key))) {
    if (sum <= MOST_BYTES) return;
    sum -= sizes.get(key);
    sizes.delete(key);
    opened.get(key).then(({ decoder }) => decoder.close());
    opened.delete(key);
  }
}
