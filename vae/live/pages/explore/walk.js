// The first seconds of a first visit: a walk crosses the map by itself, and the picture follows. It ends at the first
// touch and does not come back. Where the system asks for reduced motion, or a link for a code or a lesson, nothing moves.

import { exampleOf, firstOf } from "../../core/origins.js";
import { stacked } from "../../core/latent.js";
import { polyline } from "../../core/paths.js";
import { asked } from "../../io/link.js";
import { createMemory } from "../../state/memory.js";
import { calm } from "../../widgets/dom.js";

const SECONDS = 9, STOPS = 4; // examples on the way, which leads back to where it began
const LEAVES_ALONE = ["z", "lesson"]; // a link that has one of these
const TOUCHES = ["pointerdown", "pointermove", "wheel", "keydown"];
const WORDS = { walking: "a walk through the latent space …", over: "Your turn: drag a slider, or move over the map" };

export class Walk {
  #memory = createMemory("any model");
  #stage = null; // "walking", "over", or null before and after
  #pending = 0;

  // `code` is the picture in use.
  constructor(bench, code) {
    Object.assign(this, { bench, code });
    const visited = this.#memory.read("visited", false);
    this.#memory.write("visited", true);
    if (visited || calm() || LEAVES_ALONE.some((name) => new URLSearchParams(asked()).has(name))) return;
    this.path = pathFrom(bench, code);
    this.#stage = "walking";
    for (const touch of TOUCHES) bench.listen(window, touch, (event) => this.#touched(event), { capture: true });
    bench.closing(() => cancelAnimationFrame(this.#pending));
    this.#pending = requestAnimationFrame((now) => this.#step(now, now));
  }

  // What it says in place of the picture's caption, or undefined.
  get words() {
    return WORDS[this.#stage];
  }

  #step(now, began) {
    const t = (now - began) / (1000 * SECONDS);
    if (t >= 1) return this.#leave("over");
    this.bench.history.look({ code: { z: this.path(t), name: "a walk" } });
    this.#pending = requestAnimationFrame((next) => this.#step(next, began));
  }

  // A mouse that lies still sends moves, too, when something moves under it.
  #touched({ type, movementX, movementY }) {
    if (!this.#stage || (type === "pointermove" && !movementX && !movementY)) return;
    cancelAnimationFrame(this.#pending);
    this.#leave(null);
  }

  #leave(stage) {
    this.#stage = stage;
    this.bench.history.move({}); // so that what is on the screen is said anew, also where no preview was
  }
}

function pathFrom(bench, { z }) {
  const { atlas, classes, model } = bench, kinds = classes.length;
  const stops = Array.from({ length: STOPS }, (_, i) => {
    const share = (i + 0.5) / STOPS;
    return kinds >= STOPS ? firstOf(bench, Math.floor(share * kinds)) : exampleOf(bench, Math.floor(share * atlas.n));
  });
  const codes = [z, ...stops.map((stop) => stop.z), z];
  return polyline(stacked(codes, model.code.size), model.code.size);
}
