// The page Labels: name the classes of a few examples; the map takes the colours that they give to all
// others, accuracy follows, and the page asks for the example that would tell most.

import { exampleOf } from "../../core/origins.js";
import { nearest } from "../../core/blend.js";
import { createMap } from "../../map/map.js";
import { h } from "../../widgets/dom.js";
import { createCurve, createReliability } from "./curves.js";
import { Learner } from "./learner.js";
import { createQuestion } from "./question.js";
import { hasClasses, MOST } from "./schema.js";
import { tonesOf } from "./tones.js";
import { createTray } from "./tray.js";

export { schema } from "./schema.js";

const KEYS = [["0 … 9", "the class of the picture"], ["S", "skip it"]];

export function build(bench) {
  if (hasClasses(bench)) return buildWhole(bench);
  bench.keys([], {});
  bench.page.append(bench.notices, h("div", { class: "bench" }, h("section", { class: "card absent" },
    h("h2", {}, "There are no classes to name"),
    h("p", {}, "The examples of this model have no classes, so that nothing could say whether labels are right. ",
      "Open another model here, for example digits."))));
}

function buildWhole(bench) {
  const { page, history } = bench;
  const wake = bench.frames(paint), learner = new Learner(bench, wake);
  const acts = actsOf(bench, learner);
  const view = createView(bench, learner, acts);
  bench.keys(KEYS, { ...acts.keys, s: acts.skip });
  page.append(bench.notices, h("div", { class: "bench labels" }, view.question.element, view.map.element,
    h("section", { class: "card figures", "aria-label": "How good the labels are" },
      view.score, view.curve.element, view.reliability.element), view.tray.element));

  let painted = null;
  function paint() {
    const now = history.now, fresh = now !== painted;
    if (!learner.ready) return void view.wait(learner);
    painted = now;
    return view.paint(now, fresh);
  }

  bench.follow((why) => {
    if (why === "settle") view.map.show();
    wake();
  });
  bench.onTheme(() => view.question.colour());
  wake();
}

// What a person can do.
function actsOf({ history, classes, notify, atlas }, learner) {
  function label(k) {
    const { now } = history;
    if (!learner.ready || k >= classes.length) return;
    const { row } = learner.of(now), others = now.labels.filter(([i]) => i !== row);
    if (others.length >= MOST) return notify(`At most ${MOST} examples can have a label; take one back first.`);
    history.change({ labels: [...others, [row, k]], chosen: null });
  }

  function skip() {
    if (!learner.ready) return;
    const { skipped, chosen } = history.now, { row } = learner.of(history.now);
    if (chosen !== null) return history.change({ chosen: null });
    history.change({ skipped: [...skipped, row].slice(-MOST) });
  }

  return {
    label, skip,
    remove: (row) => history.change({ labels: history.now.labels.filter(([i]) => i !== row) }),
    // A place of the map means the example that is nearest to it.
    choose: ({ example, z }) => history.change({ chosen: example ?? nearest(atlas.mean, z, 1).index[0] }),
    keys: Object.fromEntries(Array.from({ length: Math.min(10, classes.length) }, (_, k) => [k, () => label(k)])),
  };
}

// The parts, and how they follow a state.
function createView(bench, learner, { label, skip, remove, choose }) {
  const { history, atlas, classes } = bench;
  let answer = null, asked = null;
  const code = { get z() { return asked ?? bench.model.code.origin(); }, look() {}, go: choose };
  const map = createMap({ bench, code, tones: () => tonesOf(bench, history.now.labels.length ? answer : null) });
  const question = createQuestion(bench, { label, skip });
  const curve = createCurve(), reliability = createReliability(), tray = createTray(bench, remove);
  const score = h("p", { class: "score", role: "status" });

  curve.show({ ...learner.curves, yours: [] });
  tray.show(history.now);

  function wait({ done }) {
    question.wait(`Finding the neighbours of ${atlas.n.toLocaleString("en")} codes: ${Math.floor((100 * done) / atlas.n)} %`);
  }

  // Returns what was painted.
  function paint(now, fresh) {
    const known = learner.of(now);
    curve.show({ ...learner.curves, yours: learner.yours(now.labels) });
    if (!fresh && known.answer === answer) return undefined;
    question.enable(true);
    question.show(known);
    if (known.answer !== answer) showAnswer(known);
    asked = exampleOf(bench, known.row).z;
    map.mark(asked, true);
    return { row: known.row };
  }

  function showAnswer({ answer: next, labels, accuracy, reliability: bins }) {
    answer = next;
    map.recolour();
    map.overlay({ pins: labels.slice(-10).map(([row, k]) => ({ z: exampleOf(bench, row).z, word: classes[k] })) });
    tray.show({ labels });
    reliability.show(bins);
    score.replaceChildren(...scoreOf(atlas.n, labels.length, accuracy),
      h("span", { class: "quiet" }, "Their true classes are known here, and used for these figures alone."));
  }

  return { map, question, curve, reliability, tray, score, wait, paint };
}

// How many of n examples are named right after `count` labels.
function scoreOf(n, count, accuracy) {
  const others = (n - count).toLocaleString("en");
  if (count === 0) return [`${others} held-out examples, no label yet. `];
  if (count === n) return ["Every example has a label. "];
  return [h("strong", {}, `${(100 * accuracy).toFixed(1)} %`),
    ` right of the ${others} other held-out examples, by ${count} label${count === 1 ? "" : "s"}. `];
}
