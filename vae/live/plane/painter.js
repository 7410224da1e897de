// The canvases of a sheet: pictures, and examples where they are wanted.

import { createPoints } from "./points.js";
import { fitCanvas } from "./stagesize.js";
import { Tiles } from "./tiles.js";

const BUDGET = 9, HOT = 6; // ms of a frame, drawing included; while the hand moves
const SIZES = { small: 1, middle: 1.75, large: 3.5 }; // of a picture, in its own pixels
const LEAST = 28; // pixels of a small picture
const POINT = 5; // pixels of an example

// `placed()` moves what lies above them.
export function createPainter({ model, camera, canvas, dots, placed }) {
  const tiles = new Tiles(model), points = createPoints(dots), context = canvas.getContext("2d");
  const [, height, width] = model.image;
  let dpr = 1, detail = "small", stale = true, marks = null, space = null, places = null;

  const frame = () => ({ ...camera.frame(dpr),
    wanted: Math.max(LEAST, Math.max(height, width) * SIZES[detail]) * dpr });

  function draw(focus) {
    stale = false;
    tiles.draw(context, frame(), focus);
    if (marks) points.draw(frame(), { ...marks, places, size: POINT }, dpr);
    placed();
  }

  return {
    // Everything has to be drawn again.
    spoil: () => (stale = true),
    // Works until `begin` and some ms; less where it began before `cool`. Whether more is wanted.
    paint(begin, cool, focus) {
      if (stale) draw(focus ?? camera.toPlace(camera.middle()));
      const hot = begin < cool;
      const whole = tiles.refine(context, frame(), begin + (hot ? HOT : BUDGET), hot ? 0 : 1);
      if (whole) stale = true; // once more, so that no seam of an older picture is left
      return tiles.left() > 0 || stale;
    },
    resize(size, sharp) {
      dpr = sharp;
      camera.resize(size);
      for (const layer of [canvas, dots]) fitCanvas(layer, size, dpr);
    },
    show(next) {
      [space, places] = [next, null];
      tiles.show(space);
    },
    size: (next) => (detail = next),
    setPoints(next) {
      marks = next;
      if (!marks) points.clear();
      else places ??= placesOf(marks.places, space);
    },
    step: () => tiles.step(frame()),
  };
}

function placesOf(codes, { place }) {
  const places = new Float64Array(codes.length);
  for (let i = 0; i < codes.length; i += 2) places.set(place(codes.subarray(i, i + 2)), i);
  return places;
}
