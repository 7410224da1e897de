// Functions of one number that networks and likelihoods share.

export const sigmoid = (x) => 1 / (1 + Math.exp(-x));
export const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
// At least `low`, smoothly, as in vae/distributions.py.
export const softclip = (x, low) => low + softplus(x - low);

// The scale of a latent, from a network's output, as in vae/distributions.py.
const LOWEST_LOG_SCALE = -6;
// What is unlike all training data can get a scale beyond any float, and its price would be no number.
const HIGHEST_LOG_SCALE = 10;

export const boundedScale = (logScale) =>
  Math.exp(Math.min(softclip(logScale, LOWEST_LOG_SCALE), HIGHEST_LOG_SCALE));
