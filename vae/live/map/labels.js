// Where words go beside the places that they name, so that none lies over another. No DOM.

const GAP = 2; // pixels between two words
const RINGS = 24; // how far to look, in rings around the place, half a word's height apart

// `labels` are [{at: [x, y], width, height, offset: pixels beside the place, or 0 for right on it}],
// `size` that of the window, `taken` boxes that stay free. Returns a box {x, y, width, height} for
// each, the first ones nearest to their places; what finds no room stands where it stood alone.
export function placeLabels(labels, size, taken = []) {
  const boxes = [...taken];
  return labels.map((label) => {
    const box = freeOf(label, boxes, size) ?? candidates(label).next().value;
    boxes.push(box);
    return box;
  });
}

function freeOf(label, boxes, size) {
  for (const box of candidates(label)) {
    if (isInside(box, size) && boxes.every((other) => areApart(box, other))) return box;
  }
  return null;
}

export const areApart = (a, b) => a.x + a.width + GAP <= b.x || b.x + b.width + GAP <= a.x ||
  a.y + a.height + GAP <= b.y || b.y + b.height + GAP <= a.y;

const isInside = ({ x, y, width, height }, size) =>
  x >= 0 && y >= 0 && x + width <= size[0] && y + height <= size[1];

// Right, left, above, below, the corners, then ever wider rings.
function* candidates({ at: [x, y], width, height, offset }) {
  const [dx, dy] = offset ? [offset + width / 2, offset + height / 2] : [0, 0];
  const box = (u, v) => ({ x: x + u - width / 2, y: y + v - height / 2, width, height });
  if (!offset) yield box(0, 0);
  else for (const [u, v] of SIDES) yield box(u * dx, v * dy);
  for (let ring = 1; ring <= RINGS; ring++) {
    for (let k = 0; k < 8 * ring; k++) {
      const angle = (2 * Math.PI * k) / (8 * ring), far = (ring * height) / 2;
      yield box((dx + far) * Math.cos(angle), (dy + far) * Math.sin(angle));
    }
  }
}

const SIDES = [[1, 0], [-1, 0], [0, -1], [0, 1], [1, -1], [1, 1], [-1, -1], [-1, 1]];
