// Colours of data. The page's own colours are CSS variables of the theme.

// Ten classes in hues that colour-blind people can tell apart (Okabe & Ito, 2008; Tol, 2021), a
// shade for each ground so that marks keep a contrast of 3 : 1.
export const CLASSES = {
  light: ["#0072b2", "#b26b00", "#00805f", "#d55e00", "#b5568e",
    "#2a86bd", "#857a00", "#332288", "#882255", "#6b6b6b"],
  dark: ["#4da6e8", "#e69f00", "#19b88a", "#f07a2a", "#e08fbe",
    "#8fd3f7", "#f0e442", "#9a8cf0", "#d9628f", "#a8a8a8"],
};

// A perceptual scale for continuous values (viridis, van der Walt & Smith, 2015), without the end
// that would vanish in the ground.
export const VIRIDIS = ["#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962",
  "#addc30", "#fde725"];
export const scale = (dark) => (dark ? VIRIDIS.slice(2) : VIRIDIS.slice(0, 7));
// `n` of a scale's colours, evenly.
export const ramp = (colours, n) => Array.from({ length: n }, (_, i) => asHex(mixed(colours, i / (n - 1))));
export const asCss = (colours) => `linear-gradient(90deg, ${colours.join(", ")})`;

export const classColour = (k, dark) => CLASSES[dark ? "dark" : "light"][k % 10];

// Whether the ground behind `element` is dark, from the theme's own variable.
export function isDark(element) {
  if (!element.isConnected) return false; // its page is being left, and nobody sees it
  const [r, g, b] = getComputedStyle(element).color.match(/[\d.]+/g).map(Number);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 128; // light ink, so dark paper
}

const parts = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
const asHex = (rgb) => `#${rgb.map((v) => Math.round(255 * v).toString(16).padStart(2, "0")).join("")}`;
const mixed = (colours, t) => {
  const at = Math.min(colours.length - 1, Math.max(0, t * (colours.length - 1)));
  const i = Math.min(Math.floor(at), colours.length - 2);
  const [a, b] = [parts(colours[i]), parts(colours[i + 1])];
  return a.map((v, k) => v + (at - i) * (b[k] - v));
};

// Numbers for each pixel (C * H * W), summed over the channels, as parts of the largest
// sum: (H * W) in [0, 1], and 0 for what is below.
export function sharesOf(values, [, height, width]) {
  const out = new Float32Array(height * width);
  values.forEach((v, i) => (out[i % out.length] += v));
  const most = Math.max(...out, 1e-6);
  return out.map((v) => Math.max(0, v) / most);
}

// (N) in [0, 1] -> three planes (3 * N): the perceptual scale, dark where there is little.
export function asRgb(values) {
  return planes(values, (v) => mixed(VIRIDIS, v));
}

// (N) in [-1, 1] -> three planes: blue below a true zero, orange above it, the card's tone at zero.
const DIVERGING = { light: ["#1f5fbf", "#ffffff", "#c2570c"], dark: ["#6fb1ff", "#1b1f25", "#ff9d4d"] };
export function asDifference(values, dark) {
  return planes(values, (v) => mixed(DIVERGING[dark ? "dark" : "light"], (v + 1) / 2));
}

function planes(values, colour) {
  const n = values.length, out = new Float32Array(3 * n);
  const known = new Map(); // a difference has few distinct levels: mix each once
  values.forEach((v, i) => {
    const level = Math.round(127 * v);
    if (!known.has(level)) known.set(level, colour(level / 127));
    known.get(level).forEach((part, k) => (out[k * n + i] = part));
  });
  return out;
}
