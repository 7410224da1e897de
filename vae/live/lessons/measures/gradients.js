// Measures of gradients: of the mean distortion of a picture, by one number of its posterior's middle.

import { errorOf, gradientDraws } from "../../core/gradients.js";
import { LIKELIHOODS } from "../../core/likelihoods.js";
import { sfc32 } from "../../core/random.js";
import { average, deviation } from "../../core/statistics.js";
import { ended } from "../lab.js";
import { plain, whole } from "./writing.js";

const DRAWS = 2048;

export const gradients = {
  gradient: { say: plain, of: async (lab, name, example, j, estimator) =>
    average((await drawsOf(lab, name, example, j))[estimator]) },
  "gradient-error": { say: plain, of: async (lab, name, example, j, estimator, n) =>
    errorOf((await drawsOf(lab, name, example, j))[estimator], Number(n)) },
  "times-noisier": { say: whole, of: timesNoisier },
  "draws-needed": { say: whole, of: async (...given) => (await timesNoisier(...given)) ** 2 },
};

async function timesNoisier(lab, name, example, j, estimator) {
  const draws = await drawsOf(lab, name, example, j);
  return deviation(draws[estimator]) / deviation(draws.pathwise);
}

// {pathwise, score, baseline} of so many draws of ε.
function drawsOf(lab, name, example, j) {
  return lab.once(["draws", name, example, j], async () => {
    const { model } = await lab.open(name), x = await lab.picture(example);
    return ended(gradientDraws(costsOf(model, x), model.encode(x), Number(j), DRAWS, sfc32(0)));
  });
}

// What the pixels of x cost given each of n codes, nats.
function costsOf({ features, likelihood }, x) {
  const { cost } = LIKELIHOODS[likelihood];
  return (codes, n) => {
    const h = features(codes, n), each = h.length / n;
    return Array.from({ length: n }, (_, i) => cost(h.subarray(i * each, (i + 1) * each), x));
  };
}
