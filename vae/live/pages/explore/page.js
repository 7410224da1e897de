// The page Explore: a map, a picture, a slider for each dimension. All of it runs here in the browser;
// Python is asked only for another model or another UMAP.

import { exampleOf, posteriorOf } from "../../core/origins.js";
import { choice, flag, optional, picture, unlinked } from "../../io/schema.js";
import { createMap } from "../../map/map.js";
import { createUmapForm } from "../../map/umap.js";
import { mapView } from "../../map/view.js";
import { pictureIn } from "../../state/history.js";
import { action } from "../../widgets/action.js";
import { h, press } from "../../widgets/dom.js";
import { createLarge } from "../../widgets/large.js";
import { createSpeed } from "../../widgets/speed.js";
import { createTabs } from "../../widgets/tabs.js";
import { createCheck } from "./datacheck.js";
import { createDownloads } from "./downloads.js";
import { createMoves } from "./moves.js";
import { createSliders } from "./sliders.js";
import { Walk } from "./walk.js";

export { createOpening as open } from "./opening.js";

const AT_ONCE = 4; // sliders that follow in one frame of a preview
const KEYS = [["← →", "move a slider (Shift: further)"], ["R", "random"], ["O", "origin"],
  ["F", "filmstrip"]];
const CLASS_KEYS = [["0 … 9", "the same code as another class"]];

// `code` is the picture in use; `from` the one whose posterior the sliders show, where the hand has
// moved away from it.
export const schema = (bench) => ({
  ...mapView(bench),
  film: flag(),
  temperature: choice([0.5, 0.7, 1, 1.3], 1),
  code: { ...picture(bench, exampleOf(bench, 0)), as: "z" },
  from: optional(picture(bench)),
  names: unlinked(bench.memory.read("names", {})),
});

export function build(bench) {
  const { page, model, atlas, history, notify } = bench;
  const code = codeWithPosterior(bench);
  const large = createLarge(bench, "The decoded image");
  const numbers = h("code", { class: "code", tabindex: 0, "aria-label": "The exact code" });
  const speed = createSpeed();
  const umapForm = bench.offline ? null : createUmapForm(bench, { fields: bench.data.umap,
    refuse: notify, show: (coordinates) => map.setUmap(coordinates ?? atlas.umap) });
  const map = createMap({ bench, code, umapForm: umapForm?.element });
  const sliders = createSliders({ bench, code });
  const check = createCheck({ bench, code });
  const moves = createMoves({ bench, code });
  const film = action("film", "Filmstrip: what each slider would do (F)",
    () => history.change({ film: !history.now.film }), "Filmstrip");
  bench.keys(model.code.choice ? [...KEYS, ...CLASS_KEYS] : KEYS,
    { ...sliders.classKeys, r: moves.random, o: moves.origin, f: () => film.click() });
  const request = bench.frames(paint);

  bench.head.fill(moves.element, h("span", { class: "space" }), film, speed.button);
  page.append(bench.notices,
    h("div", { class: "bench" },
      h("div", { class: "pinned view card" }, large.element, speed.element, numbers,
        createDownloads({ bench, code, canvas: large.canvas }), check.near),
      map.element, check.element, sliders.element),
    createTabs(page, [["sliders", "Sliders"], ["map", "Map"], ["check", "On the data?"]]));

  const pixels = new Float32Array(model.pixels);
  function paint(now) {
    const begin = performance.now(), z = code.shown;
    large.paint(model.decode(z, pixels));
    const decode = performance.now() - begin;
    if (sliders.show(z, code.previewing ? AT_ONCE : z.length)) request();
    numbers.textContent = Array.from(z, (v) => v.toFixed(3)).join(" ");
    map.mark(z, code.previewing);
    speed.show(decode, now);
    return { code: z, decode };
  }

  function show(why) {
    request();
    check.update();
    const words = walk?.words ?? (code.previewing ? `preview: ${press} to go there` : wordsOf(history.now));
    large.say(words, code.previewing || words === walk?.words);
    if (why === "settle") settled();
  }

  function settled() {
    film.setAttribute("aria-pressed", String(history.now.film));
    moves.show();
    sliders.settle(history.now);
    map.show();
  }

  let walk = null;
  bench.follow(show);
  show("settle");
  umapForm?.begin();
  walk = new Walk(bench, code);
}

// The picture in use; while the hand moves away from it, where it came from stays.
function codeWithPosterior(bench) {
  const { history } = bench, code = pictureIn(history, "code");
  const source = ({ code, from }) => from ?? (posteriorOf(bench, code) ? code : null);
  return {
    __proto__: code,
    get posterior() {
      const picture = source(history.now);
      return picture && posteriorOf(bench, picture);
    },
    move: (z) => history.move({ code: { z, name: "your code" }, from: source(history.now) }),
    go: (picture) => history.change({ code: picture, from: null }),
  };
}

function wordsOf({ code, from }) {
  if (from) return `your code, from ${from.name}`;
  return code.example === undefined ? code.name : `your code, from ${code.name}`;
}
