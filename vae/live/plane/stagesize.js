// The size of a stage, in CSS pixels, and how many pixels of its canvases go to one.

const SHARPEST = 2; // more would only take longer

// Calls `changed(size, dpr)` whenever one of them is another; returns what ends that. A hidden stage
// has no size, and nothing is drawn on it.
export function followSize(element, changed) {
  let size = [0, 0], dpr = 1;
  const observer = new ResizeObserver(() => {
    const next = [element.clientWidth, element.clientHeight];
    const sharp = Math.min(SHARPEST, devicePixelRatio || 1);
    if (!next[0] || (next.every((v, i) => v === size[i]) && sharp === dpr)) return;
    [size, dpr] = [next, sharp];
    changed(size, dpr);
  });
  observer.observe(element);
  return () => observer.disconnect();
}

export function fitCanvas(canvas, size, dpr) {
  [canvas.width, canvas.height] = size.map((v) => Math.round(v * dpr));
}
