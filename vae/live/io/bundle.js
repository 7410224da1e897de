// A bundle's three files, fetched and read.

import { readAtlas } from "../core/atlas.js";
import { need } from "../core/errors.js";
import { createModel } from "../core/model.js";
import { parse } from "../core/safetensors.js";

// {card, model, atlas, bytes}. `files` maps a file name to its URL; `options` are the model's.
export async function openBundle(files, options) {
  const [card, weights, atlas] = await Promise.all([
    fetchFile(files["bundle.json"]).then((r) => r.json()),
    fetchFile(files["weights.safetensors"]).then((r) => r.arrayBuffer()),
    fetchFile(files["atlas.safetensors"]).then((r) => r.arrayBuffer()),
  ]);
  const model = createModel({ ...card.model, latent: codeSize(card) },
    parse(weights, "weights.safetensors"), options);
  return { card, model, atlas: readAtlas(parse(atlas, "atlas.safetensors"), model.latent),
    bytes: weights.byteLength + atlas.byteLength };
}

// How many numbers a code has: format 1 says it, of format 2 the blocks do.
const codeSize = ({ code, model }) =>
  model.latent ?? code.blocks.reduce((sum, { size }) => sum + size, 0);

async function fetchFile(url) {
  const response = await fetch(url);
  need(response.ok, `${url} could not be loaded (${response.status}).`);
  return response;
}
