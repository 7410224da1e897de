// Measures of posteriors: how wide they are, what they cost, and what is drawn from them.

import { createReader, drawn, widthOf } from "../../core/clouds.js";
import { throughMachine } from "../../core/machine.js";
import { sampleNormal } from "../../core/normal.js";
import { sfc32 } from "../../core/random.js";
import { average } from "../../core/statistics.js";
import { nats, plain, share, whole } from "./writing.js";

const CODES = 200, NOISES = 64; // drawn for a figure

export const clouds = {
  rate: { say: nats, of: async (lab, name, example) => (await priceOf(lab, name, example)).rate },
  distortion: { say: nats, of: async (lab, name, example) => (await priceOf(lab, name, example)).distortion },
  width: { say: plain, of: async (lab, name, example) => average((await posteriorOf(lab, name, example)).scale) },
  "mean-width": { say: plain, of: async (lab, name) => widthOf((await lab.open(name)).atlas) },
  "widest-class": { say: whole, of: async (lab, name) => (await classWidths(lab, name)).at(-1).k },
  "widest-width": { say: plain, of: async (lab, name) => (await classWidths(lab, name)).at(-1).width },
  "narrowest-class": { say: whole, of: async (lab, name) => (await classWidths(lab, name))[0].k },
  "narrowest-width": { say: plain, of: async (lab, name) => (await classWidths(lab, name))[0].width },
  misread: { say: share, of: misread },
  "distortion-at": { say: nats, of: distortionAt },
  "noise-cost": { say: nats, of: async (lab, ...given) =>
    await distortionAt(lab, ...given, 1) - await distortionAt(lab, ...given, 0) },
};

async function priceOf(lab, name, example) {
  const { model } = await lab.open(name);
  return model.surprise(await lab.picture(example));
}

async function posteriorOf(lab, name, example) {
  const { model } = await lab.open(name);
  return model.encode(await lab.picture(example));
}

// The narrowest first.
async function classWidths(lab, name) {
  const { atlas, classes } = await lab.open(name);
  return classes.map((_, k) => ({ k, width: widthOf(atlas, k) })).sort((a, b) => a.width - b.width);
}

async function misread(lab, name, example) {
  const context = await lab.open(name), { model } = context, read = createReader(context);
  const right = (await lab.open(lab.first)).atlas.label[await lab.rowOf(example)];
  const codes = drawn(model.code, await posteriorOf(lab, name, example), CODES);
  return codes.filter((z) => read(Float32Array.from(model.decode(z))).label !== right).length / CODES;
}

async function distortionAt(lab, name, example, factor) {
  const { model } = await lab.open(name), x = await lab.picture(example), uniform = sfc32(0);
  return average(Array.from({ length: NOISES }, () =>
    throughMachine(model, x, sampleNormal(model.code.size, uniform), Number(factor)).distortion));
}
