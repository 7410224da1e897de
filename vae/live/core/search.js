// Variational inference for one picture, as vae/tasks/refine.py does it: the posterior q = N(μ, diag σ²) that fits this
// picture best, by Adam on reparameterized samples, under the prior N(0, I).
//
//     maximize over μ, σ    ELBO = E_ε[log p(x|μ + σ ε)] − KL(q ‖ N(0, I))
//     slopes of −ELBO       by μ:      mean of s + μ
//                           by log σ:  mean of s ε σ + σ² − 1      s = ∂(−log p(x|z))/∂z, backwards through the decoder
//
// Inference Suboptimality in Variational Autoencoders (Cremer et al., 2018), https://arxiv.org/abs/1801.03558

import { differentiable } from "./backward.js";
import { need } from "./errors.js";
import { LIKELIHOODS } from "./likelihoods.js";
import { sampleNormal } from "./normal.js";
import { sfc32 } from "./random.js";

export const SAMPLES = 8; // codes of a step
export const EVERY = 5; // steps between two posteriors that are kept
const DRAWS = 64; // of the noise on which all posteriors are compared
const SEEDS = { steps: 0, price: 1 };
const BETAS = [0.9, 0.999], EPSILON = 1e-8; // Adam's

// Where a search begins, and how long and how hard it looks from there.
export const BEGINS = {
  encoder: { steps: 150, rate: 0.02, from: (model, x) => model.encode(x) },
  prior: { steps: 300, rate: 0.1, from: ({ latent }) =>
    ({ mean: new Float32Array(latent), scale: new Float32Array(latent).fill(1) }) },
};

export class Search {
  // `tensors` are the model's weights.
  constructor({ card, model }, tensors) {
    const { blocks, prior } = card.code;
    need(prior.kind === "normal" && blocks.every(({ kind }) => kind === "normal"),
      "A search needs a code of numbers with the prior N(0, I) and a posterior with a width.");
    this.model = model;
    this.likelihood = LIKELIHOODS[card.model.likelihood];
    this.decoder = differentiable(card.model.decoder, tensors, "decoder", [model.latent]);
  }

  // What is kept of a path, each with its price: {mean, scale, rate, distortion, loss}.
  * priced(x, begin) {
    for (const posterior of this.path(x, begin)) yield { ...posterior, ...this.price(x, posterior) };
  }

  // Of a posterior, over the same noise for all: the parts of −ELBO, `loss`, in nats.
  price(x, { mean, scale }) {
    const { latent, code } = this.model;
    const codes = codesOf({ mean, scale }, sampleNormal(DRAWS * latent, sfc32(SEEDS.price)));
    const h = this.model.features(codes, DRAWS), each = h.length / DRAWS;
    let distortion = 0;
    for (let k = 0; k < DRAWS; k++) distortion += this.likelihood.cost(h.subarray(k * each, (k + 1) * each), x) / DRAWS;
    const rate = code.rate(mean, scale, mean);
    return { rate, distortion, loss: rate + distortion };
  }

  // From a place of BEGINS, the posterior {mean, scale} after every EVERY steps, the beginning first.
  * path(x, begin) {
    const { steps, rate, from } = BEGINS[begin], { latent } = this.model, uniform = sfc32(SEEDS.steps);
    const { mean, scale } = from(this.model, x);
    const free = [Float64Array.from(mean), Float64Array.from(scale, Math.log)], adam = free.map(() => createAdam(latent));
    yield { mean, scale };
    for (let step = 1; step <= steps; step++) {
      const slopes = this.#slopes(x, posteriorOf(free), uniform);
      free.forEach((values, i) => adam[i](values, slopes[i], rate * (1 - (step - 1) / steps), step));
      if (step % EVERY === 0) yield posteriorOf(free);
    }
  }

  // Of −ELBO by μ and by log σ.
  #slopes(x, { mean, scale }, uniform) {
    const d = mean.length, noise = sampleNormal(SAMPLES * d, uniform);
    const { values, back } = this.decoder.run(codesOf({ mean, scale }, noise), SAMPLES);
    const each = values.length / SAMPLES, g = new Float32Array(values.length);
    for (let k = 0; k < SAMPLES; k++) {
      g.set(this.likelihood.slope(values.subarray(k * each, (k + 1) * each), x), k * each);
    }
    const byMean = Float64Array.from(mean), byLogScale = Float64Array.from(scale, (s) => s * s - 1);
    back(g).forEach((s, i) => {
      byMean[i % d] += s / SAMPLES;
      byLogScale[i % d] += (s * noise[i] * scale[i % d]) / SAMPLES;
    });
    return [byMean, byLogScale];
  }
}

const posteriorOf = ([mean, logScale]) => ({ mean: Float32Array.from(mean), scale: Float32Array.from(logScale, Math.exp) });

const codesOf = ({ mean, scale }, noise) =>
  noise.map((e, i) => mean[i % mean.length] + scale[i % mean.length] * e);

// Adam: A Method for Stochastic Optimization (Kingma and Ba, 2014), https://arxiv.org/abs/1412.6980
function createAdam(n) {
  const first = new Float64Array(n), second = new Float64Array(n), [a, b] = BETAS;
  return (values, slopes, rate, step) => {
    for (let i = 0; i < n; i++) {
      first[i] = a * first[i] + (1 - a) * slopes[i];
      second[i] = b * second[i] + (1 - b) * slopes[i] ** 2;
      values[i] -= (rate * first[i]) / (1 - a ** step) / (Math.sqrt(second[i] / (1 - b ** step)) + EPSILON);
    }
  };
}
