// A large batch in slices, so that decoding can be cancelled in between.

const TOGETHER = 4; // codes that the engine's product takes at once

// n images of `decoder` (model.js), or as far as they were `wanted()`. After every `budget` ms of
// work, `pause()` is awaited.
export async function decodeInSlices(decoder, codes, n, { pause, wanted, budget }) {
  const { latent: d, pixels } = decoder;
  const images = new Float32Array(n * pixels);
  let until = performance.now() + budget;
  for (let e = 0; e < n && wanted(); e += TOGETHER) {
    const end = Math.min(n, e + TOGETHER);
    decoder.decodeMany(codes.subarray(e * d, end * d), end - e,
      images.subarray(e * pixels, end * pixels));
    if (performance.now() < until) continue;
    await pause();
    until = performance.now() + budget;
  }
  return images;
}
