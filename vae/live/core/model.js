// A trained model in the browser: the same three distributions as in Python, read from a bundle.

import { boundedScale, sigmoid, softclip, softplus } from "./activations.js";
import { need } from "./errors.js";
import { compile } from "./nn.js";

// What a decoder's features mean, as in vae/distributions.py: `mean` is the image shown, in [0, 1];
// `cost(features, x)` is -log p(x|z) in nats.
const LIKELIHOODS = {
  bernoulli: { mean: sigmoid, cost: bernoulliCost },
  gaussian: { mean: (x) => Math.min(1, Math.max(0, x)), cost: gaussianCost },
};
const GREY_LEVEL = -Math.log(256);

function bernoulliCost(logits, x) {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += softplus(logits[i]) - x[i] * logits[i];
  return sum;
}

function gaussianCost(features, x) {
  let sum = (x.length * Math.log(2 * Math.PI)) / 2;
  for (let i = 0; i < x.length; i++) {
    const logScale = softclip(features[x.length + i], GREY_LEVEL);
    sum += ((x[i] - features[i]) * Math.exp(-logScale)) ** 2 / 2 + logScale;
  }
  return sum;
}

// `simd: false` computes in plain JavaScript, as a browser without SIMD does anyway.
export function createModel(config, tensors, { simd } = {}) {
  const { image, latent, likelihood } = config;
  need(Object.hasOwn(LIKELIHOODS, likelihood), `Unknown likelihood ${JSON.stringify(likelihood)}.`);
  const encoder = compile(config.encoder, tensors, "encoder", image, { simd });
  const decoder = compile(config.decoder, tensors, "decoder", [latent], { simd });
  const pixels = image[0] * image[1] * image[2];
  need(encoder.shape[0] === 2 * latent, "The encoder does not end in a mean and a scale.");
  const features = decoder.shape.reduce((a, b) => a * b, 1);
  need(features >= pixels, "The decoder does not end in an image.");
  const { mean, cost } = LIKELIHOODS[likelihood];
  const drawn = (h, n, into = new Float32Array(n * pixels)) => {
    for (let e = 0; e < n; e++) {
      for (let i = 0; i < pixels; i++) into[e * pixels + i] = mean(h[e * features + i]);
    }
    return into;
  };
  return {
    image,
    latent,
    pixels, // C * H * W
    // (C * H * W) in [0, 1] -> {mean, scale}, both (D)
    encode(x) {
      const h = encoder.run(x);
      return {
        mean: Float32Array.from(h.subarray(0, latent)),
        scale: Float32Array.from(h.subarray(latent, 2 * latent), boundedScale),
      };
    },
    // (D) -> (C * H * W) in [0, 1]; `into` saves an allocation
    decode: (z, into) => drawn(decoder.run(z), 1, into),
    // n codes, one after the other -> n images likewise
    decodeMany: (codes, n, into) => drawn(decoder.run(codes, n), n, into),
    // What `x` costs at the mean of its posterior, in nats: KL(q || p) and -log p(x|z); and `rebuilt`,
    // the image (C * H * W) there.
    price(x, mean, scale) {
      const h = decoder.run(mean);
      return { rate: rateOf(mean, scale), distortion: cost(h, x), rebuilt: drawn(h, 1) };
    },
  };
}

// KL(q || p) in nats.
function rateOf(mean, scale) {
  let sum = 0;
  for (let j = 0; j < mean.length; j++) {
    sum += (mean[j] ** 2 + scale[j] ** 2 - 1) / 2 - Math.log(scale[j]);
  }
  return sum;
}
