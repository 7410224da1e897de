// The page Surprise: a threshold on what pictures cost, the false alarms that it promises and gets, and what it
// misses. All of it runs here, on scores that are in the bundle and on pictures that are drawn.

import { rateAt, thresholdAt } from "../../core/detection.js";
import { anySeed } from "../../core/random.js";
import { action } from "../../widgets/action.js";
import { h } from "../../widgets/dom.js";
import { createSelect } from "../../widgets/form.js";
import { createClasses } from "./classes.js";
import { Histogram } from "./histogram.js";
import { Probe } from "./probe.js";
import { createReadings, percent } from "./readings.js";
import { createRoc } from "./roc.js";
import { countsOf } from "./schema.js";
import { Scores, SCORES } from "./scores.js";
import { createSides } from "./sides.js";
import { Unflagged } from "./unflagged.js";

export { schema } from "./schema.js";

const KEYS = [["R", "another split of the held-out pictures"], ["← →", "move the threshold, once it has the focus"]];

export function build(bench) {
  const scores = new Scores(bench);
  if (scores.there) return buildWhole(bench, scores);
  const folder = bench.data.folder ?? bench.data.model;
  bench.keys([], {});
  bench.page.append(bench.notices, h("div", { class: "bench" }, h("section", { class: "card absent" },
    h("h2", {}, "This model has not been surveyed"),
    h("p", {}, "The scores of its held-out pictures, and of pictures of other kinds, are not in its bundle. ",
      "Where its data set is, this command adds them:"),
    h("code", { class: "code", tabindex: 0 }, `python -m vae anomaly survey ${folder}`))));
}

function buildWhole(bench, scores) {
  const { page, history } = bench;
  const wake = bench.frames(paint);
  const view = createView(bench, scores, wake);
  const split = () => history.change({ seed: anySeed() });
  bench.keys(KEYS, { r: split });
  page.append(bench.notices, h("div", { class: "bench surprise" },
    h("section", { class: "card threshold", "aria-label": "Threshold" },
      h("header", {}, h("h2", {}, "How surprising is usual?"),
        createSelect(bench, "others", "others", scores.kinds.map(({ key, title }) => [key, title])),
        createSelect(bench, "count", "fitted to", countsOf(bench).map((n) => [n, `${n.toLocaleString("en")} pictures`])),
        action("random", "Another split of the held-out pictures (R)", split)),
      h("p", { class: "legend" }, h("span", { class: "normal" }, "held-out pictures, above"), " ", view.legend),
      view.histogram.element, view.readings.element),
    h("section", { class: "card curves", "aria-label": "ROC" }, view.roc.element),
    view.probe.element, view.classes.element, view.sides.element));

  let painted = null;
  function paint() {
    const now = history.now, fresh = view.probe.read() || now !== painted;
    painted = now;
    if (fresh) return { threshold: view.paint(now) };
  }

  bench.follow(wake);
  bench.onTheme(() => view.histogram.draw());
  bench.closing(() => view.histogram.sized.disconnect());
  wake();
}

// The parts, and how they follow a state.
function createView(bench, scores, wake) {
  const { history } = bench;
  const current = (score = history.now.score) => scores.of(history.now, score);
  const histogram = new Histogram({ settle: () => history.settle(), move(threshold) {
    const { fitted, span } = current();
    history.move({ rate: rateAt(fitted, threshold, span[1]) });
  } });
  const legend = h("span", { class: "others" });
  const readings = createReadings(), sides = createSides(bench), probe = new Probe(bench, wake);
  const classes = createClasses(bench), unflagged = new Unflagged(bench);
  probe.element.append(unflagged.element);
  const roc = createRoc({ choose: (score) => history.change({ score }) });

  // Returns the threshold.
  function paint({ others, score, rate }) {
    const now = current(), about = SCORES[score];
    const words = wordsOf(about);
    const { title } = scores.kinds.find(({ key }) => key === others);
    const threshold = thresholdAt(now.fitted, rate, now.span[1]);
    legend.textContent = `${title}, below`;
    const { alarms, found } = readings.show(now, threshold, rate, title);
    histogram.show(now, threshold,
      `${words(threshold)}: ${percent(alarms)} false alarms, ${percent(1 - found)} missed`, about);
    histogram.describe(`The ${about.name} of held-out pictures and of others (${title}); ${percent(alarms)} of ` +
      `the first and ${percent(found)} of the others are above the threshold`);
    histogram.point(probe.score(score));
    roc.show(now, current, score);
    roc.at(alarms, found);
    sides.show(now, threshold, words);
    probe.show(now, threshold, score, words);
    classes.show(now, threshold, rate, words);
    const { fitted, span } = current("surprise");
    unflagged.read(probe.now?.x ?? null);
    unflagged.show(thresholdAt(fitted, rate, span[1]), wordsOf(SCORES.surprise));
    return threshold;
  }

  return { histogram, legend, readings, sides, probe, classes, roc, paint };
}

const wordsOf = ({ digits, unit }) => (v) => `${v.toFixed(digits)} ${unit}`.trim();
