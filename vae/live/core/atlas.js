// Where a model puts the held-out examples: the arrays of vae/atlas.py, and their PCA.

import { need } from "./errors.js";
import { row } from "./latent.js";

export function readAtlas(tensors, latent) {
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

// Row i of the atlas as the source of a code.
export function exampleAt({ mean, scale, index, label }, i, classes) {
  const d = mean.length / index.length;
  const name = classes[label[i]];
  return { words: `example ${index[i]}${name === undefined ? "" : ` (${name})`}`, example: i,
    mean: row(mean, i, d), scale: row(scale, i, d) };
}
