// Measures of inference: what a search for one picture's posterior gains over the encoder's answer, and what it takes.

import { CHANGES } from "../../core/changes.js";
import { macsOf } from "../../core/macs.js";
import { parse } from "../../core/safetensors.js";
import { BEGINS, EVERY, SAMPLES, Search } from "../../core/search.js";
import { ended } from "../lab.js";
import { plain, whole } from "./writing.js";

const WEIGHTS = "weights.safetensors";

export const searches = {
  "search-gain": { say: plain, of: async (lab, name, example) => (await gains(lab, name, "encoder", example)).at(-1) },
  "search-gain-at": { say: plain, of: async (lab, name, example, steps) =>
    (await gains(lab, name, "encoder", example))[Math.round(steps / EVERY)] },
  "search-gain-of": { say: plain, of: async (lab, name, change, example) =>
    (await gains(lab, name, "encoder", example, change)).at(-1) },
  "search-needed": { say: whole, of: async (lab, name, example) =>
    EVERY * (await gains(lab, name, "prior", example)).findIndex((gain) => gain >= 0) },
  "search-work": { say: whole, of: searchWork },
};

const searchOf = (lab, name) => lab.once(["search", name], async () => {
  const response = await fetch(lab.filesOf(name)[WEIGHTS]);
  return new Search(await lab.open(name), parse(await response.arrayBuffer(), WEIGHTS));
});

// By how many nats each posterior of a search beats the encoder's.
function gains(lab, name, begin, example, change = null) {
  return lab.once(["gains", name, begin, example, change], async () => {
    const search = await searchOf(lab, name), picture = await lab.picture(example), { model } = await lab.open(name);
    const x = change ? CHANGES[change](picture, model.image) : picture, { loss } = search.price(x, model.encode(x));
    return ended((function* all() {
      const found = [];
      for (const one of search.priced(x, begin)) {
        found.push(loss - one.loss);
        yield;
      }
      return found;
    })());
  });
}

// How many times the encoder's multiplications a search from its answer takes: forwards and backwards for each code.
async function searchWork(lab, name) {
  const { model, card } = await lab.open(name), { encoder, image } = card.model;
  return (BEGINS.encoder.steps * SAMPLES * 2 * model.macs) / macsOf(encoder, image);
}
