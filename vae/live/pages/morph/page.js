// The page Morph: from one picture to another, by several paths at once; and among four at a corner
// each. The scrubber follows the hand; only the geodesic is worked out by Python.

import { about } from "../../io/provenance.js";
import { action } from "../../widgets/action.js";
import { createTabs } from "../../widgets/tabs.js";
import { createChoice } from "../../widgets/choice.js";
import { createCorners, MIDDLE } from "./corners.js";
import { h } from "../../widgets/dom.js";
import { InputError } from "../../core/errors.js";
import { mapView } from "../../map/view.js";
import { createKeyFrames } from "./keyframes.js";
import { remember as setAddress } from "../../io/link.js";
import { createMap } from "../../map/map.js";
import { readMorph, writeMorph } from "./link.js";
import { firstOf } from "../../core/origins.js";
import { createPlayer } from "../../widgets/player.js";
import { BEYOND, createScrubber, placeAt } from "./scrubber.js";
import { createTake } from "../../widgets/downloads.js";
import { createWayCompare } from "./comparison.js";
import { framesOf } from "./measure.js";
import { createWays, WAYS } from "./paths.js";
import { createWayView, placeWords } from "./view.js";

const KEYS = [["Space", "play, pause"], ["← →", "move along (Shift: further)"],
  ["X", "exchange the ends"]];

export const schema = mapView;

export async function build(bench, data) {
  const { page, model, classes, yours, notify } = bench;
  const wanted = readMorph(model.latent, notify);
  let keys = wanted.keys ?? startingKeys();
  const usual = { corners: [1, 4, 7, 10].map((k) => firstOf(bench, classes.length && k % classes.length)),
    at: MIDDLE };
  let kind = wanted.path ?? "slerp";
  let t = wanted.t ?? 0.5;
  let pending = 0;

  function startingKeys() {
    const own = yours.items.slice(-2).map(({ z, name }) => ({ z, name }));
    const two = [firstOf(bench, Math.min(3, Math.max(0, classes.length - 1))), firstOf(bench, 0)];
    return own.length === 2 ? own : [...own, ...two].slice(0, 2);
  }

  const last = () => keys.length - 1;

  // -- the cards
  const ways = createWays(bench, { changed: found, told: () => compared.tell() });
  const keyFrames = createKeyFrames({ bench, change: setKeys });
  const shown = createWayView({ bench });
  const scrubber = createScrubber({ move: steer, nudge, settle: remember });
  const player = createPlayer({ place: () => t, last, move, paused });
  const take = createTake(bench, { walk: film, link, json, name: `${data.model} morph` });
  const map = createMap({ bench });
  bench.follow((why) => why === "settle" && map.show());
  const compared = createWayCompare({ bench, ways, map, now: () => ({ keys, kind, t }),
    choose: choosePath, go: goTo });
  const corners = createCorners(bench, { pictures: wanted.corners ?? usual.corners,
    place: wanted.at ?? usual.at, changed: remember });

  // -- the page
  const modes = createChoice({ name: "mode", kind: "sources modes", label: "How many pictures",
    choices: [["two", "Two or more"], ["four", "Four corners"]], choose: showMode });
  const between = () => page.dataset.mode === "two"; // not among four
  const dialog = bench.keys(KEYS, { " ": () => between() && player.toggle(),
    x: () => between() && keyFrames.swap() });
  const two = h("div", { class: "bench morph" },
    h("section", { class: "card ends", "aria-label": "Key frames" }, keyFrames.element),
    shown.element,
    h("section", { class: "card scrub", "aria-label": "Along the way" },
      scrubber.element, h("div", { class: "row" }, ...player.elements), take.element),
    ...compared.elements, map.element);
  page.append(
    bench.bar(modes.element, h("span", { class: "space" }), bench.presenter,
      action("keys", "Keys (?)", () => dialog.showModal())),
    bench.notices, two, corners.element,
    createTabs(page, [["ways", "Paths"], ["map", "Map"]]), dialog);

  // -- changes
  function setKeys(next) {
    keys = next;
    t = Math.min(t, last() + BEYOND);
    remember();
    keyFrames.show(keys);
    scrubber.span(last());
    ways.set(keys.map(({ z }) => z));
    compared.refresh();
    invalidate();
  }

  function choosePath(name) {
    if (ways.error(name)) return notify(ways.error(name));
    kind = name;
    compared.show();
    invalidate();
    remember();
  }

  function move(next) {
    t = next;
    invalidate();
  }

  const go = (next) => move(placeAt(next, last()));

  function steer(next) {
    player.pause();
    go(next);
  }

  function nudge(step) {
    player.pause();
    go(t + step);
    remember();
  }

  function goTo(name, share) {
    player.pause();
    choosePath(name);
    go(share * last());
    remember();
  }

  function paused() {
    go(t);
    remember();
  }

  function showMode(mode) {
    page.dataset.mode = mode;
    modes.show(mode);
    two.hidden = mode !== "two";
    corners.element.hidden = mode !== "four";
    if (mode === "four") {
      player.pause();
      corners.show();
    } else {
      invalidate();
    }
    remember();
  }

  // -- what is on show
  // Why the path in use shows nothing yet, or never will between these pictures.
  const missing = () => ways.error(kind) ?? `The path “${WAYS[kind].name}” is not found yet: wait a moment.`;

  function invalidate() {
    pending ||= requestAnimationFrame(paint);
  }

  function paint() {
    pending = 0;
    if (!between()) return; // a path may be found meanwhile, but the corners have the eye
    const begin = performance.now();
    const frame = ways.at(kind, t);
    const z = shown.paint(frame, `morph ${Math.round(100 * t)} %`,
      frame ? placeWords(t, last(), WAYS[kind].name) : missing());
    if (z) map.mark(z, true);
    scrubber.show(t);
    compared.at(t);
    page.dispatchEvent(new CustomEvent("atelier:painted", { detail: { value: t, code: z,
      work: performance.now() - begin } }));
  }

  // A path has become ready, or has failed.
  function found() {
    invalidate();
    compared.refresh();
  }

  // -- to take along
  function film() {
    if (!ways.ready(kind)) throw new InputError(missing());
    return framesOf(ways, kind, last());
  }

  function link() {
    const now = { keys, path: kind, t, mode: page.dataset.mode, ...corners.state() };
    return writeMorph(data.model, now, usual);
  }

  function json() {
    return { ...about(bench, link()), path: kind, keys: keys.map(({ z, name }) => ({ name, z: [...z] })),
      frames: film().map((frame) => frame.map(({ weight, z }) => ({ weight, z: [...z] }))) };
  }

  function remember() {
    setAddress(link());
  }

  // -- while the page is open
  bench.onTheme(() => {
    compared.show();
  });
  bench.closing(() => {
    cancelAnimationFrame(pending);
    player.pause();
    ways.stop();
    compared.stop();
  });

  page.dataset.mode = wanted.mode;
  compared.show();
  setKeys(keys);
  showMode(wanted.mode); // last, so that the corners' pictures are drawn before paths are searched
}
