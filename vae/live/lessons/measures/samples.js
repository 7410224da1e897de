// Measures of pictures that nobody drew: how many can be read, and how far they differ.

import { createReader } from "../../core/clouds.js";
import { sfc32 } from "../../core/random.js";
import { SOURCES } from "../../core/sources.js";
import { average } from "../../core/statistics.js";
import { ended } from "../lab.js";
import { plain, share, whole } from "./writing.js";

const CODES = 200;

export const samples = {
  readable: { say: share, of: async (lab, name, source) => {
    const context = await lab.open(name);
    return readableShare(lab, await imagesOf(lab, ["images", name, source], context, SOURCES[source](context, sfc32(0))));
  } },
  "readable-gain": { say: plain, of: async (lab, a, b) =>
    await samples.readable.of(lab, a, "prior") - await samples.readable.of(lab, b, "prior") },
  "readable-percent": { say: whole, of: async (...given) => 100 * await samples.readable.of(...given) },
  "readable-at": { say: share, of: async (lab, name, t) => readableShare(lab, await stretched(lab, name, t)) },
  "variety-at": { say: plain, of: async (lab, name, t) => variety(await stretched(lab, name, t)) },
};

// From the prior, at a temperature.
async function stretched(lab, name, t) {
  const context = await lab.open(name), uniform = sfc32(0);
  return imagesOf(lab, ["images", name, t], context, () => context.model.code.prior.sample(uniform, Number(t)));
}

const imagesOf = (lab, words, { model }, draw) => lab.once(words, () => ended(decoded(model, draw)));

function* decoded(model, draw) {
  const images = [];
  while (images.length < CODES) {
    images.push(Float32Array.from(model.decode(draw())));
    yield;
  }
  return images;
}

async function readableShare(lab, images) {
  const read = createReader(await lab.open(lab.first));
  return ended((function* count() {
    let clear = 0;
    for (const image of images) {
      clear += read(image).isClear;
      yield;
    }
    return clear / images.length;
  })());
}

// How far a pixel of one picture is from that of the next, of white, on average.
const variety = (images) => average(images.slice(1).map((image, i) =>
  average(image.map((v, at) => Math.abs(v - images[i][at])))));
