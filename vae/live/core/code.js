// What a code is made of, as data, and what follows from it: the twin of vae/code.py. A code is one
// vector of numbers, its blocks one after the other; every module that deals with codes asks here.

import { KINDS, likeliest, oneHot } from "./blocks.js";
import { need } from "./errors.js";
import { apart } from "./latent.js";
import { chiCdf } from "./normal.js";
import { PRIORS, mixture, standardNormal, uniformChoice } from "./prior.js";
import { sfc32 } from "./random.js";

const SAMPLES = 10000; // of a learned prior, among which a code's typicality is its rank

// Where everything stands: {blocks, size, outputs, top}, each block with `at` in a code and `from` in
// the encoder's output, as [start, stop]; `top` is the block that a learned prior is of.
export function layoutOf({ blocks, prior }) {
  let size = 0, outputs = 0;
  const placed = blocks.map((block) => {
    need(Object.hasOwn(KINDS, block.kind), `The code has a block of the unknown kind “${block.kind}”.`);
    const classes = block.given === undefined ? 1 : choiceOf(blocks, block).size;
    const n = KINDS[block.kind].outputs * block.size * classes;
    return { ...block, at: [size, (size += block.size)], from: [outputs, (outputs += n)] };
  });
  need(Object.hasOwn(PRIORS, prior.kind), `The code has the unknown prior “${prior.kind}”.`);
  const numbers = placed.filter(({ kind }) => kind !== "choice");
  const highest = Math.max(...numbers.map(({ level }) => level));
  const tops = numbers.filter(({ level }) => level === highest);
  need(prior.kind === "normal" || tops.length === 1,
    `A learned prior needs one block on the highest level, not ${tops.length}.`);
  return { blocks: placed, size, outputs, top: prior.kind === "normal" ? null : tops[0] };
}

// The choice that a block's posterior depends on.
function choiceOf(blocks, { name, given }) {
  const choice = blocks.find((block) => block.name === given && block.kind === "choice");
  need(choice, `The code's “${name}” is given “${given}”, which is no choice of it.`);
  return choice;
}

// Whether it learned with the data's own classes beside the pictures.
export const isConditional = ({ blocks }) => blocks.some(({ given }) => given !== undefined);

// `arrays` are those of a learned prior, as prior.js reads them. `hasRate` says whether codes cost
// nats: a posterior that is one point has no density, and so no rate.
export function createCode(description, arrays = null) {
  const layout = layoutOf(description);
  const blocks = layout.blocks.map((block) => createBlock(block, block === layout.top, description.prior,
    arrays));
  const { size, outputs } = layout;
  const choices = blocks.filter(({ kind }) => kind === "choice");
  const hasRate = description.posterior.kind !== "point";
  const prior = createPrior(blocks, size);
  const units = blocks.flatMap((block) => Array(block.size).fill(block.unit));
  const isWeight = blocks.flatMap(({ kind, size: n }) => Array(n).fill(kind === "choice"));
  const unit = units.every((u) => u === "σ") ? "σ" : "";
  return {
    blocks, size, outputs, prior, hasRate,
    hasChoice: choices.length > 0,
    choice: choices.length === 1 ? choices[0] : null, // the block that a class fixes
    isConditional: isConditional(description),
    isLearned: arrays !== null, // the prior, of the block on top
    names: blocks.flatMap(({ name, size: n }) => Array.from({ length: n }, (_, i) =>
      (blocks.length > 1 ? `${name}.${i}` : `${name}${i}`))),
    isWeight, // whether a number is one of a choice
    units, // of each number: "σ" where it counts standard deviations of the prior, else ""
    unit, // of a distance
    // of its numbers that are no weights
    numberUnit: units.every((u, j) => u === "σ" || isWeight[j]) ? "σ" : "",
    ...encodings(blocks, size),
    ...(hasRate ? rates(blocks) : { rate: () => null, ratePerDim: () => null }),
    ...(hasRate ? typical(blocks, prior, arrays === null) : { typicality: () => null, radius: null }),
    distance: apart,
    ...texts(blocks, size),
  };
}

// A block that knows its prior. `unit` is what its numbers are counted in.
function createBlock(block, isTop, { kind, components }, arrays) {
  const prior = block.kind === "choice" ? uniformChoice(block.size)
    : isTop ? mixture(arrays, PRIORS[kind].term(components)) : standardNormal(block.size);
  const unit = block.kind === "normal" && !isTop ? "σ" : "";
  const { widget } = KINDS[block.kind];
  return { ...block, prior, unit, widget, of: (z) => z.subarray(...block.at) };
}

const joined = (blocks, size, part) => {
  const z = new Float32Array(size);
  for (const block of blocks) z.set(part(block), block.at[0]);
  return z;
};

// All blocks are independent: densities multiply, samples stand one after the other.
function createPrior(blocks, size) {
  const one = new Set(blocks.map(({ prior }) => prior.term)).size === 1;
  return {
    term: one ? blocks[0].prior.term
      : blocks.map(({ name, prior }) => `${prior.term} for ${name}`).join(", "),
    sample: (uniform = Math.random, t = 1) => joined(blocks, size, ({ prior }) => prior.sample(uniform, t)),
    widths: joined(blocks, size, ({ prior }) => prior.widths), // standard deviation of each number
    logDensity: (z) => blocks.reduce((sum, { prior, of }) => sum + prior.logDensity(of(z)), 0),
  };
}

function encodings(blocks, size) {
  const kindOf = (block) => KINDS[block.kind];
  return {
    // The encoder's output -> {mean, scale} of q(z|x), both (D); of what is unlike all training data the
    // nearest within reach of the prior. The class `y` fixes the choice, and with it what depends on it.
    posterior(h, y = null) {
      const parts = new Map(blocks.map((block) =>
        [block, kindOf(block).bounded(posteriorOf(blocks, block, h, y), block.prior)]));
      return { mean: joined(blocks, size, (block) => parts.get(block).mean),
        scale: joined(blocks, size, (block) => parts.get(block).scale) };
    },
    // A sample of that posterior.
    draw: ({ mean, scale }, uniform = Math.random) => joined(blocks, size, (block) =>
      kindOf(block).draw(block.of(mean), block.of(scale), uniform)),
    // `z` as it would be of class `k` of the choice: a new one.
    withClass(z, choice, k) {
      const other = Float32Array.from(z);
      choice.of(other).set(oneHot(k, choice.size));
      return other;
    },
    // Where hands begin.
    origin: () => joined(blocks, size, (block) => kindOf(block).origin(block.size)),
    // The nearest code to `z`, which may have left the weights of a choice: a new one if it has.
    normalized(z) {
      if (blocks.every(({ kind }) => kind !== "choice")) return z;
      const near = Float32Array.from(z);
      for (const block of blocks) kindOf(block).normalized(block.of(near));
      return near;
    },
  };
}

// Of one block. What is given a choice has a posterior for each class: without `y` that of the likeliest.
function posteriorOf(blocks, block, h, y) {
  const { kind, size, from: [start, stop] } = block;
  if (kind === "choice" && y !== null) return { mean: oneHot(y, size), scale: new Float32Array(size) };
  if (block.given === undefined) return KINDS[kind].posterior(h.subarray(start, stop));
  const choice = choiceOf(blocks, block), each = (stop - start) / choice.size;
  const at = start + each * (y ?? likeliest(h.subarray(...choice.from)));
  return KINDS[kind].posterior(h.subarray(at, at + each));
}

// KL(q || p) in nats; where it has no closed form, from the sample `z` of q.
function rates(blocks) {
  function ratePerDim(mean, scale) {
    return Float64Array.from(blocks.flatMap(({ kind, prior, of }) => {
      const [m, s] = [of(mean), of(scale)], cross = prior.cross(m, s);
      return Array.from(KINDS[kind].negentropy(m, s), (v, j) => v - cross[j]);
    }));
  }

  const sum = (values) => values.reduce((a, b) => a + b, 0);

  function rateOf({ kind, prior, of }, mean, scale, z) {
    const [m, s] = [of(mean), of(scale)];
    const gained = sum(KINDS[kind].negentropy(m, s));
    return gained - (prior.exact ? sum(prior.cross(m, s)) : prior.logDensity(of(z)));
  }

  return { ratePerDim, rate: (mean, scale, z) =>
    blocks.reduce((total, block) => total + rateOf(block, mean, scale, z), 0) };
}

// `typicality`: the share of the prior's codes that are more probable, in [0, 1]. Under N(0, I) they
// are those nearer to the origin, and `radius` is how far a code lies from there; else null. A class
// of a choice is as probable as any other.
function typical(blocks, prior, isNormal) {
  const numbers = blocks.filter(({ kind }) => kind !== "choice");
  const free = numbers.reduce((sum, { size }) => sum + size, 0);
  const radius = (z) => Math.hypot(...numbers.map(({ of }) => Math.hypot(...of(z))));
  if (isNormal) return { radius, typicality: (z) => (free ? chiCdf(radius(z), free) : 0) };
  let known = null; // the samples' log-densities: drawn once, when they are first asked for
  return { radius: null, typicality(z) {
    known ??= sampled(prior);
    const here = prior.logDensity(z);
    return known.filter((v) => v > here).length / SAMPLES;
  } };
}

function sampled(prior) {
  const uniform = sfc32(0);
  return Float64Array.from({ length: SAMPLES }, () => prior.logDensity(prior.sample(uniform, 1)));
}

// A code as text and back, exactly: its numbers with commas between, a class as `c` and its index.
function texts(blocks, size) {
  return {
    text: (z) => blocks.flatMap(({ kind, of }) => KINDS[kind].write(of(z))).join(","),
    parse(text) {
      const all = text ? text.split(",") : [];
      need(blocks.some(({ kind }) => kind === "choice") || all.length === size,
        `The link's code has ${all.length} numbers; this model has ${size} dimensions.`);
      let rest = all;
      const z = blocks.flatMap((block) => {
        const [values, left] = KINDS[block.kind].read(block, rest, all.length - rest.length);
        rest = left;
        return values;
      });
      need(!rest.length, `The link's code has ${rest.length} entries too many.`);
      return Float32Array.from(z);
    },
  };
}
