// A picture large, with what can be done with it: add it to your pictures, open it in Explore, show it
// as ink. `show({z, name}, words)` in each frame; `kind` says where it came from. Of what has no
// code, `show({x, why}, words)`: its pixels, where null leaves the last picture there, and the reason.

import { keepCode, toExplore } from "./codeactions.js";
import { h } from "./dom.js";
import { createLarge } from "./large.js";

const SAID = 1500; // ms for which the button says that the picture was added

export function createPictureView({ bench, kind, label }) {
  const { model } = bench;
  const picture = createLarge(bench, label);
  const pixels = new Float32Array(model.pixels);
  let now = null;

  const added = h("button", { type: "button", class: "do-keep", onclick: keep,
    title: "Add it to your pictures, for all pages (K)" }, "Add to your pictures");
  const buttons = h("div", { class: "keep" }, added,
    h("button", { type: "button", class: "do-explore", onclick: explore,
      title: "Move it there, dimension by dimension" }, "Open in Explore →"));

  function hasCode() {
    if (now?.why) bench.notify(now.why);
    return Boolean(now?.z);
  }

  function keep() {
    if (!hasCode() || !keepCode(bench, { name: now.name, kind, z: now.z })) return;
    added.textContent = "Added";
    setTimeout(() => (added.textContent = "Add to your pictures"), SAID);
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

  return { elements: [picture.element, buttons], canvas: picture.canvas, buttons, show, keep, explore };
}
