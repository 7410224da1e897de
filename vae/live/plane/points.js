// Many small marks on a canvas, written pixel by pixel: ten thousand in about a millisecond, where
// the canvas's own circles take thirty.

const RINGED = 1500; // marks in view up to which each has a ring that sets it off
const CROWDED = 0.012; // marks a pixel from which on they are smaller

// `places` (2 * N) in the space of a view, `label` (N) what each is coloured by.
export function createPoints(canvas, label) {
  const context = canvas.getContext("2d");
  let places = null, data = null, words = null;
  let colours = [], paper = 0;

  function size() {
    const { width, height } = canvas;
    if (data?.width === width && data.height === height) return;
    data = context.createImageData(width, height);
    words = new Uint32Array(data.data.buffer);
  }

  // `view` as in tiles.js; `hidden` are the labels to leave out; `dpr` pixels to a CSS pixel.
  function draw(view, hidden, dpr) {
    size();
    words.fill(0);
    const seen = visible(view, hidden);
    const many = seen.length / 3;
    const crowded = many > (CROWDED * view.width * view.height) / dpr ** 2;
    const dot = Math.round((crowded ? 2 : many > RINGED ? 3 : 5) * dpr);
    const each = (visit) => {
      for (let n = 0; n < seen.length; n += 3) visit(seen[n], seen[n + 1], seen[n + 2]);
    };
    if (many <= RINGED) each((px, py) => square(px, py, dot + 2, paper));
    each((px, py, k) => square(px, py, dot, colours[k % colours.length]));
    context.putImageData(data, 0, 0);
  }

  function visible({ x, y, scale, width, height }, hidden) {
    const seen = [];
    for (let i = 0; i < label.length; i++) {
      const px = Math.round(width / 2 + (places[2 * i] - x) * scale);
      const py = Math.round(height / 2 - (places[2 * i + 1] - y) * scale);
      if (px < 0 || py < 0 || px >= width || py >= height || hidden.has(label[i])) continue;
      seen.push(px, py, label[i]);
    }
    return seen;
  }

  function square(px, py, side, colour) {
    const { width, height } = data;
    const [x, y] = [px - (side >> 1), py - (side >> 1)];
    const [left, right] = [Math.max(0, x), Math.min(width, x + side)];
    for (let v = Math.max(0, y); v < Math.min(height, y + side); v++) {
      words.fill(colour, v * width + left, v * width + right);
    }
  }

  return {
    draw,
    clear() {
      context.clearRect(0, 0, canvas.width, canvas.height);
    },
    set(codes, d, place) {
      places = new Float64Array((2 * codes.length) / d);
      for (let i = 0; i < codes.length / d; i++) places.set(place(codes.subarray(i * d, (i + 1) * d)), 2 * i);
    },
    paint(list, ground) {
      colours = list.map(packed);
      paper = packed(ground);
    },
  };
}

// "#rrggbb" as the four bytes of a pixel: every machine with a browser today is little-endian.
const packed = (hex) => {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
};
