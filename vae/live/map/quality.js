// How far the map can be trusted, in sentences from the figures on the model's card.

const whole = (share) => `${Math.round(100 * share)} %`;
const of = ({ n }) => `(n = ${n.toLocaleString("en")})`;

export function mapQuality(metrics) {
  const { umap_neighbours_kept: kept, umap_trustworthiness: trust, umap_lift_error: error } = metrics;
  const sentences = [
    kept && `Of a code's nearest neighbours on the UMAP, ${whole(kept.value)} are among its nearest ` +
      `codes ${of(kept)}.`,
    trust && `Trustworthiness, which only counts how far off the others are, is ${trust.value.toFixed(3)}: ` +
      `1 would be perfect, a shuffled map has 0.5 ${of(trust)}.`,
    error && `Going to the UMAP and back misses by ${whole(error.value)} of the distance between two ` +
      `random codes ${of(error)}.`,
  ].filter(Boolean);
  return sentences.length ? `Measured here: ${sentences.join(" ")}` : "How good that is for this model " +
    "has not been measured.";
}
