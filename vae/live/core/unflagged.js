// The path from a picture to one that surprises less: small steps towards its reconstruction,
//
//     x -> x + (r(x) - x) / 10
//
// where r(x) - x points to more probable pictures: What Regularized Auto-Encoders Learn from the Data
// Generating Distribution (Alain & Bengio, 2014), https://arxiv.org/abs/1211.4246. The picture changes no more
// than each step takes, so the first on the path that is not flagged is near it, if not the nearest of all.

const STEP = 0.1;
export const STEPS = 60;

// A job that fills `path` with {x, surprise}, the picture itself first.
export function* fillPath(path, model, x) {
  for (let now = x; ; ) {
    path.push({ x: now, surprise: model.surprise(now).surprise });
    if (path.length > STEPS) return;
    yield;
    const before = now, r = model.decode(model.encode(before).mean);
    now = before.map((v, i) => v + STEP * (Math.min(1, Math.max(0, r[i])) - v));
  }
}

// The first place on a path that is not above the threshold, or -1.
export const firstBelow = (path, threshold) => path.findIndex(({ surprise }) => surprise <= threshold);
