// Drawings by the project itself, for anyone without a picture: lines of points in [0, 1],
// or {points, size, colour}.

const arc = (cx, cy, rx, ry, from, to, n = 16) => Array.from({ length: n + 1 }, (_, i) => {
  const a = ((from + ((to - from) * i) / n) * Math.PI) / 180;
  return [cx + rx * Math.cos(a), cy + ry * Math.sin(a)];
});
const line = (...corners) => corners.slice(1).flatMap(([x, y], k) => {
  const [u, v] = corners[k];
  return Array.from({ length: 9 }, (_, i) => [u + ((x - u) * i) / 8, v + ((y - v) * i) / 8]);
});

const DIGITS = {
  "a two": [[...arc(0.48, 0.34, 0.19, 0.17, 200, 400), ...line([0.63, 0.45], [0.3, 0.8], [0.72, 0.79])]],
  "a three": [[...arc(0.46, 0.33, 0.18, 0.16, 210, 440), ...arc(0.46, 0.66, 0.21, 0.18, -80, 150)]],
  "a four": [line([0.38, 0.18], [0.28, 0.55], [0.74, 0.53]), line([0.62, 0.2], [0.58, 0.85])],
  "a five": [[...line([0.68, 0.18], [0.36, 0.2], [0.34, 0.45]), ...arc(0.45, 0.62, 0.22, 0.2, -110, 140)]],
  "a seven": [line([0.28, 0.22], [0.72, 0.2], [0.44, 0.85])],
  "an eight": [[...arc(0.5, 0.33, 0.16, 0.15, 90, -270, 22), ...arc(0.5, 0.66, 0.19, 0.18, -90, 270, 22)]],
};

// What has a pen of its own: `size` in pixels of the pad, as pens are, and a colour.
const pen = (size, colour, ...points) => ({ size, colour, points });
const dot = (x, y, size, colour) => pen(size, colour, [x, y]);

// As vae/data/portrait.py draws them, with round pens instead of polygons.
const PORTRAIT = [
  pen(300, "#93bfe8", ...line([0.5, 0.2], [0.5, 0.8])), dot(0.5, 0.535, 269, "#b8d5f0"), // wall
  pen(196, "#c98a2b", ...line([0.48, 1.13], [0.52, 1.13])), // shirt
  pen(52, "#cf9572", ...line([0.5, 0.72], [0.5, 0.84])), // neck
  pen(40, "#8a4b25", ...arc(0.5, 0.45, 0.24, 0.23, 180, 360, 20)), // hair
  ...[0.26, 0.74].map((x) => dot(x, 0.535, 28, "#dda177")), // ears
  pen(126, "#dda177", ...line([0.5, 0.46], [0.5, 0.58])), // head
  pen(24, "#8a4b25", ...arc(0.5, 0.43, 0.2, 0.18, 190, 350, 16)),
  ...[0.39, 0.61].flatMap((x) => [dot(x, 0.465, 29, "#ffffff"), dot(x, 0.465, 18, "#4f8a4c"),
    dot(x, 0.465, 9, "#34262c"), pen(6, "#4d2c1f", ...arc(x, 0.4, 0.055, 0.03, 200, 340, 8))]),
  pen(6, "#b07c5c", ...arc(0.5, 0.6, 0.035, 0.03, 20, 160, 8)), // nose
  pen(7, "#8a3a3c", ...arc(0.5, 0.655, 0.085, 0.07, 15, 165, 12)), // mouth
];

const OTHERS = {
  "a face": [arc(0.5, 0.5, 0.36, 0.38, -90, 270, 30), line([0.38, 0.4], [0.38, 0.44]),
    line([0.62, 0.4], [0.62, 0.44]), arc(0.5, 0.55, 0.18, 0.16, 20, 160, 12)],
  "a house": [line([0.22, 0.48], [0.22, 0.82], [0.78, 0.82], [0.78, 0.48]),
    line([0.14, 0.5], [0.5, 0.16], [0.86, 0.5])],
  "a shirt": [pen(118, "#b4b4b4", ...line([0.5, 0.3], [0.5, 0.74])),
    ...[[0.36, 0.2, 0.18, 0.42], [0.64, 0.2, 0.82, 0.42]].map(([x, y, u, v]) =>
      pen(58, "#a8a8a8", ...line([x, y], [u, v])))],
  "a heart": [...[0.38, 0.54].map((x) => dot(x, 0.42, 50, "#ffffff")), dot(0.46, 0.5, 44, "#ffffff"),
    pen(22, "#ffffff", ...line([0.34, 0.48], [0.46, 0.62], [0.58, 0.48]))],
};

export const DRAWINGS = { ...DIGITS, ...OTHERS };

// What a new page shows, by the model's data set.
const FIRST = { faces: "a portrait", fashion: "a shirt", sprites: "a heart" };

// For a model of digits all of them, for another no digits, for one of colours a portrait too.
export function drawingsFor({ prepare }) {
  if (prepare.digits) return DRAWINGS;
  return prepare.channels === 3 ? { "a portrait": PORTRAIT, ...OTHERS } : OTHERS;
}

export function firstFor(card) {
  return drawingsFor(card)[card.prepare.digits ? "a three" : FIRST[card.data.name] ?? "a face"];
}
