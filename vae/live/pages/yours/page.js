// The page Your image: bring a picture or draw one, and see at once what the model sees.
//
// Drawing, encoding, decoding and placing run here, at each frame; Python prepares files and refines.

import { action } from "../../widgets/action.js";
import { createTabs } from "../../widgets/tabs.js";
import { toExplore } from "../../widgets/codeactions.js";
import { createChoice } from "../../widgets/choice.js";
import { h } from "../../widgets/dom.js";
import { createDrawing } from "./drawing.js";
import { refusal } from "../../core/errors.js";
import { mapView } from "../../map/view.js";
import { createGallery } from "./gallery.js";
import { createMap } from "../../map/map.js";
import { createNeighbours } from "./neighbours.js";
import { createOffered } from "./examples.js";
import { createSeeing } from "./analysis.js";
import { KEPT, read } from "../../state/pictures.js";
import { DRAWINGS } from "../../core/drawings.js";
import { createUploads } from "./uploads.js";
import { pricesOf } from "./diagnosis.js";

const REST = 120; // ms without a stroke after which what may wait is worked out
const KEYS = [["E", "carry the code into Explore"]];

export const schema = mapView;

export async function build(bench, data) {
  const { page, card, model, atlas, classes, idle, yours, notify } = bench;
  const prices = pricesOf(atlas);
  let now = null; // the picture on show: {name, kind, x, mean, scale, z, rate, distortion, refined, id}
  let stale = false; // whether the pad has changed since it was read
  let pending = 0, rest = 0;
  let fresh = true; // whether the marker jumps or leaves a trail

  // -- the cards
  const drawing = createDrawing({ model, digits: Boolean(card.prepare.digits), change: drawn,
    keep: keepDrawing });
  const { pad } = drawing;
  const uploads = createUploads({ bench, fields: data.prepare, begin: () => from("picture"),
    current: () => now, select });
  const offered = createOffered({ model, url: bench.ask("examples"), title: card.data.title,
    take: takeExample });
  const panels = { draw: drawing.element, picture: uploads.element, examples: offered.element };
  const choice = createChoice({ name: "source", label: "Where the picture comes from", choose: from,
    choices: [["draw", "Draw"], ...bench.offline ? [] : [["picture", "Open"], ["examples", "Examples"]]] });
  const bringing = h("section", { class: "card bringing", "aria-label": "Your picture" }, choice.element,
    ...Object.values(panels));
  const seeing = createSeeing({ bench, prices, current: () => now, mend, useRefined, explore });
  const map = createMap({ bench });
  bench.follow((why) => why === "settle" && map.show());
  const neighbours = createNeighbours({ model, atlas, classes, pick: (z) => toExplore(bench, z) });
  map.element.append(...neighbours.elements);
  const gallery = createGallery({ yours, model, prices, name: data.model, pick: select });

  const dialog = bench.keys(KEYS, { z: pad.undo, y: pad.redo, e: explore });
  page.append(
    bench.bar(h("span", { class: "space" }), bench.presenter,
      action("keys", "Keys (?)", () => dialog.showModal())),
    bench.notices,
    h("div", { class: "bench yours" }, bringing, seeing.element, map.element, gallery.element),
    createTabs(page, [["see", "See"], ["map", "Map"]]), dialog);

  // -- one frame
  function drawn() {
    stale = true;
    invalidate();
  }

  function invalidate() {
    pending ||= requestAnimationFrame(paint);
  }

  function paint() {
    pending = 0;
    const begin = performance.now();
    if (stale) readDrawing();
    seeing.paint(now);
    if (now) map.mark(now.z, fresh);
    clearTimeout(rest);
    rest = setTimeout(settle, fresh && now?.kind !== "drawing" ? 0 : REST);
    fresh = false;
    page.dispatchEvent(new CustomEvent("atelier:painted", { detail: {
      code: now?.z, work: performance.now() - begin } }));
  }

  function readDrawing() {
    stale = false;
    const x = pad.x(), before = now;
    if (before?.kind !== "drawing") fresh = true;
    now = x && { ...read(model, x), name: "drawing", kind: "drawing", x, notes: [], refined: null };
    gallery.choose(null);
    if (before?.id) showPins();
  }

  // What may wait until the hand rests. Spare work takes the newest first: the verdict.
  function settle() {
    idle.put("near", neighbours.find(now?.z));
    seeing.settle(now);
  }

  // -- which picture is on show
  function from(key) {
    page.dataset.source = key;
    choice.show(key);
    for (const [name, panel] of Object.entries(panels)) panel.hidden = name !== key;
    if (key === "examples") offered.show();
    if (key === "draw" && now?.kind !== "drawing" && !pad.blank) drawn();
  }

  function select(item) {
    pad.stop();
    now = item;
    stale = false;
    fresh = true;
    gallery.choose(item.id);
    if (item.file) from("picture");
    uploads.show(item);
    showPins();
    invalidate();
  }

  function picturesChanged() {
    gallery.show();
    gallery.choose(now?.id ?? null);
    showPins();
    if (now?.id && !yours.get(now.id)) {
      now = null;
      uploads.show(null);
      invalidate();
    }
  }

  // The others at hand; the marker shows the one in use.
  function showPins() {
    map.overlay({ pins: yours.items.filter(({ id }) => id !== now?.id)
      .map(({ z, name }) => ({ z, word: name.slice(0, 12) })) });
  }

  // -- pictures to keep
  function keep(name, kind, x) {
    try {
      select(yours.addPicture(name, kind, x));
    } catch (error) {
      notify(refusal(error));
    }
  }

  function keepDrawing() {
    const x = pad.x();
    if (!x) return notify("The pad is empty: draw something first.");
    const n = yours.items.filter(({ kind }) => kind === "drawing").length + 1;
    keep(`drawing ${n}`, "drawing", x);
  }

  function takeExample(name, x) {
    const there = yours.items.find((item) => item.name === name);
    if (there) select(there);
    else keep(name, "example", x);
  }

  // -- the picture on show, otherwise
  function mend(change) {
    if (now.kind === "drawing" && change.turn) pad.turn(change.turn);
    else if (now.file) uploads.mend(now, change);
  }

  function useRefined(used, found = now.refined, item = now) {
    if (item !== now) return; // another picture is on show by now
    const refined = { ...found, used };
    const changes = { refined, z: used ? refined.mean : now.mean };
    now = now.id ? yours.change(now.id, changes) : { ...now, ...changes };
    invalidate();
  }

  // A drawing joins your pictures on the way, so that it is still there after coming back.
  function explore() {
    if (!now) return;
    const { name, kind, x, refined, z, id } = now;
    if (!id && x && yours.items.length < KEPT) {
      now = yours.addPicture(`${name} ${yours.items.length + 1}`, kind, x, { refined, z });
    }
    toExplore(bench, z);
  }

  // -- while the page is open
  bench.onTheme(() => {
    seeing.recolour();
    invalidate();
  });
  const sized = new ResizeObserver(() => {
    seeing.resize();
    invalidate();
  });
  sized.observe(seeing.element);
  bench.closing(yours.listen(picturesChanged));
  bench.closing(() => {
    sized.disconnect();
    seeing.stop();
    pad.stop();
  });

  from("draw");
  picturesChanged();
  seeing.resize();
  if (yours.items.length) select(yours.items.at(-1));
  else pad.play(Object.values(DRAWINGS)[1]);
}
