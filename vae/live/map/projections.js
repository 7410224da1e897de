// The maps of a model's codes: where each code lies, {coordinates (2 * N), place(z) -> [x, y],
// lift([x, y], z) -> a code, isCode: whether a place is the code itself}, and what the axes mean.

import { pcaProjection, umapProjection } from "../core/projection.js";

export const MAPS = {
  codes: {
    title: "z₀ × z₁",
    fits: ({ size, hasChoice }) => size === 2 && !hasChoice,
    project: ({ mean }) => ({ isCode: true, coordinates: mean, place: (z) => z, lift: (at) => Float32Array.from(at) }),
    axes: (atlas, { unit }) => `z₀ →, z₁ ↑${unit && ", in σ of the prior"}: each place is one code, exactly`,
  },
  umap: {
    title: "UMAP",
    fits: () => true,
    project: ({ mean, umap }) => umapProjection(mean, umap),
    axes: () => "UMAP: near means similar; directions and distances between groups mean little",
  },
  pca: {
    title: "PCA",
    fits: () => true,
    project: ({ mean, pca }) => pcaProjection(mean, pca),
    axes({ pca }) {
      const [first, second] = Array.from(pca.explained, (share) => `${(100 * share).toFixed(1)} %`);
      return `PC 1 (${first} of the variance) →, PC 2 (${second}) ↑`;
    },
  },
};

// The names of those that a model with such a code has; the first is shown at first.
export const mapNames = (code) => Object.keys(MAPS).filter((name) => MAPS[name].fits(code));
