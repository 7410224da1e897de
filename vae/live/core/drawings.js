// Drawings by the project itself, for anyone without a picture: lines of points in [0, 1].

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

const OTHERS = {
  "a face": [arc(0.5, 0.5, 0.36, 0.38, -90, 270, 30), line([0.38, 0.4], [0.38, 0.44]),
    line([0.62, 0.4], [0.62, 0.44]), arc(0.5, 0.55, 0.18, 0.16, 20, 160, 12)],
  "a house": [line([0.22, 0.48], [0.22, 0.82], [0.78, 0.82], [0.78, 0.48]),
    line([0.14, 0.5], [0.5, 0.16], [0.86, 0.5])],
};

export const DRAWINGS = { ...DIGITS, ...OTHERS };

// For a model of digits all of them, for another no digits; and of these the one that a new page shows.
export const drawingsFor = ({ prepare }) => (prepare.digits ? DRAWINGS : OTHERS);
export const firstFor = ({ prepare }) => (prepare.digits ? DIGITS["a three"] : OTHERS["a face"]);
