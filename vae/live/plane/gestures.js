// What a hand does to a sheet: drag, pinch, wheel, point, press. `acts` are told in CSS pixels from
// the sheet's upper left corner.

const SLACK = { mouse: 4, pen: 6, touch: 8 }; // pixels that a press may slip and still be a press
const WHEEL = 0.0016; // e-folds of the scale a wheel's pixel
const LINE = 16; // pixels of a wheel that counts in lines

// acts: {pan(dx, dy, kind), zoom(factor, at), look(at), leave(), press(at), rest()}
export function createHand(stage, acts) {
  const down = new Map(); // pointer -> where it is
  let begun = null, dragging = false, resting = 0;

  const place = (event) => {
    const { left, top } = stage.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };

  const middle = () => {
    const all = [...down.values()];
    return [0, 1].map((axis) => all.reduce((sum, at) => sum + at[axis], 0) / all.length);
  };

  const spread = () => {
    const [a, b] = [...down.values()];
    return Math.hypot(a[0] - b[0], a[1] - b[1]);
  };

  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    stage.setPointerCapture(event.pointerId);
    down.set(event.pointerId, place(event));
    if (down.size === 1) begun = place(event);
    dragging ||= down.size > 1;
  });

  stage.addEventListener("pointermove", (event) => {
    const at = place(event), kind = event.pointerType;
    if (!down.has(event.pointerId)) return kind === "mouse" || kind === "pen" ? acts.look(at) : null;
    if (down.size === 1 && !dragging) {
      if (Math.hypot(at[0] - begun[0], at[1] - begun[1]) <= (SLACK[kind] ?? 4)) return null;
      dragging = true;
    }
    return move(event.pointerId, at, kind);
  });

  function move(id, at, kind) {
    const before = middle(), wide = down.size === 2 ? spread() : 0;
    down.set(id, at);
    const now = middle();
    acts.pan(now[0] - before[0], now[1] - before[1], kind);
    if (wide > 0) acts.zoom(spread() / wide, now);
  }

  const up = (event) => {
    if (!down.delete(event.pointerId) || down.size) return;
    if (!dragging && event.type === "pointerup") acts.press(place(event));
    if (dragging) acts.rest();
    dragging = false;
  };
  stage.addEventListener("pointerup", up);
  stage.addEventListener("pointercancel", up);
  stage.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch" && !down.size) acts.leave();
  });

  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === 1 ? LINE : 1);
    acts.zoom(Math.exp(-WHEEL * (event.ctrlKey ? 5 : 1) * pixels), place(event)); // ctrl: a trackpad's pinch
    clearTimeout(resting);
    resting = setTimeout(acts.rest, 200);
  }, { passive: false });

  return { get dragging() {
    return dragging;
  } };
}
