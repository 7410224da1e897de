// How a picture differs from its reconstruction.

// image − x, each (C * H * W), as the mean over the channels: fills and returns `into` (H * W).
export function gapOf(x, image, into) {
  const n = into.length, c = x.length / n;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let k = 0; k < c; k++) sum += (image[k * n + i] - x[k * n + i]) / c;
    into[i] = sum;
  }
  return into;
}
