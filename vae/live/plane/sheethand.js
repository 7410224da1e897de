// How a hand and keys move a sheet.

import { createHand } from "./gestures.js";
import { ARROWS, followKeys } from "./keys.js";

const STEP = 1.4; // of the zoom, a press
const ARROW = 0.1; // of the shorter side, a press

// `last()` says when it last moved; `zoom(sign)` and `fit()` are for buttons.
export function createSheetHand({ element, camera, redraw, look, leave, press, moved }) {
  let last = -Infinity;
  const act = (change) => (...given) => {
    change(...given);
    last = performance.now();
    redraw();
  };
  // From a button or a key: what is in the middle is looked at.
  const step = (change) => act((...given) => {
    change(...given);
    look(camera.middle());
    moved();
  });
  const pan = act(camera.pan);

  createHand(element, { zoom: act(camera.zoom), look, leave, press, rest: () => moved(),
    pan(dx, dy, kind) {
      pan(dx, dy);
      if (kind === "touch") look(camera.middle());
    } });
  followKeys(element, { Enter: () => press(), Escape: leave,
    ...Object.fromEntries(Object.entries(ARROWS).map(([key, [dx, dy]]) => [key, step(() => {
      const by = Math.round(ARROW * Math.min(...camera.size));
      camera.pan(-dx * by, -dy * by);
    })])) });
  element.addEventListener("blur", leave);

  return { last: () => last, zoom: step((sign) => camera.zoom(STEP ** sign)),
    fit: act(() => {
      camera.fit();
      moved();
    }) };
}
