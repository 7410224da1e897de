// The page Generate: new pictures from codes drawn at random, and more like the one that you like.

import { choice, number, optional, picture, unlinked } from "../../io/schema.js";
import { refusal } from "../../core/errors.js";
import { SEEDS } from "../../core/random.js";
import { action } from "../../widgets/action.js";
import { film } from "../../widgets/film.js";
import { h, hovers, select } from "../../widgets/dom.js";
import { createPictureView } from "../../widgets/pictureview.js";
import { Batch } from "./batch.js";
import { RADII, SIDES, SPREADS, TEMPERATURES } from "./codes.js";
import { createDistance } from "./datadistance.js";
import { createDownloads } from "./downloads.js";
import { Grid } from "./grid.js";
import { createSourcePanel } from "./sourcepanel.js";
import { classesWithExamples, createSources, sourcesFor } from "./sources.js";
import { anew, anotherSeed, around } from "./steps.js";
import { createTrail } from "./trail.js";
import { createVariationPanel } from "./variationpanel.js";

const HOW = hovers ? "Point at a picture to see it large; click it for more like it."
  : "Tap a picture for more like it.";
const FIRST_FRAME = 8; // ms of a frame that go into the grid; the rest is decoded beside the page
const KEYS = [["R", "other pictures (a new seed)"], ["← → ↑ ↓", "go from picture to picture"],
  ["Enter", "more like this one"], ["K", "add the picture to your pictures"],
  ["E", "open it in Explore"]];

// New pictures from a source; where there is a `centre`, variations of it. `trail` are the states that
// led to it, without their own trails.
export const schema = (bench) => ({
  source: { ...choice(sourcesFor(bench)), as: "from" },
  class: classesWithExamples(bench).length ? choice(classesWithExamples(bench)) : unlinked(null),
  temperature: { ...number(TEMPERATURES), as: "t" },
  seed: number({ initial: 0, min: 0, max: SEEDS - 1, whole: true }),
  side: { ...choice(SIDES, 8), as: "grid" },
  radius: number(RADII),
  spread: choice(Object.keys(SPREADS)),
  centre: { ...optional(picture(bench)), as: "z" },
  trail: unlinked([]),
  ...film({ fps: 2 }), // its pictures have nothing to do with each other
});

export function build(bench) {
  const { page, model, decoder, history, notify } = bench;
  const sources = createSources(bench, { settled: () => show("move"), failed: refuse });
  const batch = new Batch(bench, sources);
  const panel = createPanel(bench, sources);
  const trail = createTrail({ bench });
  const distance = createDistance(bench);
  const grid = new Grid({ model, decoder, point: () => request(), choose: moreLike,
    filled: () => distance.measure(batch.codes) });
  const side = createSide(history);
  const large = createLarge(bench, () => moreLike(pointed()));
  const request = bench.frames(paint);
  fillHead(bench, large);
  page.append(bench.notices,
    h("div", { class: "bench generate" }, panel.element,
      h("section", { class: "card board", "aria-label": "New pictures" },
        h("header", {}, trail.element, h("span", { class: "space" }), side), grid.element,
        h("footer", {}, distance.element, createDownloads({ bench, batch, grid }))),
      h("div", { class: "pinned view card shown" }, ...large.elements,
        h("p", { class: "quiet" }, HOW))));

  function moreLike(i) {
    const centre = batch.at(i);
    grid.leave();
    history.change(around(history.now, centre));
  }

  // Else the first, which in a grid of variations is their centre.
  const pointed = () => grid.pointed ?? 0;

  function paint() {
    const until = performance.now() + FIRST_FRAME;
    if (batch.draw(history.now)) {
      grid.set(batch.codes, batch);
      distance.wait();
    }
    const picture = batch.at(pointed());
    large.show(picture, batch.captionOf(pointed()));
    grid.paint(until);
    return { code: picture.z };
  }

  function show(why) {
    const { now } = history;
    if (!sources.of(now)) grid.wait();
    panel.show(why);
    side.querySelector("select").value = String(now.side);
    if (why === "settle") trail.show();
    request();
  }

  function refuse(error) {
    notify(`${refusal(error)} Shown instead: the prior.`);
    if (history.now.source === "mixture") history.change(anew({ source: "prior" }));
  }

  bench.follow(show);
  show("settle");
}

const createSide = (history) => select("grid", SIDES.map((n) => [String(n), `${n} × ${n}`]), "8",
  (n) => history.change({ side: Number(n) }));

function createLarge(bench, like) {
  const large = createPictureView({ bench, kind: "generated", label: "The large picture" });
  large.buttons.prepend(h("button", { type: "button", class: "main do-like", onclick: like },
    "More like this"));
  return large;
}

// What is in the page's head, and the keys.
function fillHead(bench, large) {
  const other = () => bench.history.change(anotherSeed());
  bench.head.fill(action("random", "Other pictures (R)", other));
  bench.keys(KEYS, { r: other, k: large.keep, e: large.explore });
}

function createPanel(bench, sources) {
  const sourcePanel = createSourcePanel({ bench });
  const variationPanel = createVariationPanel({ bench });
  const element = h("section", { class: "card choose", "aria-label": "What is drawn" },
    ...sourcePanel.elements, ...variationPanel.elements);

  function show(why) {
    const { now } = bench.history;
    sourcePanel.show(now, now.centre ? "The grid shows variations; choose one of these for new " +
      "pictures again." : sources.words(now));
    if (why === "settle") sourcePanel.settle(now);
    variationPanel.show(now);
  }

  return { element, show };
}
