// Where new codes come from: the prior, the aggregate posterior, or the Gaussian of one class.
// Each opens as (bench, class) -> what draws, or its promise (see gaussians.js), and says what it is.

import { need } from "../../core/errors.js";
import { classGaussian, gaussianMixture } from "../../core/gaussians.js";
import { postJson } from "../../io/client.js";

const many = (n) => n.toLocaleString("en");

export const SOURCES = {
  prior: {
    name: "the prior", term: ({ prior }) => prior.term,
    open: ({ model }) => model.code.prior.sample,
    words: (draw, name, code) => priorWords(code),
  },
  mixture: {
    name: "where examples lie", term: () => "aggregate posterior",
    async open(bench) {
      const mixture = bench.data.mixture ?? await postJson(bench.ask("mixture"));
      need(!mixture.refused, mixture.refused);
      const { weights, n } = mixture;
      return Object.assign(kept(bench, gaussianMixture(mixture)), { parts: weights.length, n });
    },
    words: (draw) => draw ? "Drawn from where examples really lie (the aggregate posterior): " +
      `${draw.parts} Gaussians fitted to the codes of ${many(draw.n)} held-out examples.`
      : "Fitting Gaussians to the codes of the examples …",
  },
  class: {
    name: "one class", term: ({ isConditional }) => (isConditional ? "p(x | y)" : "its Gaussian"),
    open(bench, k) {
      if (bench.model.code.isConditional) return ofClass(bench.model, k);
      const draw = classGaussian(bench.atlas, k, bench.model.latent);
      return Object.assign(kept(bench, draw), { n: draw.n });
    },
    words: (draw, name, code) => code.isConditional ? `Drawn from the prior, of class “${name}”: this model ` +
      "learned the class beside each picture." : `A Gaussian fitted to the codes of the ${many(draw.n)} held-out examples ` +
      `of “${name}”${code.hasChoice ? "" : "; the model itself is unconditional"}.`,
  },
};

const ofClass = ({ code }, k) => (uniform, t) =>
  code.withClass(code.prior.sample(uniform, t), code.choice, k);

// A Gaussian knows nothing of the weights of a choice.
const kept = ({ model }, draw) => (uniform, t) => model.code.normalized(draw(uniform, t));

function priorWords({ prior, hasRate, isLearned }) {
  if (!hasRate) return `Drawn from ${prior.term}, near which training kept the codes; they need not fill it.`;
  if (isLearned) return `Drawn from the model's own prior, which it learned: ${prior.term}.`;
  return `Drawn from what the model was trained to expect (the prior, ${prior.term}), holes included.`;
}

// Some classes may have no held-out example.
export const classesWithExamples = ({ classes, atlas }) =>
  [...classes.keys()].filter((k) => atlas.label.includes(k));

export const sourcesFor = (bench) => Object.keys(SOURCES).filter((key) =>
  key !== "class" || classesWithExamples(bench).length > 1);

// `failed(error)` hears of a source that does not come, `settled()` that none is waited for any more.
export function createSources(bench, { settled, failed }) {
  const opened = new Map(); // key -> what draws, or null while it is on its way
  const keyOf = (state) => (state.source === "class" ? `class ${state.class}` : state.source);

  function of(state) {
    const key = keyOf(state);
    if (!opened.has(key)) open(key, SOURCES[state.source].open(bench, state.class));
    return opened.get(key);
  }

  function open(key, draw) {
    opened.set(key, draw instanceof Promise ? null : draw);
    if (draw instanceof Promise) wait(key, draw);
  }

  function wait(key, promise) {
    promise.then((draw) => opened.set(key, draw)).catch((error) => {
      opened.delete(key); // asked for again when it is wanted again
      failed(error);
    }).then(settled);
  }

  return { of, words: (state) => SOURCES[state.source].words(opened.get(keyOf(state)),
    bench.classes[state.class], bench.model.code) };
}
