// What can be taken from a page: a film, a strip, the codes, a link. `frames` are as in core/paths.js.
// Python writes films and strips; where there is no server, the page writes a GIF.

import { need, refusal } from "../core/errors.js";
import { frameImage } from "../core/paths.js";
import { postBlob } from "../io/client.js";
import { encodeGif, enlarge, indexed } from "../io/gif.js";
import { download, h, more, saveJson } from "./dom.js";
import { filmControls, filmSettings } from "./film.js";

const FILMS = { gif: "GIF", webp: "WebP", mp4: "MP4", png: "Strip" };
const HERE = ["gif"]; // what the page can write by itself
const MOST = 400e6; // pixels of a film, over all its frames: as in vae/film.py

// `frames()` gives the film, `name` the files' name; `json()`, where given, what else there is. `kinds`
// are the formats offered, `settings` those of the film that stand behind the gear: see film.js.
export function createFilmDownloads(bench, { frames, name, link = bench.link, json, settings,
  kinds = Object.keys(FILMS) }) {
  const { history, model, offline } = bench;
  const status = h("output", { class: "quiet" });
  const controls = filmControls(bench, settings);

  // Does it, or says the reason why there is nothing to take.
  async function offer(save) {
    try {
      await save();
    } catch (error) {
      bench.notify(refusal(error));
    }
  }

  async function saveFilm(kind) {
    status.textContent = `Writing the ${FILMS[kind]} …`;
    await offer(async () => download(`${name}.${kind}`, await written(kind)));
    status.textContent = "";
  }

  const images = () => frames().map((frame) => frameImage(model, frame));
  const written = (kind) => (offline ? gifOf(model, images(), filmSettings(history.now))
    : postBlob(bench.ask("film"), asked(kind, frames(), filmSettings(history.now))));

  function saveCsv() {
    download(`${name}.csv`, new Blob([table(frames())], { type: "text/csv" }));
  }

  const button = (kind, words, act, title) =>
    h("button", { type: "button", class: `do-${kind}`, title, onclick: act }, words);
  return { element: h("div", { class: "take" },
    button("link", "Link", (event) => bench.copy(event.target, link()), "A link to exactly this"),
    ...kinds.filter((kind) => !offline || HERE.includes(kind)).map((kind) =>
      button(kind, FILMS[kind], () => saveFilm(kind))),
    json ? button("json", "JSON", () => offer(() => saveJson(name, json()))) : null,
    json ? button("csv", "CSV", () => offer(saveCsv)) : null,
    controls.length ? more("Settings", { "aria-label": "Settings of films and strips" },
      h("div", { class: "film-settings" }, ...controls)) : null,
    status) };
}

const asked = (kind, frames, settings) => JSON.stringify({ kind, settings,
  codes: frames.map((frame) => frame.map(({ z }) => [...z])),
  weights: frames.map((frame) => frame.map(({ weight }) => weight)) });

// Of images (C * H * W) in [0, 1].
export function gifOf({ image: [c, height, width] }, frames, { fps, scale, bounce }) {
  const count = bounce ? 2 * frames.length - 2 : frames.length;
  need(count * height * width * scale ** 2 <= MOST, `${count} pictures of ` +
    `${width * scale} × ${height * scale} pixels are too large for one film, whose limit is 400 million ` +
    "pixels in all: take a smaller scale.");
  const bytes = frames.map((x) => interleaved(x, c, width * height));
  const { palette, frames: pictures } = indexed(bytes, c);
  const shown = bounce ? [...pictures, ...pictures.slice(1, -1).reverse()] : pictures;
  const delays = shown.map(() => Math.max(2, Math.round(100 / fps)));
  return new Blob([encodeGif(shown.map((picture) => enlarge(picture, width, scale)),
    width * scale, height * scale, palette, delays)], { type: "image/gif" });
}

// (C * N) in [0, 1] -> bytes, the channels of a pixel side by side.
const interleaved = (x, c, n) => Uint8Array.from({ length: x.length }, (_, i) =>
  Math.round(255 * x[(i % c) * n + Math.floor(i / c)]));

// One row for each frame's code: frame, weight, z_0 …
function table(frames) {
  const d = frames[0][0].z.length;
  const head = ["frame", "weight", ...Array.from({ length: d }, (_, j) => `z_${j}`)];
  const rows = frames.flatMap((frame, t) => frame.map(({ weight, z }) => [t, weight, ...z]));
  return [head, ...rows].map((cells) => cells.join(",")).join("\r\n") + "\r\n";
}
