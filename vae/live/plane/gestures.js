// What a hand does to a plane: drag, pinch, wheel, point, press. Places are in CSS pixels from the
// stage's upper left corner.

const SLACK = { mouse: 4, pen: 6, touch: 8 }; // pixels that a press may slip and still be a press
const WHEEL = 0.0016; // e-folds of the scale a wheel's pixel
const LINE = 16; // pixels of a wheel that counts in lines

// acts: {pan(dx, dy, kind), zoom(factor, at), look(at), leave(), press(at), rest()}. One finger pans,
// or, with `finger: "points"`, looks where it lies and presses where it is lifted; two pan and zoom.
export function createHand(stage, acts, { finger = "pans" } = {}) {
  const down = new Map(); // pointer -> where it is
  let begun = null, dragging = false;

  const points = (event) => finger === "points" && event.pointerType === "touch" && !dragging;

  const place = (event) => {
    const { left, top } = stage.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };

  function press(event) {
    if (event.button !== 0) return;
    stage.setPointerCapture(event.pointerId);
    const at = place(event);
    down.set(event.pointerId, at);
    if (down.size === 1) begun = at;
    if (down.size > 1 && points(event)) acts.leave();
    dragging ||= down.size > 1;
    if (points(event)) acts.look(at);
  }

  function move(event) {
    const at = place(event), kind = event.pointerType;
    if (!down.has(event.pointerId)) return kind === "touch" ? null : acts.look(at);
    if (points(event)) {
      down.set(event.pointerId, at);
      return acts.look(at);
    }
    dragging ||= Math.hypot(at[0] - begun[0], at[1] - begun[1]) > (SLACK[kind] ?? SLACK.mouse);
    return dragging ? drag(event.pointerId, at, kind) : null;
  }

  function drag(id, at, kind) {
    const before = [...down.values()];
    down.set(id, at);
    const now = [...down.values()], [from, to] = [middle(before), middle(now)];
    acts.pan(to[0] - from[0], to[1] - from[1], kind);
    if (now.length === 2 && spread(before) > 0) acts.zoom(spread(now) / spread(before), to);
  }

  function release(event) {
    if (!down.delete(event.pointerId) || down.size) return;
    const at = place(event);
    if (dragging) acts.rest();
    else if (event.type === "pointerup" && inside(stage, at)) acts.press(at);
    else acts.leave();
    dragging = false;
  }

  function leave(event) {
    if (event.pointerType !== "touch" && !down.size) acts.leave();
  }

  for (const [name, act] of Object.entries({ pointerdown: press, pointermove: move, pointerup: release,
    pointercancel: release, pointerleave: leave })) stage.addEventListener(name, act);
  followWheel(stage, acts, place);
}

function followWheel(stage, { zoom, rest }, place) {
  let resting = 0;
  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === 1 ? LINE : 1);
    zoom(Math.exp(-WHEEL * (event.ctrlKey ? 5 : 1) * pixels), place(event)); // ctrl: a trackpad's pinch
    clearTimeout(resting);
    resting = setTimeout(rest, 200);
  }, { passive: false });
}

const middle = (all) => [0, 1].map((axis) => all.reduce((sum, at) => sum + at[axis], 0) / all.length);
const spread = ([a, b]) => Math.hypot(a[0] - b[0], a[1] - b[1]);
const inside = ({ clientWidth, clientHeight }, [x, y]) =>
  x >= 0 && y >= 0 && x <= clientWidth && y <= clientHeight;
