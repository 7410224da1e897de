// Where pins stand that would lie over one another. No DOM.

const ROUNDS = 40; // in which pins push; two of them are apart after one
const TURN = Math.PI * (3 - Math.sqrt(5)); // the golden angle: pins at one place leave it to all sides

// Places [[x, y], …] as near to `spots` as can be, no two closer than `far`.
export function moveApart(spots, far) {
  const places = spots.map(([x, y]) => [x, y]);
  for (let round = 0; round < ROUNDS && pushAll(places, far); round++);
  return places;
}

// Whether any pair was too close.
function pushAll(places, far) {
  let any = false;
  for (let i = 1; i < places.length; i++) {
    for (let j = 0; j < i; j++) any = push(places[i], places[j], far, i * TURN) || any;
  }
  return any;
}

// Each of two goes half of the way that is missing; `angle` is where to, from the very same place.
function push(a, b, far, angle) {
  const [dx, dy] = [a[0] - b[0], a[1] - b[1]], away = Math.hypot(dx, dy);
  if (away >= far) return false;
  const [ux, uy] = away ? [dx / away, dy / away] : [Math.cos(angle), Math.sin(angle)];
  const by = (far - away) / 2;
  a[0] += by * ux;
  a[1] += by * uy;
  b[0] -= by * ux;
  b[1] -= by * uy;
  return true;
}
