// A bundle's three files, fetched and read. The decoder comes first: with it a page can follow the hand
// while the encoder and the atlas are still on their way.

import { readAtlas } from "../core/atlas.js";
import { readCard } from "../core/card.js";
import { layoutOf } from "../core/code.js";
import { createDecoder } from "../core/decoder.js";
import { need } from "../core/errors.js";
import { createModel } from "../core/model.js";
import { bytesUntil, parse } from "../core/safetensors.js";
import { openDecoder } from "./decoder.js";

const WEIGHTS = "weights.safetensors", ATLAS = "atlas.safetensors";
const ofDecoder = (name) => name.startsWith("decoder.");

// {card, model, decoder, atlas, bytes}. `files` maps a file name to its URL; `options` are the model's. On the way
// it calls `progress(bytes)` with what has come of weights and atlas so far, and once `early(decoder)`.
export async function openBundle(files, { progress = () => {}, early = () => {}, ...options } = {}) {
  const [raw, answer] = await Promise.all([
    fetchFile(files["bundle.json"]).then((response) => response.json()), fetchFile(files[WEIGHTS])]);
  const card = readCard(raw);
  const atlas = later();
  const weights = await readEarly(answer, ofDecoder, progress, (part) => {
    const config = { ...card.model, latent: layoutOf(card.code).size };
    early({ ...createDecoder(config, parse(part, WEIGHTS, ofDecoder), options), image: config.image });
    atlas.begin(fetchFile(files[ATLAS]));
  });
  const codes = await read(await atlas.promise, (bytes) => progress(weights.byteLength + bytes));
  const model = createModel(card, parse(weights, WEIGHTS), options);
  return { card, model, decoder: openDecoder({ card, weights: files[WEIGHTS], model }),
    atlas: readAtlas(parse(codes, ATLAS), model.latent, card.atlas.columns ?? []),
    bytes: weights.byteLength + codes.byteLength };
}

// A promise that is begun later: the atlas must not take the line from the decoder.
function later() {
  const { promise, resolve } = Promise.withResolvers();
  return { promise, begin: resolve };
}

// Reads to the end; `act(buffer)` is called once, as soon as the tensors that `wanted` names are there.
async function readEarly(response, wanted, progress, act) {
  let enough = null, done = false;
  const whole = await read(response, (bytes, joined) => {
    progress(bytes);
    if (done) return;
    enough ??= bytesUntil(joined(), wanted);
    if (enough === null || bytes < enough) return;
    done = true;
    act(joined());
  });
  if (!done) act(whole); // it is damaged: reading it says so
  return whole;
}

// An answer's bytes as an ArrayBuffer. `arrived(bytes, joined)` is called after each piece with the number
// of bytes so far and what joins them.
async function read(response, arrived) {
  const pieces = [];
  let bytes = 0;
  const joined = () => {
    const all = new Uint8Array(bytes);
    let at = 0;
    for (const piece of pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    return all.buffer;
  };
  for (const reader = response.body.getReader(); ;) {
    const { value, done } = await reader.read();
    if (done) return joined();
    pieces.push(value);
    bytes += value.length;
    arrived(bytes, joined);
  }
}

async function fetchFile(url) {
  const response = await fetch(url);
  need(response.ok, `${url} could not be loaded (${response.status}).`);
  return response;
}
