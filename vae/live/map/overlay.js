// What stands above the points and is still while the hand moves: names of classes, lines through
// codes, and pins with a word each.

import { createLayer, stroke } from "../plane/layer.js";
import { placeLabels } from "./labels.js";
import { moveApart } from "./pins.js";

const PIN = 8; // pixels across
const APART = 16; // pixels between the middles of two pins
const LARGER = 1; // pixels by which a name is larger than the page's type, and a word smaller

// `toPixel` says where a place of the map lies now, `theme()` is {ink, card, accent, font, type}.
export function createOverlay({ toPixel, theme }) {
  const layer = createLayer("overlay");
  const isSeen = ([x, y]) => x >= 0 && y >= 0 && x <= layer.size[0] && y <= layer.size[1];
  const seen = (named) => named.map(({ at, word }) => ({ at: toPixel(at), word })).filter(({ at }) => isSeen(at));

  // `names` and `pins` are [{at, word}], `lines` [{places, colour}], in places of the map.
  function paint({ names, lines, pins }) {
    const pen = layer.clear(), colours = theme(), meant = seen(pins);
    const marked = moveApart(meant.map(({ at }) => at), APART).map((at, i) => ({ at, word: meant[i].word }));
    lines.forEach((line) => drawLine(pen, line.places.map(toPixel), line.colour ?? colours.accent, colours));
    const labels = [...seen(names).map((name) => labelOf(pen, name, colours.type + LARGER, 0, colours)),
      ...marked.map((pin) => labelOf(pen, pin, colours.type - LARGER, PIN, colours))];
    const boxes = placeLabels(labels, layer.size, marked.map(({ at }) => squareAt(at)));
    marked.forEach(({ at }, i) => stroke(pen, [meant[i].at, at], 1.5, colours.ink));
    labels.forEach((label, i) => label.offset && drawLeader(pen, label.at, boxes[i], colours));
    marked.forEach(({ at }) => drawPin(pen, squareAt(at), colours));
    labels.forEach((label, i) => drawWord(pen, label, boxes[i], colours));
  }

  return { element: layer.canvas, resize: layer.resize, paint };
}

const squareAt = ([x, y]) => ({ x: x - PIN / 2, y: y - PIN / 2, width: PIN, height: PIN });

function labelOf(pen, { at, word }, type, offset, { font }) {
  pen.font = `600 ${type}px ${font}`;
  return { at, word, font: pen.font, width: pen.measureText(word).width, height: type + 2, offset };
}

function drawLine(pen, spots, colour, { card }) {
  pen.lineJoin = "round";
  stroke(pen, spots, 5, card);
  stroke(pen, spots, 2.5, colour);
}

// From a pin to a word that had to move away.
function drawLeader(pen, [x, y], box, { ink }) {
  const end = [clamp(x, box.x, box.x + box.width), clamp(y, box.y, box.y + box.height)];
  if (Math.hypot(end[0] - x, end[1] - y) > 2 * PIN) stroke(pen, [[x, y], end], 1, ink);
}

function drawPin(pen, { x, y, width, height }, { accent, card }) {
  Object.assign(pen, { lineWidth: 3, fillStyle: accent, strokeStyle: card });
  pen.beginPath();
  pen.rect(x, y, width, height);
  pen.stroke();
  pen.fill();
}

function drawWord(pen, { font, word, height }, { x, y }, { ink, card }) {
  Object.assign(pen, { font, textBaseline: "middle", textAlign: "left", lineWidth: 4, lineJoin: "round",
    strokeStyle: card, fillStyle: ink });
  pen.strokeText(word, x, y + height / 2);
  pen.fillText(word, x, y + height / 2);
}

const clamp = (v, low, high) => Math.min(high, Math.max(low, v));
