// A picture large, with what can be done with it: keep it, carry it into Explore, show it as ink.
// `show({z, name}, words)` in each frame; `kind` says where it came from. Of what has no
// code, `show({x, why}, words)`: its pixels, where null leaves the last picture there, and the reason.

import { keepCode, toExplore } from "./codeactions.js";
import { h } from "./dom.js";
import { createLarge } from "./large.js";

const SAID = 1500; // ms for which the button says that the picture is kept

export function createShown({ bench, kind, label }) {
  const { model } = bench;
  const picture = createLarge(bench, label);
  const pixels = new Float32Array(model.pixels);
  let now = null;

  const kept = h("button", { type: "button", class: "do-keep", onclick: keep,
    title: "Put it with the pictures at hand, for all pages" }, "Keep");
  const buttons = h("div", { class: "keep" }, kept,
    h("button", { type: "button", class: "do-explore", onclick: explore,
      title: "Move it there, dimension by dimension" }, "Explore →"));

  function hasCode() {
    if (now?.why) bench.notify(now.why);
    return Boolean(now?.z);
  }

  function keep() {
    if (!hasCode() || !keepCode(bench, { name: now.name, kind, z: now.z })) return;
    kept.textContent = "Kept";
    setTimeout(() => (kept.textContent = "Keep"), SAID);
  }

  function explore() {
    if (hasCode()) toExplore(bench, now.z);
  }

  function show(next, words) {
    now = next;
    const x = now.z ? model.decode(now.z, pixels) : now.x;
    if (x) picture.paint(x);
    picture.caption.textContent = words;
    picture.canvas.setAttribute("aria-label", `${label}: ${words}`);
  }

  return { elements: [picture.element, buttons], buttons, show, keep, explore };
}
