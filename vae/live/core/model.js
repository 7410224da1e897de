// A trained model in the browser: the same three distributions as in Python, read from a bundle.

import { KINDS } from "./blocks.js";
import { createCode, layoutOf } from "./code.js";
import { createDecoder } from "./decoder.js";
import { need } from "./errors.js";
import { compile } from "./nn.js";
import { PRIORS } from "./prior.js";
import { ceilingOf, createSurprise } from "./surprise.js";

const product = (shape) => shape.reduce((a, b) => a * b, 1);

// `card` is a whole one (see card.js), `tensors` those of weights.safetensors; `simd: false` computes
// in plain JavaScript, as a browser without SIMD does anyway.
export function createModel(card, tensors, { simd } = {}) {
  const { code: description, model: { image, likelihood, encoder } } = card;
  const { size, outputs, top } = layoutOf(description);
  const { pixels, macs, features, decode, decodeMany, trace } =
    createDecoder({ ...card.model, latent: size }, tensors, { simd });
  const compiled = compile(encoder, tensors, "encoder", image, { simd });
  need(product(compiled.shape) === outputs, "The encoder's numbers do not fit the code.");

  const encodeTop = (x) => KINDS[top.kind].posterior(compiled.run(x).subarray(...top.from));
  const { kind, components } = description.prior;
  const code = createCode(description,
    top && PRIORS[kind].read(tensors, components, top.size, image, encodeTop));
  for (const { dimension, name } of card.names ?? []) code.names[dimension] = name;

  // n images, one after the other -> n posteriors.
  function encodeMany(x, n, y = null) {
    const h = compiled.run(x, n);
    return Array.from({ length: n }, (_, k) =>
      code.posterior(h.subarray(k * outputs, (k + 1) * outputs), y));
  }

  return {
    image,
    code,
    latent: size,
    ceiling: ceilingOf(likelihood, pixels),
    surprise: createSurprise({ code, pixels, likelihood, encodeMany, features }),
    pixels, // C * H * W
    macs, // multiply-accumulates of a decode
    // (C * H * W) in [0, 1] -> {mean, scale}, both (D); the class `y` fixes the code's choice
    encode(x, y = null) {
      need(y === null || code.choice, "A class is for models with one choice in their code.");
      return encodeMany(x, 1, y)[0];
    },
    likelihood,
    traces: { encoder: compiled.trace, decoder: trace }, // of one picture, or code, what each layer makes
    features, // (codes, n) -> what the likelihood reads of n codes
    decode,
    decodeMany,
  };
}
