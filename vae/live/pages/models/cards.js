// A card for each model: a picture that moves, what it is, how good, how it was made and what it cannot do.

import { h } from "../../widgets/dom.js";
import { figureRows, limits, sizeRows, trainingRows } from "./cardwords.js";
import { createDoctor } from "./doctor.js";
import { MovingPictures } from "./moving.js";
import { STILL } from "./part.js";

export function createCards({ bench, wake }) {
  const moving = new MovingPictures({ closing: bench.closing, wake });
  const { catalogue, data } = bench;
  const element = h("div", { class: "part cards" }, data.opensFiles ? createOpening(bench) : null,
    ...catalogue.map((entry) => (entry.why ? createGap(entry) : createCard(bench, entry, moving))),
    data.refusals.length ? h("section", { class: "card left", "aria-label": "Left out" }, h("h2", {}, "Left out"),
      ...data.refusals.map((words) => h("p", {}, words))) : null);
  return { ...STILL, element, paint: moving.paint.bind(moving) };
}

// A model in a file is read in the page alone.
function createOpening({ send }) {
  const input = h("input", { type: "file", accept: ".vae", hidden: true, "aria-label": "A .vae file",
    onchange: () => input.files.length && send("file", input.files[0]) });
  return h("section", { class: "card opening", "aria-label": "A model file" }, h("h2", {}, "A model file"),
    h("p", {}, "Drop a .vae file anywhere on a page, or choose one: it is read in this browser and sent nowhere."),
    h("div", { class: "row" }, h("button", { type: "button", class: "do-file", onclick: () => input.click() }, "Open a .vae file …"), input));
}

const createGap = ({ name, title, why }) =>
  h("article", { class: "card model", "data-model": name, "aria-label": title }, h("h2", {}, title), h("p", {}, why));

function createCard(bench, entry, moving) {
  const { name, title, card } = entry, { data, training } = card;
  const picture = h("div", { class: "moving" });
  picture.append(moving.add(entry, (why) => picture.replaceChildren(h("p", {}, why))));
  return h("article", { class: "card model", "data-model": name, "aria-label": title },
    h("header", {}, picture, h("div", {}, h("h2", {}, title),
      h("p", { class: "quiet" }, `${data.title}, licence: ${data.licence}`),
      h("button", { type: "button", class: "do-explore", "aria-label": `Open in Explore → ${title}`,
        onclick: () => bench.send("go", { page: "explore", model: name }) }, "Open in Explore →"))),
    h("dl", {}, ...rowsOf([...sizeRows(entry), ...figureRows(card), ...trainingRows(card)])),
    training.command ? createCommand(bench, training.command) : null,
    h("ul", { class: "limits", "aria-label": "Limits" }, ...limits(entry).map((words) => h("li", {}, words))),
    bench.offline ? null : createDoctor(bench, name));
}

export const rowsOf = (rows) => rows.flatMap(([term, words, details]) => [h("dt", {}, term),
  h("dd", {}, words, details ? h("span", { class: "quiet" }, details) : null)]);

const createCommand = (bench, command) => h("div", { class: "command" },
  h("code", { class: "code", tabindex: 0, "aria-label": "The command that trains it" }, command),
  h("button", { type: "button", class: "do-copy", onclick: ({ target }) => bench.copy(target, command, "command") },
    "Copy"));
