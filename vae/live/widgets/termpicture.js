// The small moving pictures of the glossary: each is a function of a phase from 0 to 1, which comes back to where
// it began, that gives its shapes as [tag, attributes].

import { sampleNormal } from "../core/normal.js";
import { sfc32 } from "../core/random.js";
import { calm, svg } from "./dom.js";

const WIDTH = 200, HEIGHT = 72, GROUND = 62;
const PERIOD = 5000; // ms
const STILL = 0.3; // the phase where nothing is to move
const POINTS = 48;

const wave = (t) => Math.sin(2 * Math.PI * t);
const dot = (cx, cy, kind) => ["circle", { cx, cy, r: 4, class: kind }];
const line = (x1, y1, x2, y2, kind) => ["line", { x1, y1, x2, y2, class: kind }];

// A bell around `centre`, whose area is always the same.
function bell(centre, width, ground, kind, area = 600) {
  const at = (u) => `${(centre + u * width).toFixed(1)},${(ground - (area / width) * Math.exp((-u * u) / 2)).toFixed(1)}`;
  const points = Array.from({ length: 41 }, (_, i) => at((i - 20) / 6.5));
  return ["polyline", { points: points.join(" "), class: kind }];
}

const offsets = sampleNormal(2 * POINTS, sfc32(1));

// Codes of one picture's posterior, one after the other.
function cloud(t) {
  const many = Math.round(POINTS * Math.min(1, 1.5 * t));
  return [["ellipse", { cx: 100, cy: 36, rx: 60, ry: 22, class: "first" }],
    ...Array.from({ length: POINTS }, (_, i) => ["circle", { cx: 100 + 30 * offsets[2 * i],
      cy: 36 + 11 * offsets[2 * i + 1], r: 2, class: "second", opacity: i < many ? 0.8 : 0 }])];
}

// z = mu + sigma epsilon: the noise above, the code below.
function slide(t) {
  const noise = 1.6 * wave(t), [above, below] = [100 + 28 * noise, 130 + 12 * noise];
  return [bell(100, 28, 26, "first"), bell(130, 12, GROUND, "second", 300),
    line(above, 26, below, GROUND, "third"), dot(above, 26, "first"), dot(below, GROUND, "second")];
}

// A posterior on its way to the prior and back.
function bells(t) {
  const share = (1 + Math.cos(2 * Math.PI * t)) / 2;
  return [bell(80, 24, GROUND, "first", 900), bell(80 + 70 * share, 24 - 12 * share, GROUND, "second", 900 - 350 * share)];
}

function temperature(t) {
  const width = 22 + 12 * wave(t);
  return [bell(100, width, GROUND, "second", 900), line(100 - width, GROUND, 100 + width, GROUND, "third")];
}

// Straight and about the origin, at the foot.
function paths(t) {
  const share = (1 - Math.cos(2 * Math.PI * t)) / 2, turn = Math.PI * (1 - share);
  const [left, right, foot] = [44, 156, 66], radius = (right - left) / 2;
  return [["path", { d: `M${left},${foot} A${radius},${radius} 0 0 1 ${right},${foot}`, class: "first" }],
    line(left, foot, right, foot, "second"), dot(100 + radius * Math.cos(turn), foot - radius * Math.sin(turn), "first"),
    dot(left + share * (right - left), foot, "second")];
}

function threshold(t) {
  const at = 100 + 30 * wave(t);
  return [bell(70, 16, GROUND, "first"), bell(130, 16, GROUND, "second"), line(at, 6, at, GROUND, "third")];
}

export const PICTURES = { cloud, slide, bells, temperature, paths, threshold };

// -> {element, play, stop}: it moves between the two, unless nothing is to move.
export function createTermPicture(kind) {
  const shapes = PICTURES[kind];
  const parts = shapes(STILL).map(([tag, attributes]) => svg(tag, attributes));
  const element = svg("svg", { class: "moves-by-itself", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" }, ...parts);
  let frame = 0;

  function paint(now) {
    for (const [i, [, attributes]] of shapes((now / PERIOD) % 1).entries()) {
      for (const [name, value] of Object.entries(attributes)) parts[i].setAttribute(name, value);
    }
    frame = requestAnimationFrame(paint);
  }

  const stop = () => cancelAnimationFrame(frame);

  function play() {
    stop();
    if (!calm()) frame = requestAnimationFrame(paint);
  }

  return { element, play, stop };
}
