// How good the map is, in a sentence from the figures on the model's card.

export function mapQuality({ umap_trustworthiness: trust, umap_lift_error: error }) {
  if (!trust || !error) return "How good that is for this model has not been measured.";
  return `Measured here: trustworthiness ${trust.value.toFixed(3)} (n = ${trust.n}); going to the ` +
    `map and back misses by ${Math.round(100 * error.value)} % of the distance between two random ` +
    `codes (n = ${error.n}). PCA is exact both ways.`;
}
