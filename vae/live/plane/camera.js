// Which part of a plane a window shows: x to the right, y up, one scale for both, in CSS pixels.
//
// A view is {x, y, wide}: the place in the middle, and how much of the plane the window's shorter side
// shows. The view null is the whole of it, whatever size the window has.

const clamp = (v, low, high) => Math.min(high, Math.max(low, v));

// The smallest box [left, low, right, high] around `places` (2 * N), with a little air.
export function boxAround(places, air = 0.03) {
  const low = [Infinity, Infinity], high = [-Infinity, -Infinity];
  for (let i = 0; i < places.length; i++) {
    low[i % 2] = Math.min(low[i % 2], places[i]);
    high[i % 2] = Math.max(high[i % 2], places[i]);
  }
  const margin = [0, 1].map((a) => Math.max(air * (high[a] - low[a]), 1e-6));
  return [low[0] - margin[0], low[1] - margin[1], high[0] + margin[0], high[1] + margin[1]];
}

// `depth`: how many times closer than the whole one may come.
export function createCamera(depth) {
  let size = [0, 0], view = null;
  let home = [-1, -1, 1, 1], bounds = home; // the box shown at first; the one that the middle keeps to

  const shortest = () => Math.max(1, Math.min(...size));
  const now = () => view ?? whole();
  const scale = () => shortest() / now().wide;
  const middle = () => size.map((v) => v / 2);

  function whole() {
    const [left, low, right, high] = home;
    const fit = Math.min(size[0] / (right - left), size[1] / (high - low)) || 1;
    return { x: (left + right) / 2, y: (low + high) / 2, wide: shortest() / fit };
  }

  const toPlace = ([px, py]) => [now().x + (px - size[0] / 2) / scale(), now().y - (py - size[1] / 2) / scale()];
  const toPixel = ([x, y]) => [size[0] / 2 + (x - now().x) * scale(), size[1] / 2 - (y - now().y) * scale()];

  function move({ x, y, wide }) {
    const [left, low, right, high] = bounds;
    const most = Math.max(whole().wide, 1.5 * Math.max(right - left, high - low));
    view = { x: clamp(x, left, right), y: clamp(y, low, high),
      wide: clamp(wide, (home[2] - home[0]) / depth, most) };
  }

  function zoom(factor, at = middle()) {
    const [x, y] = toPlace(at), { wide } = now();
    move({ ...now(), wide: wide / factor });
    const by = now().wide / wide; // what the limits left of it
    move({ wide: now().wide, x: x + (now().x - x) * by, y: y + (now().y - y) * by });
  }

  return {
    toPlace, toPixel, move, zoom, middle, scale,
    get view() {
      return view;
    },
    get size() {
      return size;
    },
    // Another plane, seen as a whole.
    show(box, limits = box) {
      [home, bounds, view] = [box, limits, null];
    },
    fit() {
      view = null;
    },
    resize(next) {
      size = next;
    },
    pan(dx, dy) {
      move({ ...now(), x: now().x - dx / scale(), y: now().y + dy / scale() });
    },
    // What is seen, as a box of the plane.
    box: () => [...toPlace([0, size[1]]), ...toPlace([size[0], 0])],
    // What a canvas of `dpr` pixels to a CSS pixel shows: the middle, and pixels to a unit.
    frame: (dpr) => ({ x: now().x, y: now().y, scale: scale() * dpr,
      width: Math.round(size[0] * dpr), height: Math.round(size[1] * dpr) }),
  };
}
