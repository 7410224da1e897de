// What joins your pictures on this page: the drawing, an example, and what is opened in Explore.

import { refusal } from "../../core/errors.js";
import { MOST } from "../../state/pictures.js";
import { toExplore } from "../../widgets/codeactions.js";
import { add, choose } from "./steps.js";

function addPicture({ yours, history, notify }, name, kind, x, more) {
  try {
    history.change(add(history.now, yours.create(name, kind, x, more)));
  } catch (error) {
    notify(refusal(error));
  }
}

export function addDrawing(bench, pad) {
  pad.stop();
  const x = pad.x();
  if (!x) return bench.notify("The pad is empty: draw something first.");
  const n = bench.history.now.pictures.filter(({ kind }) => kind === "drawing").length + 1;
  addPicture(bench, `drawing ${n}`, "drawing", x, { looks: pad.looks() });
}

export function addExample(bench, name, x) {
  const { history } = bench, there = history.now.pictures.find((item) => item.name === name);
  if (there) history.change(choose(there));
  else addPicture(bench, name, "example", x);
}

// A drawing joins your pictures on the way, so that Explore knows its posterior.
export function explore(bench, { item }) {
  if (!item) return;
  const { yours, history } = bench, { pictures } = history.now;
  const { name, kind, x, looks, refined, z, id } = item;
  if (id === undefined && pictures.length < MOST) {
    history.change(add(history.now,
      yours.create(`${name} ${pictures.length + 1}`, kind, x, { looks, refined, z })));
  }
  toExplore(bench, z);
}
