// The page Morph: from one picture to another, by several paths at once; and among four at a corner
// each. The scrubber follows the hand; only the geodesic is worked out by Python.

import { firstOf } from "../../core/origins.js";
import { MOST_KEYS, PATHS } from "../../core/paths.js";
import { choice, number, numbers, pictures } from "../../io/schema.js";
import { mapView } from "../../map/view.js";
import { createChoice } from "../../widgets/choice.js";
import { film } from "../../widgets/film.js";
import { createTabs } from "../../widgets/tabs.js";
import { Between } from "./between.js";
import { createCorners } from "./corners.js";
import { placeField } from "./places.js";

const KEYS = [["Space", "play, pause"], ["← →", "move along (Shift: further)"], ["X", "swap"],
  ["K", "add to your pictures"], ["E", "open in Explore"]];

// `t` is the place on the path, where key frame i is at i; `at` the place among the four corners.
export function schema(bench) {
  const share = number({ initial: 0.5, min: 0, max: 1 });
  const { classes, yours } = bench;
  return {
    ...mapView(bench),
    mode: choice(["two", "four"]),
    keys: { ...pictures(bench, { initial: firstKeys(bench), min: 2, max: MOST_KEYS }),
      always: yours.items.length > 0 },
    path: choice(Object.keys(PATHS), "slerp"),
    t: placeField,
    corners: pictures(bench, { min: 4, max: 4,
      initial: [1, 4, 7, 10].map((k) => firstOf(bench, classes.length && k % classes.length)) }),
    at: numbers([share, share]),
    ...film({ bounce: true }),
  };
}

// Your last two pictures, or examples where you have none.
function firstKeys(bench) {
  const own = bench.yours.items.slice(-2).map(({ z, name }) => ({ z, name }));
  const last = bench.classes.length - 1;
  return [...own, firstOf(bench, Math.min(3, Math.max(0, last))), firstOf(bench, 0)].slice(0, 2);
}

export function build(given) {
  const bench = { ...given, request: given.frames(paint) };
  const { page, history } = bench;
  const between = new Between(bench);
  const corners = createCorners(bench);
  const modes = createChoice({ name: "mode", kind: "sources modes", label: "How many pictures",
    choices: [["two", "Two or more"], ["four", "Four corners"]], choose: (mode) => history.change({ mode }) });
  const four = () => history.now.mode === "four";
  bench.keys(KEYS, { " ": () => four() || between.player.toggle(),
    x: () => four() || between.keyFrames.swap(), k: () => inUse().view.keep(), e: () => inUse().view.explore() });
  const inUse = () => (four() ? corners : between);
  bench.head.fill(modes.element);
  page.append(bench.notices, between.element, corners.element,
    createTabs(page, [["paths", "Paths"], ["map", "Map"]]));

  function paint() {
    return inUse().paint();
  }

  function show(why) {
    bench.request();
    if (why !== "settle") return;
    const { mode } = history.now;
    page.dataset.mode = mode;
    modes.show(mode);
    between.element.hidden = four();
    corners.element.hidden = !four();
    if (four()) between.player.stop();
    between.settle();
    corners.settle(); // last, so that the corners' pictures are drawn before paths are searched
  }

  bench.follow(show);
  show("settle");
}
