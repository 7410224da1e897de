// The paths compared: strips side by side, plots of why they differ, and lines on the map. All of it
// waits until the hand rests, and is then done in idle time.

import { letter } from "./keyframes.js";
import { classColour, isDark } from "../../widgets/palette.js";
import { createWayPlots } from "./plots.js";
import { framesOf } from "./measure.js";
import { WAYS } from "./paths.js";
import { createWayStrips } from "./strips.js";

const REST = 150; // ms
const ON_MAP = ["line", "slerp", "geodesic", "data"]; // a blend of pixels has no codes

// `now()` is {keys, kind, t}: the key frames, the path in use and the place on it. `choose` and `go`
// are as in waystrips.js.
export function createWayCompare({ bench, ways, map, now, choose, go }) {
  const { page, idle } = bench;
  const colourOf = (name) => classColour(WAYS[name].colour, isDark(page));
  const last = () => now().keys.length - 1;
  const strips = createWayStrips({ bench, ways, last, colourOf, choose, go });
  const plots = createWayPlots(colourOf);
  let waiting = 0;

  function refresh() {
    idle.drop("ways"); // it may be at a path that is no more
    clearTimeout(waiting);
    waiting = setTimeout(() => idle.put("ways", work()), REST);
  }

  function* work() {
    plots.show(yield* strips.fill(), now().kind, last());
    plots.at(now().t);
    drawLines();
  }

  function drawLines() {
    const { keys, kind } = now();
    const names = ON_MAP.filter((name) => ways.ready(name) && !ways.error(name))
      .sort((a, b) => (a === kind) - (b === kind)); // the path in use lies on top
    const codes = (name) => framesOf(ways, name, last()).map(([{ z }]) => z);
    map.overlay({ lines: names.map((name) => ({ codes: codes(name), colour: colourOf(name) })),
      pins: keys.map(({ z }, i) => ({ z, word: letter(i) })) });
  }

  // Another path is in use, or the theme is another.
  function show() {
    strips.show(now().kind);
    refresh();
  }

  const sized = new ResizeObserver(plots.draw);
  sized.observe(strips.element);

  function stop() {
    clearTimeout(waiting);
    sized.disconnect();
  }

  return { elements: [strips.element, plots.element], show, refresh, at: plots.at,
    tell: strips.tell, stop };
}
