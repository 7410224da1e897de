// What a card says of its model, as rows of words: [term, words, details]. All of it follows from the
// card's data; a description in prose says nothing here.

import { layoutOf } from "../../core/code.js";
import { isPoint } from "../../core/ladders.js";
import { LIKELIHOODS } from "../../core/likelihoods.js";
import { percent } from "../../widgets/format.js";

const many = (n) => n.toLocaleString("en");
const million = (n) => (n / 1e6).toPrecision(n < 1e8 ? 2 : 3);
const plusMinus = ({ stderr }) => (stderr ? ` ± ${stderr.toPrecision(2)}` : "");
const nats = (m, sign = 1) => `${(sign * m.value).toFixed(2)}${plusMinus(m)} nats`;
const of = ({ n, k }) => `n = ${many(n)}${k ? `, K = ${many(k)}` : ""}`;
// Numbers that are no weights of a choice, and the classes of that.
const numbersOf = (code) => sizeOf(code, (kind) => kind !== "choice");
const classesOf = (code) => sizeOf(code, (kind) => kind === "choice");
const sizeOf = (code, counts) => layoutOf(code).blocks.filter(({ kind }) => counts(kind))
  .reduce((sum, { size }) => sum + size, 0);
const shapeWords = ([c, height, width]) => `${width} × ${height} ${c === 1 ? "grey" : "colour"}`;

export function sizeRows({ card, macs, bytes }) {
  const classes = classesOf(card.code);
  return [["Size", `${numbersOf(card.code)} latent dimensions${classes ? ` and ${classes} classes` : ""}, ${(bytes / 1e6).toFixed(1)} MB`,
    `${million(macs.decoder)} (decoder) + ${million(macs.encoder)} (encoder) million multiply-accumulates a picture`]];
}

// ---- how good

export function figureRows({ metrics, code }) {
  const rows = [...likelihoodRows(metrics), ...classRows(metrics), ...errorRows(metrics), ...unitRows(metrics, code), ...sampleRows(metrics), ...factorRows(metrics)];
  return rows.length ? rows : [["Figures", "not measured yet", "python -m vae evaluate measures them"]];
}

const errorRows = ({ pixel_error: error }) => (error
  ? [["Error of a pixel", `${error.value.toFixed(3)} of white`, `the mean image ${error.control.toFixed(3)}; ${of(error)}`]]
  : []);

function likelihoodRows({ rate, distortion, elbo, ...metrics }) {
  const bounds = Object.entries(metrics).filter(([name]) => /^nll(_\d+)?$/.test(name));
  return [
    elbo && ["−ELBO", nats(elbo, -1), `rate ${rate.value.toFixed(2)} + distortion ${distortion.value.toFixed(2)}; ` +
      [of(elbo), elbo.note].filter(Boolean).join(", ")],
    ...bounds.map(([, m]) => ["NLL at most", nats(m), of(m)]),
    !elbo && distortion && ["Distortion", nats(distortion), of(distortion)],
  ].filter(Boolean);
}

// Of a conditional model.
const classRows = ({ class_by_elbo: elbo, class_by_encoder: encoder }) => (elbo
  ? [["Knows the class", `of ${(100 * elbo.value).toFixed(1)} % by the largest ELBO given a class, of ` +
    `${(100 * encoder.value).toFixed(1)} % by its encoder, q(y | x)`, of(elbo)]] : []);

const unitRows = ({ active_units: units }, code) => (units
  ? [["Active units", `${units.value} of ${numbersOf(code)}`, of(units)]] : []);

const KINDS = { prior: "prior", aggregate: "aggregate posterior", reconstructions: "reconstructions" };

// Of samples and reconstructions, as a classifier of the same data sees them, beside test images.
export function sampleRows(metrics) {
  const row = (term, figure, words) => {
    const known = Object.entries(KINDS).filter(([kind]) => metrics[`${kind}_${figure}`]);
    if (!known.length) return [];
    const first = metrics[`${known[0][0]}_${figure}`];
    return [[term, known.map(([kind, name]) => `${name} ${words(metrics[`${kind}_${figure}`].value)}`).join(", "),
      `test images ${words(first.control)}; ${of(first)}`]];
  };
  return [...row("Classified above 0.9", "confident", percent),
    ...row("Fréchet distance", "frechet", (v) => v.toFixed(1))];
}

const FACTORS = { mig: "MIG", dci_disentanglement: "DCI disentanglement", sap: "SAP", factor_vae: "FactorVAE score" };

// Each beside that of codes turned at random.
function factorRows(metrics) {
  const known = Object.entries(FACTORS).filter(([name]) => metrics[name]);
  if (!known.length) return [];
  const say = (field) => known.map(([name, words]) => `${words} ${metrics[name][field].toFixed(2)}`).join(", ");
  return [["Disentanglement", say("value"), `codes turned at random: ${say("control")}; ${of(metrics[known[0][0]])}`]];
}

// ---- how trained

export const NOISES = { unit: "σ = 1", shared: "one σ", pixel: "a σ for each pixel" };

export function trainingRows({ data, training }) {
  const { method, steps, taken = steps, batch, beta, total_correlation: correlation, noise, seed, best } = training;
  const settings = [method, taken && `${many(taken)} steps`, batch && `of ${many(batch)} images`,
    beta !== undefined && `β = ${beta}`, correlation && `${correlation} × total correlation`, NOISES[noise],
    seed !== undefined && `seed ${seed}`].filter(Boolean).join(", ")
    .replace("steps, of", "steps of");
  return [["Trained on", `${data.n ? `${many(data.n)} images of ` : ""}${data.title}`, settings],
    ["Weights", method ? "computed, not trained" : weightsWords(data, best), best && `validation objective ${best.validation.toFixed(2).replace("-", "−")} nats`]];
}

const weightsWords = ({ validation }, best) => (best && validation
  ? `of step ${many(best.step)}, the best on ${many(validation)} validation images`
  : "of the last step; no validation images chose them");

// ---- what it cannot do

export function limits({ card, macs }) {
  const { code, data, metrics, model: { image, likelihood } } = card, size = numbersOf(code);
  const { levels } = LIKELIHOODS[likelihood] ?? {}, units = metrics.active_units?.value;
  const [drawn, known] = [metrics.prior_confident, metrics.prior_confident?.control];
  return [
    `It takes ${shapeWords(image)} pictures and knows ${data.title} alone; whatever it is given, it answers with ` +
      "something like these.",
    levels === 2 && "Its pixels are black or white: a grey is the chance of white.",
    levels > 2 && "What it draws is the mean of each pixel; the noise of its likelihood is left out.",
    isPoint(card) && "Its encoder answers with a point: it has no rate, ELBO or NLL, and its codes need not fill N(0, I).",
    units < size && `${size - units} of its ${size} dimensions hardly vary with the picture.`,
    drawn && drawn.value < known - 0.05 && `A classifier is sure of ${percent(drawn.value)} of its samples from the prior; ` +
      `of test images it is sure of ${percent(known)}.`,
    macs.decoder > 30e6 && "A large decoder: on a slow computer it follows the hand at less than screen rate.",
  ].filter(Boolean);
}
