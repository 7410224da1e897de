// Many small marks on a canvas, written pixel by pixel: ten thousand in a few milliseconds, where the
// canvas's own circles take thirty.
//
// `marks` are {places (2 * N), tone (N): which colour of `palette` each has, palette: ["#rrggbb"],
// hidden: (i) -> whether to leave it out, size: CSS pixels across, paper: "#rrggbb" or null}.

const RINGED = 1500; // marks in view up to which `paper` sets each off from its ground
const CROWDED = 0.012; // marks a CSS pixel from which on they are smallest
const SMALLER = 0.6, SMALLEST = 0.4; // of their size, on a ground from which they must be set off

export function createPoints(canvas) {
  const context = canvas.getContext("2d");
  let data = null, words = null;

  function clear({ width, height }) {
    if (data?.width !== width || data.height !== height) {
      data = context.createImageData(width, height);
      words = new Uint32Array(data.data.buffer);
    }
    words.fill(0);
  }

  // `frame` as a camera gives it; `dpr` pixels to a CSS pixel.
  function draw(frame, marks, dpr) {
    clear(frame);
    const { spots, tones } = inView(frame, marks);
    const many = tones.length, crowded = many > (CROWDED * frame.width * frame.height) / dpr ** 2;
    const share = !marks.paper ? 1 : crowded ? SMALLEST : many > RINGED ? SMALLER : 1;
    const size = share * marks.size * dpr;
    if (marks.paper && many <= RINGED) {
      stampAll(words, frame.width, spots, () => packed(marks.paper), disc(size + 2 * dpr));
    }
    const palette = marks.palette.map(packed);
    stampAll(words, frame.width, spots, (at) => palette[tones[at]], disc(size));
    context.putImageData(data, 0, 0);
  }

  return { draw, clear: () => context.clearRect(0, 0, canvas.width, canvas.height) };
}

// The marks in view, in the order in which they are drawn: pixels (2 * M), and colours (M).
function inView({ x, y, scale, width, height }, { places, tone, palette, hidden }) {
  const spots = [], tones = [];
  for (let i = 0; i < tone.length; i++) {
    const px = Math.round(width / 2 + (places[2 * i] - x) * scale);
    const py = Math.round(height / 2 - (places[2 * i + 1] - y) * scale);
    if (px < 0 || py < 0 || px >= width || py >= height || hidden(i)) continue;
    spots.push(px, py);
    tones.push(tone[i] % palette.length);
  }
  return { spots, tones };
}

// How much of each pixel a disc covers, 0 to 255: {side, cover (side * side)}.
export function disc(diameter) {
  const side = 2 * Math.ceil(diameter / 2) + 1, middle = side >> 1;
  const cover = Uint8Array.from({ length: side * side }, (_, i) => {
    const far = Math.hypot((i % side) - middle, Math.floor(i / side) - middle);
    return 255 * Math.min(1, Math.max(0, diameter / 2 - far + 0.5));
  });
  return { side, cover };
}

function stampAll(words, width, spots, colourOf, { side, cover }) {
  const height = words.length / width, half = side >> 1;
  for (let n = 0; n < spots.length; n += 2) {
    const [left, top, colour] = [spots[n] - half, spots[n + 1] - half, colourOf(n / 2)];
    for (let v = Math.max(0, -top); v < Math.min(side, height - top); v++) {
      for (let u = Math.max(0, -left); u < Math.min(side, width - left); u++) {
        const share = cover[v * side + u], at = (top + v) * width + left + u;
        if (share === 255) words[at] = colour;
        else if (share) words[at] = over(words[at], colour, share);
      }
    }
  }
}

// `colour` laid over a pixel that it covers by `share` of 255.
function over(under, colour, share) {
  const before = under >>> 24, alpha = share + before - (share * before) / 255;
  const part = share / alpha;
  const mixed = (shift) => {
    const [old, own] = [(under >>> shift) & 255, (colour >>> shift) & 255];
    return Math.round(old + part * (own - old)) << shift;
  };
  return ((Math.round(alpha) << 24) | mixed(16) | mixed(8) | mixed(0)) >>> 0;
}

// "#rrggbb" as the four bytes of a pixel: every machine with a browser today is little-endian.
const packed = (hex) => {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
};
