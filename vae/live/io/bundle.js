// A bundle's three files, fetched and read.

import { readAtlas } from "../core/atlas.js";
import { readCard } from "../core/card.js";
import { need } from "../core/errors.js";
import { createModel } from "../core/model.js";
import { parse } from "../core/safetensors.js";
import { openDecoder } from "./decoder.js";

// {card, model, decoder, atlas, bytes}. `files` maps a file name to its URL; `options` are the model's.
export async function openBundle(files, options) {
  const [raw, weights, atlas] = await Promise.all([
    fetchFile(files["bundle.json"]).then((r) => r.json()),
    fetchFile(files["weights.safetensors"]).then((r) => r.arrayBuffer()),
    fetchFile(files["atlas.safetensors"]).then((r) => r.arrayBuffer()),
  ]);
  const card = readCard(raw);
  const model = createModel(card, parse(weights, "weights.safetensors"), options);
  const decoder = openDecoder({ card, weights: files["weights.safetensors"], model });
  const columns = card.atlas.columns ?? [];
  return { card, model, decoder,
    atlas: readAtlas(parse(atlas, "atlas.safetensors"), model.latent, columns),
    bytes: weights.byteLength + atlas.byteLength };
}

async function fetchFile(url) {
  const response = await fetch(url);
  need(response.ok, `${url} could not be loaded (${response.status}).`);
  return response;
}
