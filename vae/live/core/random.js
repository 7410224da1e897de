// Random numbers that a seed brings back on any computer: sfc32 of PractRand (Chris Doty-Humphrey,
// 2018), https://pracrand.sourceforge.net, seeded and run in as there.

export const SEEDS = 2 ** 32;
export const anySeed = () => Math.floor(Math.random() * SEEDS);

const RUN_IN = 12; // numbers thrown away first, so that seeds nearby have nothing in common

// Uniform numbers in [0, 1) from a whole number.
export function sfc32(seed) {
  let a = 0, b = seed | 0, c = 0, counter = 1;
  const next = () => {
    const out = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + out) | 0;
    return (out >>> 0) / SEEDS;
  };
  for (let i = 0; i < RUN_IN; i++) next();
  return next;
}
