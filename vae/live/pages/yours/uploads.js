// Files that become pictures at hand: Python prepares them one after the other, and anew when a
// setting of the strip is changed. What is refused is said, and the others go on.

import { createBring } from "./intake.js";
import { h } from "../../widgets/dom.js";
import { refusal } from "../../core/errors.js";
import { postJson } from "../../io/client.js";
import { KEPT, read, unpack } from "../../state/pictures.js";
import { createStrip } from "./preparation.js";

// `current()` is the picture on show, `select(item)` shows another; `begin()` is told that files have
// come. `fields` describe the settings of a preparation.
export function createUploads({ bench, fields, begin, current, select }) {
  const { page, card, model, yours, notify } = bench;
  const strip = createStrip({ fields, digits: Boolean(card.prepare.digits), change: prepareAnew });
  const bring = bench.offline ? null // Python reads the files
    : createBring({ page, listen: bench.listen, take, refuse: notify });
  const progress = h("p", { class: "quiet", role: "status", hidden: true });
  const element = h("div", {}, bring?.element, progress, strip.element);
  let wishes = 0;

  async function take(files) {
    begin();
    progress.hidden = false;
    let last = null;
    for (const [i, file] of fitting(files).entries()) {
      progress.textContent = `Preparing ${i + 1} of ${files.length}: ${file.name}`;
      last = (await takeOne(file)) ?? last;
    }
    progress.hidden = true;
    if (last) select(last);
  }

  // The files that there is still room for.
  function fitting(files) {
    const room = KEPT - yours.items.length;
    if (files.length > room) {
      notify(`${KEPT} pictures fit here and ${room} places are free: the first ${room} are taken.`);
    }
    return files.slice(0, room);
  }

  async function takeOne(file) {
    try {
      const made = await prepare(file, {});
      return yours.addPicture(file.name, "picture", made.x, { ...made, file, settings: {} });
    } catch (error) {
      notify(`${file.name}: ${refusal(error)}`);
      return null;
    }
  }

  async function prepare(file, settings) {
    const query = new URLSearchParams({ settings: JSON.stringify(settings) });
    const { x, ...made } = await postJson(`${bench.ask("pictures")}?${query}`, file);
    return { ...made, x: unpack(x) };
  }

  async function prepareAnew(settings) {
    const item = current(), mine = ++wishes;
    try {
      const made = await prepare(item.file, settings);
      if (mine !== wishes || !yours.get(item.id)) return; // a newer wish is on its way, or it is gone
      const changed = yours.change(item.id, { ...read(model, made.x), ...made, settings, refined: null });
      if (current()?.id === item.id) select(changed);
    } catch (error) {
      notify(`${item.name}: ${refusal(error)} The picture is as it was.`);
      if (mine === wishes) strip.show(item, item.settings);
    }
  }

  // A better preparation of a file that the verdict found: {turn: quarters} or {swap: true}.
  function mend({ settings, notes }, { turn, swap }) {
    if (turn) strip.set({ rotate: (((settings.rotate ?? 0) + 90 * turn + 540) % 360) - 180 });
    if (swap) strip.set({ invert: notes.some((n) => n.startsWith("Light and dark were swapped"))
      ? "no" : "yes" });
  }

  // The steps of a picture that came as a file; other pictures have none.
  function show(item) {
    strip.element.hidden = !item?.file;
    if (item?.file) strip.show(item, item.settings);
  }

  return { element, show, mend };
}
