// Where codes come from, each as (context, uniform) -> what draws one: () -> code (D).

import { classGaussian } from "./gaussians.js";
import { row } from "./latent.js";

const anyRow = ({ n }, uniform) => Math.floor(uniform() * n);

export const SOURCES = {
  prior: ({ model }, uniform) => () => model.code.prior.sample(uniform, 1),
  examples: ({ model, atlas }, uniform) => () => row(atlas.mean, anyRow(atlas, uniform), model.latent),
  // The aggregate posterior: the cloud of any held-out example.
  posteriors: ({ model, atlas }, uniform) => () => {
    const i = anyRow(atlas, uniform);
    return model.code.draw({ mean: row(atlas.mean, i, model.latent), scale: row(atlas.scale, i, model.latent) }, uniform);
  },
  // One Gaussian fitted to the codes of each class, as often as the class.
  gaussians({ model, atlas }, uniform) {
    const fitted = new Map();
    return () => {
      const k = atlas.label[anyRow(atlas, uniform)];
      if (!fitted.has(k)) fitted.set(k, classGaussian(atlas, k, model.latent));
      return fitted.get(k)(uniform, 1);
    };
  },
  // Halfway between the codes of any two.
  middles: ({ model, atlas }, uniform) => () => {
    const [a, b] = [0, 1].map(() => row(atlas.mean, anyRow(atlas, uniform), model.latent));
    return a.map((v, j) => (v + b[j]) / 2);
  },
};
