// The state of Models: which part is shown, which models are compared, and on what.

import { need } from "../../core/errors.js";
import { planesOf } from "../../core/ladders.js";
import { firstOf } from "../../core/origins.js";
import { SEEDS } from "../../core/random.js";
import { choice, number, picture, pictures, unlinked } from "../../io/schema.js";
import { ladderOf } from "./dial.js";
import { FIRST, SOURCES } from "./input.js";
import { anyOf, noisesFor, SUBJECTS } from "./noise.js";

const PARTS = { cards: "Cards", compare: "Compare", plane: "Rate–distortion", dial: "β",
  twins: "Autoencoder", noise: "Noise" };
// A page saved as a file has one model, and its card.
export const partsOf = ({ offline }) => (offline ? { cards: PARTS.cards } : PARTS);

export const SHOWS = { picture: "Picture", random: "Random codes", walk: "Walk" };
export const MOST = 4; // models side by side
export const TEMPERATURES = { initial: 1, min: 0, max: 2 };

export function schema(bench) {
  const { card, classes } = bench;
  const first = firstOf(bench, 0), last = firstOf(bench, Math.max(0, classes.length - 1));
  return {
    part: choice(Object.keys(partsOf(bench))),
    compared: namesField(firstCompared(bench)),
    show: choice(Object.keys(SHOWS)),
    from: choice(Object.keys(SOURCES), card.prepare.digits ? "draw" : "picked"),
    drawing: unlinked(card.prepare.digits ? FIRST : []),
    picked: { ...picture(bench, first), as: "z" },
    ends: pictures(bench, { initial: [first, last], min: 2, max: 2 }),
    t: number({ initial: 0.5, min: 0, max: 1 }),
    seed: number({ initial: 0, min: 0, max: SEEDS - 1, whole: true }),
    temperature: number(TEMPERATURES),
    plane: planeField(bench),
    beta: betaField(bench),
    subject: choice(Object.keys(SUBJECTS)),
    held: heldField(bench),
  };
}

// The open model, then others of the same data, then of pictures of the same shape.
function firstCompared({ catalogue, card, data }) {
  const rank = (other) => (other.name === data.model ? 0 : other.card.data.name === card.data.name ? 1 : 2);
  return catalogue.filter((entry) => entry.card && String(entry.card.model.image) === String(card.model.image))
    .sort((a, b) => rank(a) - rank(b)).slice(0, MOST).map(({ name }) => name);
}

// Which data set and likelihood; the open model's to begin with.
function planeField({ catalogue, data }) {
  const planes = planesOf(catalogue);
  const own = planes.find(({ entries }) => entries.some(({ name }) => name === data.model)) ?? planes[0];
  return own ? choice(planes.map(({ key }) => key), own.key) : unlinked(null);
}

// One that a model of the ladder was trained with; the one nearest to 1 to begin with.
function betaField(bench) {
  const betas = ladderOf(bench)?.map(({ card }) => card.training.beta);
  return betas ? choice(betas, betas.toSorted((a, b) => Math.abs(a - 1) - Math.abs(b - 1))[0]) : unlinked(null);
}

// A held-out example of the models that differ in their noise, by its number in the data set.
function heldField(bench) {
  const arms = noisesFor(bench);
  return arms ? number({ initial: 0, min: 0, max: anyOf(arms).card.atlas.n - 1, whole: true }) : unlinked(0);
}

// Models by their names. One that is not there is said in its place.
function namesField(initial) {
  return {
    initial, as: "with",
    read(text) {
      const names = text.split(",").map(decoded);
      need(names.length <= MOST, `it names ${names.length} models; at most ${MOST} stand side by side`);
      return names;
    },
    write: (names) => names.map(encodeURIComponent).join(","),
  };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch { // a lone % is what it is
    return text;
  }
}
