// The page Match: a picture is to be reached by sliders alone, in six rounds; what it took is measured, and what
// sliders along a model's own dimensions are worth beside sliders along others.

import { pixelsApart, REACHED, ROUNDS, Rounds } from "../../core/rounds.js";
import { anySeed } from "../../core/random.js";
import { action } from "../../widgets/action.js";
import { h, help } from "../../widgets/dom.js";
import { percent } from "../../widgets/format.js";
import { evenly } from "../../widgets/large.js";
import { createPicture } from "../../widgets/picture.js";
import { createTabs } from "../../widgets/tabs.js";
import { Clock } from "./clock.js";
import { createResults } from "./results.js";
import { allOver, resultOf, zeros } from "./schema.js";
import { createSliders } from "./sliders.js";

export { schema } from "./schema.js";

const KEYS = [["N", "done; on to the next round"], ["F", "filmstrips, a hint"]];

export function build(bench) {
  const { page, history, head } = bench;
  const game = new Game(bench), clock = new Clock();
  const sliders = createSliders(bench, game.space.size, {
    move: (i, value) => history.move({ values: history.now.values.with(i, value) }),
    settle: () => history.settle(),
  });
  const view = createView(bench, { advance, others: () => others() }), results = createResults(bench);
  const film = action("film", "Filmstrips: what each slider would do (F)", () => history.change({ film: !history.now.film }), "Filmstrips");
  bench.keys(KEYS, { n: advance, f: () => film.click() });
  head.fill(film);
  page.append(bench.notices, h("div", { class: "bench match" }, view.element, sliders.element, results.element),
    createTabs(page, [["sliders", "Sliders"], ["results", "Results"]]));

  const begin = (which) => history.change({ ...which, values: zeros(game.space), film: false });
  const others = () => begin({ seed: anySeed(), round: 1 });

  // The round is over, or another one begins.
  function advance() {
    const { now } = history;
    if (!resultOf(now)) {
      if (clock.moves) history.change({ results: [...now.results, game.result(now, clock)] });
    } else if (now.round < ROUNDS) begin({ round: now.round + 1 });
    else others();
  }

  function paint() {
    const { now } = history, left = game.left(now);
    sliders.show(now.values);
    view.show(game.images(now), left, now, clock);
    return { code: game.code(now), left };
  }

  const request = bench.frames(paint);
  function show(why) {
    const { now } = history;
    clock.see(now, why);
    if (why === "settle") {
      film.setAttribute("aria-pressed", String(now.film));
      sliders.settle(now, game.round(now), (values) => game.code({ ...now, values }));
      results.settle(now, game.rounds(now));
      if (!resultOf(now) && clock.moves && game.left(now) <= REACHED) return advance();
    }
    request();
  }
  bench.follow(show);
  show("settle");
}

// What a state means.
class Game {
  #rounds = null; // {seed, rounds}
  #seen = null; // {values, target, mine, theirs}

  constructor(bench) {
    this.bench = bench;
    this.space = this.rounds(bench.history.now).space;
  }

  rounds({ seed }) {
    if (this.#rounds?.seed !== seed) this.#rounds = { seed, rounds: new Rounds(this.bench, seed) };
    return this.#rounds.rounds;
  }

  round(state) {
    return this.rounds(state).of(state.round);
  }

  code({ values, ...state }) {
    const { axes, target } = this.round(state);
    return this.space.at(axes, values, target.z);
  }

  // {mine, theirs}, and `whole`, how far apart they are where all sliders stand in the middle.
  images(state) {
    const { model } = this.bench, { target } = this.round(state), { values } = state;
    if (this.#seen?.target !== target) {
      const decode = (z) => Float32Array.from(model.decode(z));
      const start = decode(this.code({ ...state, values: zeros(this.space) })), theirs = decode(target.z);
      this.#seen = { target, theirs, whole: pixelsApart(start, theirs) };
    }
    if (this.#seen.values !== values) Object.assign(this.#seen, { values, mine: Float32Array.from(model.decode(this.code(state))) });
    return this.#seen;
  }

  // Of the distance at the start; nothing where there was none.
  left(state) {
    const { mine, theirs, whole } = this.images(state);
    return whole > 0 ? pixelsApart(mine, theirs) / whole : 0;
  }

  result(state, { moves, seconds, hinted }) {
    const { seed, round } = state, { kind, target } = this.round(state);
    return { seed, round, kind, example: target.example, left: this.left(state), moves, seconds, hint: hinted };
  }
}

function createView({ model }, { advance, others }) {
  const theirs = createPicture(model.image, { "aria-label": "The picture to reach" });
  const mine = createPicture(model.image, { "aria-label": "Your picture" });
  const figure = (canvas, words) => h("figure", evenly(model.image), h("div", { class: "frame" }, canvas), h("figcaption", { class: "where" }, words));
  const title = h("h2", {}), bar = h("progress", { max: 1, "aria-label": "Left of the distance" });
  const said = h("output", { class: "reading", role: "status" });
  const go = h("button", { type: "button", class: "main do-advance", onclick: advance });
  const again = h("button", { type: "button", class: "do-again", onclick: others },
    "Other rounds");
  const element = h("div", { class: "pinned view card" },
    h("header", {}, title, help("the distance", "The root mean square difference of the two pictures' pixels, as a share of what it ",
      `was when all sliders stood in the middle. At ${100 * REACHED} % the round is over by itself; “Done” ends it where you are.`)),
    h("div", { class: "pair" }, figure(theirs.canvas, "the picture to reach"), figure(mine.canvas, "yours")),
    bar, said, h("div", { class: "row" }, go, again));
  let seen = null;

  return { element, show(images, left, now, clock) {
    const result = resultOf(now);
    if (seen !== images) theirs.paint((seen = images).theirs);
    mine.paint(images.mine);
    title.textContent = `Round ${now.round} of ${ROUNDS}`;
    bar.value = Math.min(1, left);
    said.textContent = result ? `Over: ${percent(result.left)} left after ${result.moves} ${result.moves === 1 ? "move" : "moves"} and ${result.seconds.toFixed(0)} s.`
      : `${percent(left)} of the distance left · ${clock.moves} ${clock.moves === 1 ? "move" : "moves"}`;
    go.textContent = !result ? "Done" : now.round < ROUNDS ? "Next round" : "Other rounds";
    again.hidden = !allOver(now) || (Boolean(result) && now.round === ROUNDS);
    go.disabled = !result && !clock.moves;
  } };
}
