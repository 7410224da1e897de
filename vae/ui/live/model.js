// A trained model in the browser: the same three distributions as in Python, read from a bundle.

import { need } from "./errors.js";
import { compile, sigmoid, softplus } from "./nn.js";
import { parse } from "./safetensors.js";

// The image shown for a decoder's features: the likelihood's mean, in [0, 1].
const MEANS = {
  bernoulli: sigmoid,
  gaussian: (x) => Math.min(1, Math.max(0, x)),
};
const LOWEST_LOG_SCALE = -6; // as in vae/models/gaussian.py

export function createModel(config, tensors) {
  const { image, latent, likelihood } = config;
  need(Object.hasOwn(MEANS, likelihood), `Unknown likelihood ${JSON.stringify(likelihood)}.`);
  const encoder = compile(config.encoder, tensors, "encoder", image);
  const decoder = compile(config.decoder, tensors, "decoder", [latent]);
  const pixels = image[0] * image[1] * image[2];
  need(encoder.shape[0] === 2 * latent, "The encoder does not end in a mean and a scale.");
  const features = decoder.shape.reduce((a, b) => a * b, 1);
  need(features >= pixels, "The decoder does not end in an image.");
  const mean = MEANS[likelihood];
  return {
    image,
    latent,
    // (C * H * W) in [0, 1] -> {mean, scale}, both (D)
    encode(x) {
      const h = encoder.run(x);
      return {
        mean: Float32Array.from(h.subarray(0, latent)),
        scale: Float32Array.from(h.subarray(latent, 2 * latent), (s) =>
          Math.exp(LOWEST_LOG_SCALE + softplus(s - LOWEST_LOG_SCALE)),
        ),
      };
    },
    // (D) -> (C * H * W) in [0, 1]; `into` saves an allocation
    decode(z, into = new Float32Array(pixels)) {
      const h = decoder.run(z);
      for (let i = 0; i < pixels; i++) into[i] = mean(h[i]);
      return into;
    },
  };
}

// Fetch a bundle's three files: {card, model, atlas}. `files` maps a file name to its URL.
export async function openBundle(files) {
  const [card, weights, atlas] = await Promise.all([
    fetchFile(files["bundle.json"]).then((r) => r.json()),
    fetchFile(files["weights.safetensors"]).then((r) => r.arrayBuffer()),
    fetchFile(files["atlas.safetensors"]).then((r) => r.arrayBuffer()),
  ]);
  const model = createModel(card.model, parse(weights, "weights.safetensors"));
  return { card, model, atlas: readAtlas(parse(atlas, "atlas.safetensors"), model.latent) };
}

async function fetchFile(url) {
  const response = await fetch(url);
  need(response.ok, `${url} could not be loaded (${response.status}).`);
  return response;
}

function readAtlas(tensors, latent) {
  const n = tensors.mean?.shape[0] ?? 0;
  const sizes = { mean: n * latent, scale: n * latent, rate: n, distortion: n, label: n, index: n,
    umap: 2 * n, "pca.mean": latent, "pca.axes": 2 * latent, "pca.explained": 2 };
  const arrays = {};
  for (const [name, count] of Object.entries(sizes)) {
    need(n > 0 && tensors[name]?.data.length === count, `The atlas lacks a whole ${name}.`);
    arrays[name] = tensors[name].data;
  }
  const pca = { mean: arrays["pca.mean"], axes: arrays["pca.axes"],
    explained: arrays["pca.explained"] };
  return { ...arrays, pca, n };
}
