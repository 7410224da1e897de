// The page Class, for the teacher: what phones send appears on the map and in a wall of pictures; the mean of
// all of them, and a morph between two. Phones send to the app, and it tells this page.

import { choice, number, unlinked } from "../../io/schema.js";
import { createMap } from "../../map/map.js";
import { mapView } from "../../map/view.js";
import { createChoice } from "../../widgets/choice.js";
import { h } from "../../widgets/dom.js";
import { createTabs } from "../../widgets/tabs.js";
import { createJoining } from "./joining.js";
import { Sent } from "./sent.js";
import { Together } from "./together.js";
import { createWall } from "./wall.js";

const KEYS = [["← →", "morph, with the slider in hand"]];
const NOT_THE_TEACHER = "This page is the teacher's. It opens at the address that the terminal printed when the " +
  "class was opened with “python app.py --class”, in the browser that opened that address.";
const NAME = 12; // characters of a name on the map

// `pair` are the pictures between which the morph goes, by their ids.
export const schema = (bench) => ({
  ...mapView(bench),
  show: choice(["join", "mean", "morph"]),
  t: number({ initial: 0.5, min: 0, max: 1 }),
  pair: unlinked([null, null]),
});

export function build(bench) {
  const { page, history, room } = bench;
  if (!room) return refuse(bench);
  const sent = new Sent(bench);
  const joining = createJoining(bench), together = new Together(bench, sent), wall = createWall(bench, sent);
  const map = createMap({ bench });
  const modes = createChoice({ name: "show", label: "What is shown large", choices: [["join", "Join"],
    ["mean", "Mean"], ["morph", "Morph"]], choose: (show) => history.change({ show }) });
  bench.keys(KEYS, {});
  page.append(bench.notices, h("div", { class: "bench classroom" },
    h("div", { class: "pinned view card" }, modes.element, joining.element, together.element),
    wall.element, map.element), createTabs(page, [["wall", "Wall"], ["map", "Map"]]));
  const request = bench.frames(() => together.paint(map));

  // After a change of what is in the room, or of the page's state.
  function show(why) {
    const { now } = history;
    request();
    if (why !== "settle") return;
    modes.show(now.show);
    joining.element.hidden = now.show !== "join";
    together.element.hidden = now.show === "join";
    together.settle();
    wall.mark(now.pair);
    map.overlay({ lines: together.lines(), pins: sent.shown.map(pinOf) });
    map.show();
  }

  function refresh() {
    sent.read();
    joining.show();
    wall.show();
    show("settle");
  }

  bench.closing(room.listen(refresh));
  bench.follow(show);
  refresh();
}

const pinOf = ({ z, name }) => ({ z, word: name.slice(0, NAME) });

function refuse({ page, notices, keys }) {
  keys([], {});
  page.append(notices, h("div", { class: "bench" }, h("section", { class: "card refused", "aria-label": "Class" },
    h("p", {}, NOT_THE_TEACHER))));
}
