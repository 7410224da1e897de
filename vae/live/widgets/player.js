// A morph that plays by itself: play, pause, how fast, and whether it turns back at its ends.
// `place()` is where it stands, `move(t)` is told of each step, `paused()` when it has stopped.

import { h, select } from "./dom.js";

const LONGEST = 0.1; // s that one frame may pass: a page that slept does not jump

export function createPlayer({ place, last, move, paused }) {
  let playing = 0, direction = 1, speed = 0.5, bounce = true;
  const play = h("button", { type: "button", class: "main do-play", onclick: toggle }, "▶ Play");
  const pace = select("speed", [["0.25", "slow"], ["0.5", "usual"], ["1", "fast"]], "0.5",
    (value) => (speed = Number(value)));
  const turning = select("at the end", [["bounce", "turn back"], ["again", "start again"]], "bounce",
    (value) => (bounce = value === "bounce"));

  function toggle() {
    if (playing) pause();
    else begin();
  }

  function begin() {
    let before = 0;
    const step = (now) => {
      const passed = before ? Math.min(LONGEST, (now - before) / 1000) : 0;
      before = now;
      const [t, onward] = stepped(place(), direction, speed * passed, last(), bounce);
      direction = onward;
      move(t);
      playing = requestAnimationFrame(step);
    };
    if (!bounce && place() >= last()) move(0);
    direction = bounce && place() >= last() ? -1 : 1;
    playing = requestAnimationFrame(step);
    play.textContent = "❚❚ Pause";
  }

  function pause() {
    if (!playing) return;
    cancelAnimationFrame(playing);
    playing = 0;
    play.textContent = "▶ Play";
    paused();
  }

  return { elements: [play, pace, turning], toggle, pause };
}

// One step between 0 and `last`: where it leads, and which way (1 or -1) to go on from there.
function stepped(t, direction, far, last, bounce) {
  const next = t + direction * far;
  if (next >= 0 && next <= last) return [next, direction];
  if (!bounce) return [0, 1];
  return next > last ? [last, -1] : [0, 1];
}
