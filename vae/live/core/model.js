// A trained model in the browser: the same three distributions as in Python, read from a bundle.

import { KINDS, oneHot } from "./blocks.js";
import { createCode, layoutOf } from "./code.js";
import { need } from "./errors.js";
import { LIKELIHOODS } from "./likelihoods.js";
import { compile } from "./nn.js";
import { PRIORS } from "./prior.js";

const product = (shape) => shape.reduce((a, b) => a * b, 1);

// `card` is a whole one (see card.js), `tensors` those of weights.safetensors; `simd: false` computes
// in plain JavaScript, as a browser without SIMD does anyway.
export function createModel(card, tensors, { simd } = {}) {
  const { code: description, model: { image, likelihood, ...nets } } = card;
  const { size, outputs, top } = layoutOf(description);
  need(Object.hasOwn(LIKELIHOODS, likelihood), `Unknown likelihood ${JSON.stringify(likelihood)}.`);
  const { channels, mean: meanOf, cost } = LIKELIHOODS[likelihood];
  const pixels = product(image);
  const encoder = compile(nets.encoder, tensors, "encoder", image, { simd });
  const decoder = compile(nets.decoder, tensors, "decoder", [size], { simd });
  need(product(encoder.shape) === outputs, "The encoder's numbers do not fit the code.");
  need(product(decoder.shape) === channels * pixels, "The decoder does not end in an image.");

  const encodeTop = (x) => KINDS[top.kind].posterior(encoder.run(x).subarray(...top.from));
  const { kind, components } = description.prior;
  const code = createCode(description,
    top && PRIORS[kind].read(tensors, components, top.size, image, encodeTop));

  const features = channels * pixels;
  function drawn(h, n, into = new Float32Array(n * pixels)) {
    for (let e = 0; e < n; e++) {
      for (let i = 0; i < pixels; i++) into[e * pixels + i] = meanOf(h[e * features + i]);
    }
    return into;
  }

  return {
    image,
    code,
    latent: size,
    pixels, // C * H * W
    // (C * H * W) in [0, 1] -> {mean, scale}, both (D); the class `y` fixes the code's choice
    encode(x, y = null) {
      const q = code.posterior(encoder.run(x));
      return y === null ? q : withClass(code, q, y);
    },
    // (D) -> (C * H * W) in [0, 1]; `into` saves an allocation
    decode: (z, into) => drawn(decoder.run(z), 1, into),
    // n codes, one after the other -> n images likewise
    decodeMany: (codes, n, into) => drawn(decoder.run(codes, n), n, into),
    // What `x` costs at the mean of its posterior, in nats: KL(q || p), null where there is none, and
    // -log p(x|z); and `rebuilt`, the image (C * H * W) there.
    price(x, mean, scale) {
      const h = decoder.run(mean);
      return { rate: code.rate(mean, scale), distortion: cost(h, x), rebuilt: drawn(h, 1) };
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
