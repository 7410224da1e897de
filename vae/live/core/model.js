// A trained model in the browser: the same three distributions as in Python, read from a bundle.

import { KINDS, oneHot } from "./blocks.js";
import { createCode, layoutOf } from "./code.js";
import { createDecoder } from "./decoder.js";
import { need } from "./errors.js";
import { LIKELIHOODS } from "./likelihoods.js";
import { compile } from "./nn.js";
import { PRIORS } from "./prior.js";

const product = (shape) => shape.reduce((a, b) => a * b, 1);

// `card` is a whole one (see card.js), `tensors` those of weights.safetensors; `simd: false` computes
// in plain JavaScript, as a browser without SIMD does anyway.
export function createModel(card, tensors, { simd } = {}) {
  const { code: description, model: { image, likelihood, encoder } } = card;
  const { size, outputs, top } = layoutOf(description);
  const { pixels, features, draw, decode, decodeMany } =
    createDecoder({ ...card.model, latent: size }, tensors, { simd });
  const { cost } = LIKELIHOODS[likelihood];
  const compiled = compile(encoder, tensors, "encoder", image, { simd });
  need(product(compiled.shape) === outputs, "The encoder's numbers do not fit the code.");

  const encodeTop = (x) => KINDS[top.kind].posterior(compiled.run(x).subarray(...top.from));
  const { kind, components } = description.prior;
  const code = createCode(description,
    top && PRIORS[kind].read(tensors, components, top.size, image, encodeTop));

  return {
    image,
    code,
    latent: size,
    pixels, // C * H * W
    // (C * H * W) in [0, 1] -> {mean, scale}, both (D); the class `y` fixes the code's choice
    encode(x, y = null) {
      const q = code.posterior(compiled.run(x));
      return y === null ? q : withClass(code, q, y);
    },
    decode,
    decodeMany,
    // What `x` costs at the mean of its posterior, in nats: KL(q || p), null where there is none, and
    // -log p(x|z); and `rebuilt`, the image (C * H * W) there.
    price(x, mean, scale) {
      const h = features(mean);
      return { rate: code.rate(mean, scale), distortion: cost(h, x), rebuilt: draw(h, 1) };
    },
  };
}

function withClass({ blocks }, { mean, scale }, y) {
  const choices = blocks.filter(({ kind }) => kind === "choice");
  need(choices.length === 1, "A class is for models with one choice in their code; this one has " +
    `${choices.length || "none"}.`);
  choices[0].of(mean).set(oneHot(y, choices[0].size));
  choices[0].of(scale).fill(0);
  return { mean, scale };
}
