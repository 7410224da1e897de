// Take it with you: a film, a strip, the codes, a link.
//
// A walk is an array of frames; a frame is an array of {weight, z}: the image is the weighted sum of
// the decoded codes. Python writes films and strips; where there is no server, the page writes a GIF.

import { download, h, more, saveJson, select } from "./dom.js";
import { need, refusal } from "../core/errors.js";
import { createNumber } from "./form.js";
import { encodeGif, enlarge, indexed } from "../io/gif.js";
import { postBlob } from "../io/client.js";

const FILMS = { gif: "GIF", webp: "WebP", mp4: "MP4", png: "strip" };
const HERE = ["gif"]; // what the page can write by itself
const MOST = 400e6; // pixels of a film, over all its frames: as in vae/film.py

// `walk()` gives the frames, `name` the files' name; `link()` and `json()`, where given, what else to
// take. `what` are the formats offered.
export function createTake(bench, { walk, name, link, json, what = Object.keys(FILMS) }) {
  const { model, offline } = bench;
  const settings = { fps: 20, scale: 8, bounce: false };
  const busy = h("output", { class: "quiet" });
  const element = h("div", { class: "take" },
    link ? h("button", { type: "button", title: "A link to exactly this",
      onclick: (event) => bench.copy(event.target, link()) }, "Link") : null,
    ...what.filter((kind) => !offline || HERE.includes(kind)).map((kind) =>
      h("button", { type: "button", class: `do-${kind}`, onclick: () => film(kind) }, FILMS[kind])),
    json ? h("button", { type: "button", class: "do-json",
      onclick: () => offer(() => saveJson(name, json())) }, "JSON") : null,
    json ? h("button", { type: "button", class: "do-csv", onclick: () => offer(csv) }, "CSV") : null,
    more("⚙", { "aria-label": "Settings of films and strips", title: "Settings" },
      h("div", { class: "film-settings" }, createNumber(settings, "fps", 1, 50),
        createNumber(settings, "scale", 1, 64),
        select("bounce", [["no", "no"], ["yes", "yes"]], "no", (v) => (settings.bounce = v === "yes")))),
    busy);

  // Does it, or says the reason why there is nothing to take.
  async function offer(save) {
    try {
      await save();
    } catch (error) {
      bench.notify(refusal(error));
    }
  }

  async function film(kind) {
    busy.textContent = `Writing the ${FILMS[kind]} …`;
    await offer(async () => download(`${name}.${kind}`,
      offline ? gifHere(walk()) : await fromPython(kind, walk()))).finally(() => (busy.textContent = ""));
  }

  function csv() {
    download(`${name}.csv`, new Blob([table(walk())], { type: "text/csv" }));
  }

  const fromPython = (kind, frames) => postBlob(bench.ask("film"), JSON.stringify({ kind, settings,
    codes: frames.map((frame) => frame.map(({ z }) => [...z])),
    weights: frames.map((frame) => frame.map(({ weight }) => weight)) }));

  function gifHere(frames) {
    const [c, height, width] = model.image;
    const shownFrames = settings.bounce ? 2 * frames.length - 2 : frames.length;
    need(shownFrames * height * width * settings.scale ** 2 <= MOST, `${shownFrames} pictures of ` +
      `${width * settings.scale} × ${height * settings.scale} pixels are too large for one film, ` +
      "whose limit is 400 million pixels in all: take a smaller scale.");
    const bytes = frames.map((frame) => {
      const x = mixture(model, frame);
      return Uint8Array.from({ length: x.length }, (_, i) => Math.round(255
        * x[c === 1 ? i : (i % c) * width * height + Math.floor(i / c)]));
    });
    const { palette, frames: pictures } = indexed(bytes, c);
    const shown = settings.bounce ? [...pictures, ...pictures.slice(1, -1).reverse()] : pictures;
    const large = shown.map((picture) => enlarge(picture, width, settings.scale));
    const delays = shown.map(() => Math.max(2, Math.round(100 / settings.fps)));
    return new Blob([encodeGif(large, width * settings.scale, height * settings.scale, palette, delays)],
      { type: "image/gif" });
  }

  return { element };
}

// The image (C * H * W) of one frame.
export function mixture(model, frame, into = new Float32Array(model.pixels)) {
  if (frame.length === 1) return model.decode(frame[0].z, into);
  into.fill(0);
  for (const { weight, z } of frame) {
    const x = model.decode(z);
    for (let i = 0; i < into.length; i++) into[i] += weight * x[i];
  }
  for (let i = 0; i < into.length; i++) into[i] = Math.min(1, Math.max(0, into[i]));
  return into;
}

// One row for each frame's code: frame, weight, z_0 …
function table(frames) {
  const d = frames[0][0].z.length;
  const head = ["frame", "weight", ...Array.from({ length: d }, (_, j) => `z_${j}`)];
  const rows = frames.flatMap((frame, t) => frame.map(({ weight, z }) => [t, weight, ...z]));
  return [head, ...rows].map((cells) => cells.join(",")).join("\r\n") + "\r\n";
}
