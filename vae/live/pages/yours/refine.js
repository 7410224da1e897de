// A better posterior for one picture, by gradient steps on its own ELBO: Python takes them.

import { h, help, svg } from "../../widgets/dom.js";
import { refusal } from "../../core/errors.js";
import { streamLines } from "../../io/client.js";

const WIDTH = 200, HEIGHT = 44;

// `current()` is the picture on show.
// `choose(used, found, item)`: the person takes the refined code or the encoder's; the last two say
// what has just been found, and of which picture.
export function createRefine({ url, current, choose, refuse }) {
  const line = svg("polyline", { points: "" });
  const curve = svg("svg", { class: "curve", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img",
    preserveAspectRatio: "none", "aria-label": "ELBO after each step" }, line);
  const said = h("output", { class: "quiet" });
  const start = h("button", { type: "button", class: "do-refine", onclick: run },
    "Refine this posterior");
  const stop = h("button", { type: "button", hidden: true, onclick: () => running?.abort() }, "Stop");
  const which = h("div", { class: "row", role: "radiogroup", "aria-label": "Code in use", hidden: true },
    ...[["encoder", "the encoder's code"], ["refined", "the refined code"]].map(([value, text]) =>
      h("label", { class: "choice" }, h("input", { type: "radio", name: "code-in-use", value,
        onchange: () => choose(value === "refined") }), text)));
  const element = h("section", { class: "refine", "aria-label": "Refine" },
    h("div", { class: "row" }, start, stop, said, help("refining",
      "The encoder is one network for all pictures and answers at once: amortized inference. ",
      "Gradient steps on this picture's own ELBO find a better posterior; what they gain is a lower ",
      "bound on the amortization gap (Cremer et al., 2018). The gain is measured on fresh noise; ",
      "the curve shows the best so far on the noise of the search.")),
    curve, which);
  let running = null, item = null;

  // What there is to say of a picture: {x, refined}.
  function show(next) {
    if (next !== item) running?.abort();
    item = next;
    start.disabled = !item?.x;
    const { refined } = item ?? {};
    which.hidden = !refined;
    curve.classList.toggle("empty", !refined);
    if (!refined) {
      said.textContent = "";
      return;
    }
    draw(refined.curve);
    said.textContent = gainWords(refined.gain);
    which.querySelector(`[value=${refined.used ? "refined" : "encoder"}]`).checked = true;
  }

  async function run() {
    show(current()); // it may have changed in this very moment
    if (!item?.x) return;
    const mine = item;
    running = new AbortController();
    start.hidden = true;
    stop.hidden = false;
    said.textContent = "Asking Python …";
    const points = [];
    let best = null, gain = null;
    try {
      const body = Uint8Array.from(mine.x, (v) => Math.round(255 * v));
      for await (const now of streamLines(url, body, running.signal)) {
        if (now.gain) {
          gain = now.gain;
          continue;
        }
        best = now;
        points.push([now.step, now.elbo]);
        curve.classList.remove("empty");
        draw(points);
        said.textContent = `step ${now.step}: ELBO ${now.elbo.toFixed(2)} nats`;
      }
      if (gain) choose(true, { mean: Float32Array.from(best.mean), scale: Float32Array.from(best.scale),
        curve: points, gain, used: true }, mine);
    } catch (error) {
      if (error.name !== "AbortError") refuse(refusal(error));
      show(item);
    } finally {
      start.hidden = false;
      stop.hidden = true;
      running = null;
      element.scrollIntoView({ block: "nearest" });
    }
  }

  function draw(points) {
    const [first, last] = [points[0][1], points.at(-1)[1]];
    const end = Math.max(points.at(-1)[0], 1), rise = Math.max(last - first, 0.1);
    line.setAttribute("points", points.map(([step, elbo]) =>
      `${((WIDTH * step) / end).toFixed(1)},${(HEIGHT - 4 - ((HEIGHT - 8) * (elbo - first)) / rise).toFixed(1)}`)
      .join(" "));
  }

  return { element, show, start };
}

function gainWords({ nats, stderr, before, after }) {
  return `ELBO ${before.toFixed(2)} → ${after.toFixed(2)} nats: ${nats >= 0 ? "gained" : "lost"} ` +
    `${Math.abs(nats).toFixed(2)} ± ${stderr.toFixed(2)} (1,000 draws)`;
}
