// The paths compared: strips side by side, plots of why they differ, and lines on the map. All of it
// waits until the hand rests, and is then done in idle time.

import { PATHS } from "../../core/paths.js";
import { classColour, isDark } from "../../widgets/palette.js";
import { letter } from "./places.js";
import { framesOf } from "./measure.js";
import { createPathPlots } from "./plots.js";
import { createPathStrips } from "./strips.js";

const REST = 150; // ms

// `choose` and `go` are as in strips.js.
export function createComparison({ bench, paths, map, choose, go }) {
  const { page, idle, history } = bench;
  const colourOf = (name) => classColour(PATHS[name].colour, isDark(page));
  const last = () => history.now.keys.length - 1;
  const strips = createPathStrips({ bench, paths, colourOf, choose, go });
  const plots = createPathPlots(colourOf, bench.model.code.unit);
  let waiting = 0;
  let measured = {}; // of the key frames as they are

  // Between two pictures all paths are compared; among more they would be a tangle, and only the one in
  // use is drawn.
  const isDrawn = (name) => last() === 1 || name === history.now.path;

  // Another path is in use, or the theme is another.
  function show() {
    strips.show();
    plots.show(Object.fromEntries(Object.entries(measured).filter(([name]) => isDrawn(name))),
      history.now.path, last());
    drawLines();
  }

  // The paths are others, or there is one more.
  function measure() {
    idle.drop("paths"); // it may be at a path that is no more
    clearTimeout(waiting);
    waiting = setTimeout(() => idle.put("paths", work()), REST);
  }

  function* work() {
    measured = yield* strips.fill();
    show();
    plots.at(history.now.t);
  }

  // A blend of pixels has no codes and no line. The path in use lies on top.
  function drawLines() {
    const { keys, path } = history.now;
    const lines = Object.keys(PATHS).filter((name) => paths.ready(name) && isDrawn(name))
      .sort((a, b) => (a === path) - (b === path))
      .map((name) => ({ frames: framesOf(paths, name, last()), colour: colourOf(name) }))
      .filter(({ frames }) => frames[0].length === 1)
      .map(({ frames, colour }) => ({ codes: frames.map(([{ z }]) => z), colour }));
    map.overlay({ lines, pins: keys.map(({ z }, i) => ({ z, word: letter(i) })) });
  }

  const sized = new ResizeObserver(() => {
    plots.draw();
    plots.at(history.now.t);
  });
  sized.observe(strips.element);
  bench.onTheme(show);
  bench.closing(() => {
    clearTimeout(waiting);
    sized.disconnect();
  });

  return { elements: [strips.element, plots.element], show, measure, at: plots.at, say: strips.say };
}
