// How a hand and keys move the map, and where they point. A hand that points at a place looks at it,
// and a press goes there; arrow keys move a cross that does the same. On a map that leads nowhere,
// arrows pan.

import { createCross } from "../plane/cross.js";
import { createHand } from "../plane/gestures.js";
import { ARROWS, followKeys } from "../plane/keys.js";

const STEP = 1 / 24; // of the stage's shorter side, an arrow
const FAR = 4; // steps with Shift
const ZOOM = 1.4; // a press of + or −
const NOWHERE = { look() {}, leave() {}, press() {} };

// `moved()` hears that the camera has moved. `lead` is {look(place or null, withKeys), go(place)} in
// places of the map, or null.
export function createNavigation({ stage, camera, moved, lead }) {
  const act = (change) => (...given) => {
    change(...given);
    moved();
  };
  const moves = { pan: act(camera.pan), zoom: act(camera.zoom), fit: act(camera.fit) };
  const pointer = lead && createPointer({ stage, camera, lead, pan: moves.pan });
  createHand(stage, { ...moves, ...pointer?.hand ?? NOWHERE, rest() {} },
    { finger: lead ? "points" : "pans" });
  followKeys(stage, {
    ...arrowKeys(camera, pointer ? pointer.step : (dx, dy) => moves.pan(-dx, -dy)), ...pointer?.keys,
    "+": () => moves.zoom(ZOOM), "-": () => moves.zoom(1 / ZOOM), 0: moves.fit,
  });
  return { ...moves, place: () => pointer?.place() };
}

const arrowKeys = (camera, step) => Object.fromEntries(Object.entries(ARROWS).map(([key, [dx, dy]]) =>
  [key, ({ shiftKey }) => {
    const by = Math.min(...camera.size) * STEP * (shiftKey ? FAR : 1);
    step(dx * by, dy * by);
  }]));

function createPointer({ stage, camera, lead, pan }) {
  const cross = createCross();
  let cursor = null; // the place under the cross
  stage.append(cross.element);

  const place = () => cross.put(cursor && camera.toPixel(cursor));

  function setCursor(next) {
    cursor = next;
    place();
  }

  function step(dx, dy) {
    const [x, y] = cursor ? camera.toPixel(cursor) : camera.middle();
    const [width, height] = camera.size, to = [x + dx, y + dy], next = camera.toPlace(to);
    const out = [beyond(to[0], width), beyond(to[1], height)];
    if (out[0] || out[1]) pan(-out[0], -out[1]); // the map moves along where the cross would leave it
    setCursor(next);
    lead.look(next, true);
  }

  function leave() {
    if (cursor) lead.look(null, true);
    setCursor(null);
  }

  const hand = {
    look(at) {
      setCursor(null);
      lead.look(camera.toPlace(at), false);
    },
    leave: () => cursor || lead.look(null, false),
    press: (at) => lead.go(camera.toPlace(at)),
  };
  stage.addEventListener("blur", leave);
  return { hand, step, place, keys: { Enter: () => cursor && lead.go(cursor), Escape: leave } };
}

const beyond = (v, most) => (v < 0 ? v : Math.max(0, v - most));
