// The card that brings a picture: drawn, opened, or an example.

import { createChoice } from "../../widgets/choice.js";
import { h } from "../../widgets/dom.js";
import { addExample } from "./adding.js";
import { createExamples } from "./examples.js";
import { createSending } from "./sending.js";
import { bringFrom, turn } from "./steps.js";
import { Uploads } from "./uploads.js";

const SOURCES = [["draw", "Draw"], ["picture", "Open"], ["examples", "Examples"]];

const choicesFor = ({ offline }) => SOURCES.filter(([key]) => key === "draw" || !offline);

export const sourcesFor = (bench) => choicesFor(bench).map(([key]) => key);

// `drawing` is as in drawing.js, `inUse` as in inuse.js.
export function createBringing({ bench, drawing, inUse }) {
  const { history } = bench;
  const uploads = new Uploads(bench, inUse);
  const examples = createExamples({ bench, take: (name, x) => addExample(bench, name, x) });
  const panels = { draw: drawing.element, picture: uploads.element, examples: examples.element };
  const choice = createChoice({ name: "source", label: "Where the picture comes from",
    choices: choicesFor(bench), choose: (key) => history.change(bringFrom(history.now, key)) });
  const element = h("section", { class: "pinned card bringing", "aria-label": "Your picture" }, choice.element,
    ...Object.values(panels), createSending({ bench, inUse }));

  function show(now) {
    choice.show(now.source);
    for (const [key, panel] of Object.entries(panels)) panel.hidden = key !== now.source;
    drawing.show(now);
    examples.show(now);
  }

  // The picture in use, prepared as a better one was.
  function correct(better) {
    if (inUse.picture) uploads.correct(better);
    else history.change(turn(history.now, better.change.turn));
  }

  const remedies = { correct, tryOthers: (item) => uploads.tryOthers(item),
    crop: (box) => uploads.preparation.set({ crop: box }) };
  return { element, show, remedies, showPreparation: () => uploads.show() };
}
