// Files that become your pictures: Python prepares them one after the other, and anew when a setting of
// the preparation is changed. What is refused is said, and the others go on.

import { createIntake } from "./intake.js";
import { h } from "../../widgets/dom.js";
import { refusal } from "../../core/errors.js";
import { postJson } from "../../io/client.js";
import { MOST, read, unpack, withPicture } from "../../state/pictures.js";
import { Preparation } from "./preparation.js";
import { alter, choose } from "./steps.js";

export class Uploads {
  #asked = 0; // how often a preparation was asked for anew

  // `inUse` is as in inuse.js.
  constructor(bench, inUse) {
    Object.assign(this, { bench, inUse });
    this.preparation = new Preparation({ fields: bench.data.prepare, model: bench.model,
      digits: Boolean(bench.card.prepare.digits), change: (settings) => this.#prepareAnew(settings) });
    const intake = bench.offline ? null // Python reads the files
      : createIntake({ bench, take: (files) => this.#take(files) });
    this.progress = h("p", { class: "quiet", role: "status", hidden: true });
    this.element = h("div", {}, intake, this.progress, this.preparation.element);
  }

  // All of them are one step.
  async #take(files) {
    const { history } = this.bench;
    history.move({ source: "picture" });
    this.progress.hidden = false;
    let last = null;
    for (const [i, file] of this.#fitting(files).entries()) {
      this.progress.textContent = `Preparing ${i + 1} of ${files.length}: ${file.name}`;
      last = (await this.#takeOne(file)) ?? last;
    }
    this.progress.hidden = true;
    if (last) history.change(choose(last));
    else history.settle();
  }

  // The files that there is still room for.
  #fitting(files) {
    const room = MOST - this.bench.history.now.pictures.length;
    if (files.length > room) {
      this.bench.notify(`${MOST} pictures fit here and ${room} places are free: ` +
        `the first ${room} are taken.`);
    }
    return files.slice(0, room);
  }

  async #takeOne(file) {
    const { yours, history, notify } = this.bench;
    try {
      const { x, ...prepared } = await this.#prepare(file, {});
      const item = yours.create(file.name, "picture", x, { ...prepared, file, settings: {} });
      history.move({ pictures: withPicture(history.now.pictures, item) });
      return item;
    } catch (error) {
      notify(`${file.name}: ${refusal(error)}`);
      return null;
    }
  }

  async #prepare(file, settings) {
    const query = new URLSearchParams({ settings: JSON.stringify(settings) });
    const { x, ...prepared } = await postJson(`${this.bench.ask("pictures")}?${query}`, file);
    return { ...prepared, x: unpack(x) };
  }

  async #prepareAnew(settings) {
    const { model, history, notify } = this.bench, { picture } = this.inUse, asked = ++this.#asked;
    const overtaken = () => asked !== this.#asked
      || !history.now.pictures.some(({ id }) => id === picture.id);
    try {
      const prepared = await this.#prepare(picture.file, settings);
      if (overtaken()) return;
      history.change(alter(history.now, picture.id,
        { ...read(model, prepared.x), ...prepared, settings, refined: null }));
    } catch (error) {
      notify(`${picture.name}: ${refusal(error)} The picture is as it was.`);
      if (!overtaken()) this.preparation.show(this.inUse.picture);
    }
  }

  // The file of a picture in other preparations: [{change, settings, x, looks}].
  async tryOthers({ file, settings }) {
    const query = new URLSearchParams({ settings: JSON.stringify(settings) });
    const { preparations } = await postJson(`${this.bench.ask("preparations")}?${query}`, file);
    return preparations.map(({ x, ...rest }) => ({ ...rest, x: unpack(x) }));
  }

  // Of the picture in use: another preparation, as it was tried.
  correct({ settings, x }) {
    const { model, history } = this.bench, { picture } = this.inUse;
    if (picture.file) this.preparation.set(settings);
    else history.change(alter(history.now, picture.id, { ...read(model, x), x, refined: null }));
  }

  show() {
    this.preparation.show(this.inUse.picture);
  }
}
