// p(x|z) alone, for where nothing is encoded, such as a worker.

import { need } from "./errors.js";
import { LIKELIHOODS } from "./likelihoods.js";
import { compile } from "./nn.js";

const product = (shape) => shape.reduce((a, b) => a * b, 1);

// `latent` is the size of a code; the rest is as a card's `model` has it.
export function createDecoder({ image, likelihood, decoder, latent }, tensors, { simd } = {}) {
  need(Object.hasOwn(LIKELIHOODS, likelihood), `Unknown likelihood ${JSON.stringify(likelihood)}.`);
  const { channels, mean } = LIKELIHOODS[likelihood];
  const pixels = product(image), each = channels * pixels;
  const compiled = compile(decoder, tensors, "decoder", [latent], { simd });
  need(product(compiled.shape) === each, "The decoder does not end in an image.");

  function draw(h, n, into = new Float32Array(n * pixels)) {
    for (let e = 0; e < n; e++) {
      for (let i = 0; i < pixels; i++) into[e * pixels + i] = mean(h[e * each + i]);
    }
    return into;
  }

  return {
    latent,
    pixels, // C * H * W
    macs: compiled.macs,
    features: compiled.run,
    trace: compiled.trace, // of one code what each layer makes
    draw, // features of n codes -> n images
    // (D) -> (C * H * W) in [0, 1]; `into` saves an allocation
    decode: (z, into) => draw(compiled.run(z), 1, into),
    // n codes, one after the other -> n images likewise
    decodeMany: (codes, n, into) => draw(compiled.run(codes, n), n, into),
  };
}
