// Pictures (C * H * W) changed as no pen would have drawn them; turned ones are square.

// The picture whose pixel (row, column) is pixel `from(row, column)` of x.
function rearranged(x, [c, h, w], from) {
  return Float32Array.from({ length: c * h * w }, (_, i) => {
    const [row, column] = from(Math.floor(i / w) % h, i % w);
    return x[Math.floor(i / (h * w)) * h * w + row * w + column];
  });
}

export const CHANGES = {
  "upside-down": (x, image) => rearranged(x, image, (r, c) => [image[1] - 1 - r, c]),
  mirrored: (x, image) => rearranged(x, image, (r, c) => [r, image[2] - 1 - c]),
  turned: (x, image) => rearranged(x, image, (r, c) => [c, image[1] - 1 - r]),
};

// To the right; what leaves comes in on the left.
export const shifted = (x, image, by) => rearranged(x, image, (r, c) => [r, (c + image[2] - by) % image[2]]);
