// Rate and distortion of all models of one data set and likelihood in one plane.

import { isPoint, laddersOf, planesOf } from "../../core/ladders.js";
import { h, help } from "../../widgets/dom.js";
import { createSelect } from "../../widgets/form.js";
import { Scatter } from "../../widgets/scatter.js";
import { STILL } from "./part.js";

const NONE = "No model here has a measured rate and distortion yet: python -m vae evaluate FOLDER measures them.";
const AXES = { axes: ["rate, nats", "distortion, nats"], sum: "−ELBO" };

export const planeOf = ({ catalogue }, key) => planesOf(catalogue).find((plane) => plane.key === key);

// A model as a point of the plane.
export function pointOf({ name, title, card: { metrics: { rate, distortion }, training } }, current, short = name) {
  const [r, d] = [rate.value, distortion.value];
  return { key: name, name: short, current, at: [r, d], words: `${title}: rate ${r.toFixed(2)} + distortion ` +
    `${d.toFixed(2)} = −ELBO ${(r + d).toFixed(2)} nats${training.beta === undefined ? "" : `, β = ${training.beta}`}` };
}

export const createScatter = (bench, label, choose) => {
  const scatter = new Scatter({ label, ...AXES, choose });
  bench.closing(() => scatter.destroy());
  return scatter;
};

export function createPlane({ bench }) {
  const { catalogue, data, history } = bench, planes = planesOf(catalogue);
  const scatter = createScatter(bench, "Rate and distortion of each model",
    (name) => bench.send("go", { page: "explore", model: name }));
  const notes = h("p", { class: "quiet" });
  const titles = planes.map(({ key, entries: [{ card }] }) => [key, `${card.data.title}, ${card.model.likelihood}`]);
  const element = h("div", { class: "part plane" }, h("section", { class: "card", "aria-label": "Rate and distortion" },
    h("header", {}, h("h2", {}, "Rate and distortion"), help("this plane", ...ABOUT),
      planes.length > 1 ? createSelect(bench, "plane", "data", titles) : null),
    planes.length ? scatter.element : h("p", {}, NONE), notes));

  function settle() {
    const plane = planeOf(bench, history.now.plane);
    if (!plane) return;
    const names = plane.entries.map(({ name }) => name);
    const rungs = laddersOf(catalogue).map((ladder) => ladder.filter(({ name }) => names.includes(name)));
    scatter.show(plane.entries.map((entry) => pointOf(entry, entry.name === data.model)),
      rungs.map((ladder) => ladder.map(({ name }) => name)).filter((keys) => keys.length > 1));
    notes.textContent = notesOf(catalogue, plane.entries[0].card);
  }

  return { ...STILL, element, settle };
}

const ABOUT = ["Each point is a model, measured on held-out images. Rate is what a code costs, distortion what it leaves ",
  "out; on a dashed line their sum, −ELBO, is the same, and lower is better. Models that differ only in β are joined: a ",
  "smaller β buys less distortion with more rate. Press a point to open its model in Explore."];

// Those of the same data that are not in the plane.
function notesOf(catalogue, { data }) {
  const absent = catalogue.filter(({ card }) => card?.data.name === data.name && !card.metrics.rate);
  const say = (entries, why) => (entries.length ? `${entries.map(({ title }) => title).join(", ")}: ${why} ` : "");
  return say(absent.filter(({ card }) => isPoint(card)), "a posterior of one point has no rate.") +
    say(absent.filter(({ card }) => !isPoint(card)), "not measured yet.");
}
