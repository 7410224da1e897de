// The codec of a model's pictures: the twin of vae/tasks/compress/pictures.py.

import { need } from "../errors.js";
import { layoutOf } from "../code.js";
import { LIKELIHOODS } from "../likelihoods.js";
import { FINEST, binary, bitsBack, gaussians, greys, grid, standard } from "./codecs.js";
import { exp, rounded, sigmoid } from "./exact.js";
import { network } from "./networks.js";

const FLOOR = 0.0024787521766663585; // e^-6: softclip(h, -6) is the logarithm of e^-6 + e^h
const WIDEST = 5; // of a posterior, in the prior's standard deviations
const size = (shape) => shape.reduce((a, b) => a * b, 1);

const halves = (h) => [h.subarray(0, h.length / 2), h.subarray(h.length / 2)];

const HEADS = {
  bernoulli: (features) => binary(features.map(sigmoid)),
  gaussian(features) {
    const [loc, logScale] = halves(features);
    return greys(loc, logScale.map((v) => 1 / 256 + exp(v)));
  },
};

// {codec(bits, watch), levels, pixels}: the codecs of pictures as symbols, whose codes are multiples of
// 2^-bits; the networks are made once. `card` and `tensors` are a bundle's.
export function pictureCodecs({ code, model }, tensors) {
  const { blocks, prior, posterior: { kind } } = code;
  need(prior.kind === "normal" && kind === "gaussian" && blocks.every((block) => block.kind === "normal"),
    "Bits back needs a Gaussian posterior and a standard normal prior; this model's code is of another kind.");
  const { image, likelihood } = model, { levels } = LIKELIHOODS[likelihood], latent = layoutOf(code).size;
  const encoder = network(model.encoder, tensors, "encoder", image);
  const decoder = network(model.decoder, tensors, "decoder", [latent]);

  const grids = new Map();
  const gridOf = (bits) => grids.get(bits) ?? grids.set(bits, grid(bits)).get(bits);

  function codec(bits, watch) {
    const cells = gridOf(bits);
    const posterior = (x) => {
      const h = encoder.run(Float64Array.from(x, (v) => rounded(v / (levels - 1))));
      return gaussians(cells, ...moments(blocks, h));
    };
    const decoded = (z) => HEADS[likelihood](decoder.run(Float64Array.from(z, (i) => cells.centres[i])));
    return bitsBack(standard(cells, latent), decoded, posterior, watch);
  }
  return { codec, levels, pixels: size(image) };
}

// The grid on which pictures cost least whose posteriors have these scales (rows of `size` numbers), where each
// chain of them is so long: as vae/tasks/compress/pictures.py has it.
export function bestGrid(scale, size, chain) {
  let best = 0, least = Infinity;
  for (let bits = 0; bits <= FINEST; bits++) {
    let wide = 0;
    for (const s of scale) {
      const e = 2 ** (-2 * bits) / (12 * s * s);
      wide += e - Math.log1p(e);
    }
    const cost = (wide * size) / scale.length / (2 * Math.LN2) + (bits * size) / chain;
    if (cost < least) [best, least] = [bits, cost];
  }
  return best;
}

// Means and scales of the posterior, from the encoder's numbers.
function moments(blocks, h) {
  const loc = [], scale = [];
  let at = 0;
  for (const { size: n } of blocks) {
    const [means, logScales] = halves(h.subarray(at, at += 2 * n));
    loc.push(...means);
    for (const v of logScales) scale.push(Math.min(FLOOR + exp(v), WIDEST));
  }
  return [loc, scale];
}
