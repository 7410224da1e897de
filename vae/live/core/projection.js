// Between codes and a map of them: each projection has place(z) -> [x, y] and lift([x, y], z) -> code.

import { blend } from "./blend.js";

export function umapProjection(codes, coordinates) {
  return {
    coordinates,
    place: (z) => blend(codes, coordinates, z),
    lift: (xy) => blend(coordinates, codes, xy),
  };
}

// PCA is exact both ways: a lift moves within the plane and keeps what `z` has across it.
export function pcaProjection(codes, { mean, axes }) {
  const d = mean.length;
  const place = (z) => {
    const xy = new Float32Array(2);
    for (let a = 0; a < 2; a++) {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += (z[j] - mean[j]) * axes[a * d + j];
      xy[a] = sum;
    }
    return xy;
  };
  const lift = (xy, z = mean) => {
    const at = place(z);
    const across = (j) => (xy[0] - at[0]) * axes[j] + (xy[1] - at[1]) * axes[d + j];
    return Float32Array.from(z, (v, j) => v + across(j));
  };
  const coordinates = new Float32Array((2 * codes.length) / d);
  for (let i = 0; i < codes.length / d; i++) {
    coordinates.set(place(codes.subarray(i * d, (i + 1) * d)), 2 * i);
  }
  return { coordinates, place, lift };
}
