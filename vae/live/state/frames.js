// One frame: whatever happened since the last one is painted once, and the page says that it was.

// `paint(now)` returns what it painted, for the event "atelier:painted", or nothing.
export function createFrames(page, paint) {
  let pending = 0;

  function run(now) {
    pending = 0;
    const begin = performance.now();
    const detail = paint(now);
    if (!detail) return;
    page.dispatchEvent(new CustomEvent("atelier:painted",
      { detail: { ...detail, work: performance.now() - begin } }));
  }

  return {
    request() {
      pending ||= requestAnimationFrame(run);
    },
    stop: () => cancelAnimationFrame(pending),
  };
}
