// One picture on its way through a model, x -> encoder -> mu, sigma -> z = mu + sigma epsilon -> decoder -> x^,
// with every number on the way, and what it costs.

import { likeliest, oneHot } from "./blocks.js";
import { LIKELIHOODS } from "./likelihoods.js";

const ACTIVATIONS = new Set(["silu", "relu", "tanh", "sigmoid"]);
const SHAPES = new Set(["flatten", "unflatten", "slice"]); // the numbers stay as they are

// A network's layers in stages that are worth a picture each: what computes, with the activation and the reshaping
// behind it. -> [{layers, last}], `last` being the place of the stage's last layer in the list.
export function stagesOf(layers) {
  const stages = [];
  layers.forEach((layer, i) => {
    const joins = ACTIVATIONS.has(layer.op) || SHAPES.has(layer.op) || stages.at(-1)?.layers.every(({ op }) => SHAPES.has(op));
    if (!joins || !stages.length) stages.push({ layers: [], last: i });
    stages.at(-1).layers.push(layer);
    stages.at(-1).last = i;
  });
  return stages;
}

// What the model sees of a picture: black or white where it knows no greys.
export const inputOf = ({ likelihood }, x) =>
  (LIKELIHOODS[likelihood].levels === 2 ? x.map((v) => Math.round(v)) : x);

// z = mu + factor sigma epsilon; a choice is its likeliest class.
export function codeOf(code, { mean, scale }, noise, factor) {
  const z = mean.map((m, j) => m + factor * scale[j] * noise[j]);
  for (const { kind, size, of } of code.blocks) {
    if (kind === "choice") of(z).set(oneHot(likeliest(of(mean)), size));
  }
  return z;
}

// -> {x, encoder, posterior, mean, scale, z, decoder, image, rate, distortion}: `encoder` and `decoder` are what each
// of their layers makes, {shape, values}; `scale` is the posterior's times `factor`; the costs are those of this z, in
// nats, the rate null where the posterior is a point to begin with. `before` is an earlier pass, whose first half is
// good where the picture is the same.
export function throughMachine(model, x, noise, factor = 1, before = null) {
  const { code, traces, likelihood, pixels } = model;
  const encoder = before?.x === x ? before.encoder : traces.encoder(x);
  const q = before?.x === x ? before.posterior : code.posterior(encoder.at(-1).values);
  const z = codeOf(code, q, noise, factor), decoder = traces.decoder(z), features = decoder.at(-1).values;
  const { mean: shade, cost } = LIKELIHOODS[likelihood], scale = q.scale.map((s) => factor * s);
  return { x, encoder, posterior: q, mean: q.mean, scale, z, decoder, image: features.slice(0, pixels).map(shade),
    rate: code.rate(q.mean, scale, z), distortion: cost(features, x) };
}
