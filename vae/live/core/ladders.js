// Which models belong together, by what their cards say; names and sentences decide nothing. An entry is
// {card, …}, and one without a card belongs to none.

import { isConditional } from "./code.js";

// What of a training follows from its settings, and may differ where all but one of them is the same.
const FOLLOWS = ["command", "taken", "best"];
const NOISES = ["unit", "shared", "pixel"]; // as in vae/noise.py, the least free first

export const isPoint = ({ code }) => code.posterior.kind === "point";

const betaOf = ({ card }) => card.training.beta;

// The models that agree in all but β, from the smallest on: each row has three or more of them.
export function laddersOf(entries) {
  const alike = groupsBy(entries.filter(({ card }) => Number.isFinite(card?.training.beta)), designBut("beta"));
  return alike.map(rungsOf).filter((rungs) => rungs.length >= 3);
}

// The models that agree in all but their noise, {unit, shared, pixel}: at least two of the three.
export function noisesOf(entries) {
  const alike = groupsBy(entries.filter(({ card }) => NOISES.includes(card?.training.noise)), designBut("noise"));
  return alike.map((group) => Object.fromEntries(NOISES.map((noise) =>
    [noise, group.find(({ card }) => card.training.noise === noise)]))).filter((arms) =>
    Object.values(arms).filter(Boolean).length > 1);
}

// Of an entry, all that makes its model but one setting of the training. A setting that is off is as one
// that cards did not have yet.
const designBut = (setting) => ({ card: { family, code, model, data, training } }) => {
  const settings = Object.entries(training).filter(([name, value]) =>
    value && name !== setting && !FOLLOWS.includes(name)).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([family, code, model, data, settings]);
};

// One of each β.
function rungsOf(entries) {
  const sorted = entries.toSorted((a, b) => betaOf(a) - betaOf(b));
  return sorted.filter((entry, i) => i === 0 || betaOf(entry) !== betaOf(sorted[i - 1]));
}

// The models whose rates and distortions compare, those of one data set and one likelihood, none of which
// was measured given the class: [{key, entries}, …].
export function planesOf(entries) {
  const measured = entries.filter(({ card }) => card?.metrics.rate && card.metrics.distortion && !isConditional(card.code));
  const keyOf = ({ card: { data, model } }) => `${data.name} ${model.image.join("x")} ${model.likelihood}`;
  return groupsBy(measured, keyOf).map((group) => ({ key: keyOf(group[0]), entries: group }));
}

// Each plain autoencoder with the variational one that is most like it, of the same data, pictures and number
// of dimensions, both under N(0, I): [{point, vae}, …].
export function twinsOf(entries) {
  const known = entries.filter(({ card }) => card?.code.prior.kind === "normal");
  const sizeOf = ({ card }) => card.code.blocks.reduce((sum, { size }) => sum + size, 0);
  const kin = (a, b) => a.card.data.name === b.card.data.name && sizeOf(a) === sizeOf(b) &&
    String(a.card.model.image) === String(b.card.model.image);
  const unlike = (a, b) => [JSON.stringify(a.card.model.decoder) !== JSON.stringify(b.card.model.decoder),
    a.card.model.likelihood !== b.card.model.likelihood, betaOf(b) !== 1].filter(Boolean).length;
  return known.filter(({ card }) => isPoint(card)).flatMap((point) => {
    const [vae] = known.filter((entry) => !isPoint(entry.card) && kin(point, entry))
      .sort((a, b) => unlike(point, a) - unlike(point, b));
    return vae ? [{ point, vae }] : [];
  });
}

function groupsBy(entries, keyOf) {
  const groups = new Map();
  for (const entry of entries) groups.set(keyOf(entry), [...groups.get(keyOf(entry)) ?? [], entry]);
  return [...groups.values()];
}
