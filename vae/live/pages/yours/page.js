// The page Your image: bring a picture or draw one, and see at once what the model sees.
//
// Drawing, encoding, decoding and placing run here, at each frame; Python prepares files and refines.

import { choice, flag, unlinked } from "../../io/schema.js";
import { createMap } from "../../map/map.js";
import { mapView } from "../../map/view.js";
import { toExplore } from "../../widgets/codeactions.js";
import { h } from "../../widgets/dom.js";
import { PEN } from "../../widgets/pad.js";
import { createTabs } from "../../widgets/tabs.js";
import { addDrawing, explore } from "./adding.js";
import { createAnalysis } from "./analysis.js";
import { createBringing, sourcesFor } from "./bringing.js";
import { pricesOf } from "./diagnosis.js";
import { createDrawing, firstOf } from "./drawing.js";
import { createGallery } from "./gallery.js";
import { InUse } from "./inuse.js";
import { createNearest } from "./nearest.js";
import { DRAWING, refine } from "./steps.js";
import { classGiven } from "./styles.js";

const REST = 120; // ms without a stroke after which what may wait is worked out
const KEYS = [["E", "open the code in Explore"]];

// In `use` is the drawing, one of your pictures by its id, or nothing. Pictures and drawings stay on this
// computer: no link has them.
export const schema = (bench) => ({
  ...mapView(bench),
  source: { ...choice(sourcesFor(bench)), as: "from" },
  use: unlinked(bench.yours.items.at(-1)?.id ?? DRAWING),
  pictures: unlinked(bench.yours.items),
  drawing: unlinked({ strokes: bench.yours.items.length ? [] : firstOf(bench.card), refined: null }),
  pen: unlinked(PEN),
  exampleSeed: unlinked(0),
  given: classGiven(bench),
  pixels: flag(), // whether the nearest in pixels are shown
});

export function build(bench) {
  const { idle, yours, history } = bench;
  yours.follow(history);
  const prices = pricesOf(bench.atlas);
  const drawing = createDrawing({ bench, painted: () => request(),
    keep: () => addDrawing(bench, drawing.pad) });
  const inUse = new InUse(bench, drawing.pad);
  const bringing = createBringing({ bench, drawing, inUse });
  const analysis = createAnalysis({ bench, prices, inUse, explore: () => explore(bench, inUse),
    remedies: bringing.remedies, takeRefined: (refined, item) =>
      item === inUse.item && history.change(refine(history.now, item, refined)) });
  const map = createMap({ bench });
  const nearest = createNearest({ bench, pick: (z) => toExplore(bench, z) });
  map.element.append(...nearest.elements);
  const gallery = createGallery({ bench, prices });
  const request = bench.frames(paint);
  let rest = 0, painted = null; // what was in use in the last frame
  append(bench, [bringing, analysis, map, gallery], () => explore(bench, inUse));

  function paint() {
    const { item } = inUse, { use } = history.now, drawn = use === DRAWING;
    if (analysis.paint(item)) request();
    if (item) map.mark(item.z, !drawn || painted !== use); // a drawing leaves a trail
    painted = use;
    clearTimeout(rest);
    rest = setTimeout(settle, drawn ? REST : 0);
    return { code: item?.z };
  }

  // What may wait until the hand rests. Idle work takes the newest first: the verdict.
  function settle() {
    const item = inUse.atRest;
    idle.put("near", nearest.find(item));
    analysis.settle(item);
  }

  const parts = [
    onChange(({ pictures }) => [pictures], gallery.show),
    onChange(({ use }) => [use], gallery.mark),
    onChange(({ pictures, use }) => [pictures, use], (...now) => map.overlay({ pins: pinsOf(...now) })),
    onChange(() => [inUse.picture], bringing.showPreparation),
  ];
  function show(why) {
    bringing.show(history.now);
    nearest.show(history.now);
    parts.forEach((part) => part(history.now));
    if (why === "settle") map.show();
    request();
  }

  bench.follow(show);
  bench.closing(() => {
    clearTimeout(rest);
    analysis.stop();
    drawing.pad.stop();
  });
  drawing.begin();
  show("settle");
  followLooks(bench, analysis, request);
}

function append(bench, cards, toExplore) {
  bench.keys(KEYS, { e: toExplore });
  bench.page.append(bench.notices,
    h("div", { class: "bench yours" }, ...cards.map(({ element }) => element)),
    createTabs(bench.page, [["analysis", "See"], ["map", "Map"]]));
}

// The others; the marker shows the one in use.
const pinsOf = (pictures, use) => pictures.filter(({ id }) => id !== use)
  .map(({ z, name }) => ({ z, word: name.slice(0, 12) }));

// `act(...values)` where what `read(state)` gives is other than before.
function onChange(read, act) {
  let before = null;
  return (state) => {
    const values = read(state);
    if (before && values.every((value, i) => value === before[i])) return;
    before = values;
    act(...values);
  };
}

// The theme and the size of the analysis.
function followLooks({ onTheme, closing }, analysis, request) {
  const sized = new ResizeObserver(() => {
    analysis.resize();
    request();
  });
  sized.observe(analysis.element);
  closing(() => sized.disconnect());
  onTheme(() => {
    analysis.recolour();
    request();
  });
  analysis.resize();
}
