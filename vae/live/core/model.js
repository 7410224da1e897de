// A trained model in the browser: the same three distributions as in Python, read from a bundle.

import { need } from "./errors.js";
import { compile, sigmoid, softplus } from "./nn.js";

// What a decoder's features mean, as in vae/distributions.py: `mean` is the image shown, in [0, 1];
// `cost(features, x)` is -log p(x|z) in nats.
const LIKELIHOODS = {
  bernoulli: { mean: sigmoid, cost: bernoulliCost },
  gaussian: { mean: (x) => Math.min(1, Math.max(0, x)), cost: gaussianCost },
};
const LOWEST_LOG_SCALE = -6; // as in vae/models/gaussian.py
// What is unlike all training data can get a scale beyond any float, and its price would be no number.
const HIGHEST_LOG_SCALE = 10;
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

const softclip = (x, low) => low + softplus(x - low);

export function createModel(config, tensors) {
  const { image, latent, likelihood } = config;
  need(Object.hasOwn(LIKELIHOODS, likelihood), `Unknown likelihood ${JSON.stringify(likelihood)}.`);
  const encoder = compile(config.encoder, tensors, "encoder", image);
  const decoder = compile(config.decoder, tensors, "decoder", [latent]);
  const pixels = image[0] * image[1] * image[2];
  need(encoder.shape[0] === 2 * latent, "The encoder does not end in a mean and a scale.");
  const features = decoder.shape.reduce((a, b) => a * b, 1);
  need(features >= pixels, "The decoder does not end in an image.");
  const { mean, cost } = LIKELIHOODS[likelihood];
  const drawn = (features, into = new Float32Array(pixels)) => {
    for (let i = 0; i < pixels; i++) into[i] = mean(features[i]);
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
        scale: Float32Array.from(h.subarray(latent, 2 * latent), (s) =>
          Math.exp(Math.min(softclip(s, LOWEST_LOG_SCALE), HIGHEST_LOG_SCALE)),
        ),
      };
    },
    // (D) -> (C * H * W) in [0, 1]; `into` saves an allocation
    decode: (z, into) => drawn(decoder.run(z), into),
    // What `x` costs at the mean of its posterior, in nats: KL(q || p) and -log p(x|z); and `rebuilt`,
    // the image (C * H * W) there.
    price(x, mean, scale) {
      const h = decoder.run(mean);
      return { rate: rateOf(mean, scale), distortion: cost(h, x), rebuilt: drawn(h) };
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
