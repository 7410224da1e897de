// One frame: whatever happened since the last one is painted once, and the page says that it was.

// `paint(now)` returns what it painted, for the event "atelier:painted", or nothing.
export function createFrames(page, paint) {
  let pending = 0, stopped = false;

  function run(now) {
    pending = 0;
    const begin = performance.now();
    const detail = paint(now);
    if (!detail) return;
    page.dispatchEvent(new CustomEvent("atelier:painted",
      { detail: { ...detail, work: performance.now() - begin } }));
  }

  return {
    // What comes late, when the page has been left, asks for nothing.
    request() {
      if (!stopped) pending ||= requestAnimationFrame(run);
    },
    stop() {
      stopped = true;
      cancelAnimationFrame(pending);
    },
  };
}
