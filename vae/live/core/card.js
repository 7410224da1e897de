// What bundle.json says of a model's arithmetic, from any format that we know: see vae/card.py.

import { need } from "./errors.js";

export const FORMAT = 2;

// A card as one of the newest format.
export function readCard(raw) {
  const number = raw?.format;
  need(Number.isInteger(number) && number >= 1, "bundle.json has no format number.");
  need(number <= FORMAT, `bundle.json has format ${number}, newer than this page's ${FORMAT}; ` +
    "update VAE Atelier to open it.");
  return number === 1 ? fromFormat1(raw) : raw;
}

// It had one normal block of `model.latent` numbers, and every atlas rate and distortion.
function fromFormat1({ model: { latent, ...model }, atlas, ...raw }) {
  return {
    ...raw,
    format: 2,
    code: { blocks: [{ name: "z", kind: "normal", size: latent, level: 1 }],
      prior: { kind: "normal" }, posterior: { kind: "gaussian" } },
    model,
    atlas: { ...atlas, columns: [{ name: "rate", title: "rate", unit: "nats" },
      { name: "distortion", title: "distortion", unit: "nats" }] },
  };
}
