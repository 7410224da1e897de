// The frame of every page: it opens the model, reads the state from the link or from what is kept of
// this page, and gives the page what all pages share.

import { InputError } from "./core/errors.js";
import { addressWith, asked, remember } from "./io/link.js";
import { moduleAddress } from "./io/modules.js";
import { linkedState, readState, writeState } from "./io/schema.js";
import { refuseUnknown } from "./io/unknown.js";
import { KEYS, Panel } from "./lessons/panel.js";
import { place } from "./lessons/place.js";
import { createFrames } from "./state/frames.js";
import { histories, History } from "./state/history.js";
import { createIdle } from "./state/idle.js";
import { openModel } from "./state/models.js";
import { joinAsAsked, pupilOf } from "./state/pupil.js";
import { roomOf } from "./state/room.js";
import { action } from "./widgets/action.js";
import { copy } from "./widgets/clipboard.js";
import { h } from "./widgets/dom.js";
import { createHead } from "./widgets/head.js";
import { createHeading } from "./widgets/heading.js";
import { createKeys } from "./widgets/keys.js";
import { createNotices, showPlace } from "./widgets/notices.js";
import { createProgress } from "./widgets/progress.js";
import { createStage } from "./widgets/stage.js";
import { Terms } from "./widgets/terms.js";
import { createTheme } from "./widgets/theme.js";
import { createUndo } from "./widgets/undo.js";

// Opens the page that `data` names in `root`; `send(name, value)` tells Python something. A page is a
// module pages/<page>/page.js: `schema(bench)` says what its state is made of, `build(bench)` is the
// view of it. Where it has them, `load(data)` promises what its bench has besides, and
// `open(decoder, first)` is what follows the hand until all is there.
// Returns {destroy, notify}.
export async function mount(root, data, send) {
  const page = h("div", { class: "atelier", "data-page": data.page, "aria-busy": "true" });
  const head = createHead(data, send);
  head.actions.append(createTheme(page).button);
  page.append(...createHeading(page, data.title), head.element);
  root.append(page);
  head.begin();
  let bench = null;
  try {
    const { context, module, z } = await opened(page, data);
    if (!page.isConnected) return { destroy() {}, notify() {} }; // another page was asked for meanwhile
    leave(head.element);
    head.describe(context.card);
    bench = withState(createBench(page, head, context, data, send), module.schema ?? (() => ({})));
    if (z) bench.history.change({ code: { z, name: "your code" } });
    await module.build(bench, data);
    bench.lesson.begin();
    new Terms(page, bench.closing);
    return { destroy: bench.close, notify: bench.notify };
  } catch (error) {
    bench?.close();
    root.append(page);
    leave(head.element);
    page.append(h("p", { class: "notice", role: "alert" }, sentence(error, data)));
    return { destroy: () => page.remove(), notify: (words) => page.append(h("p", { class: "notice" }, words)) };
  } finally {
    page.removeAttribute("aria-busy");
  }
}

// Only the head, which keeps the focus: what follows it goes.
function leave(head) {
  while (head.nextSibling) head.nextSibling.remove();
}

// The model and the page's module; and the code `z` that the hand has led to meanwhile, or null.
async function opened(page, data) {
  const progress = createProgress("Opening the model", data.first?.bytes);
  page.append(progress.element);
  const module = pageOf(data.page), more = module.then(({ load }) => load?.(data));
  let view = null;
  const context = await openModel(data.files, { progress: progress.show, early(decoder) {
    module.then(({ open }) => {
      if (!open || !data.first?.z || new URLSearchParams(asked()).has("z")) return;
      view = open(decoder, data.first);
      page.append(view.element);
    });
  } });
  await view?.atRest();
  return { context: { ...context, ...await more }, module: await module, z: view?.moved() };
}

const pageOf = (key) => import(moduleAddress(`pages/${key}/page.js`));

function sentence(error, data) {
  if (!(error instanceof InputError)) console.error(error);
  return error instanceof InputError
    ? `The model “${data.model}” cannot be shown: ${error.message}`
    : `The model “${data.model}” cannot be shown: its files could not be read (${error.message}).`;
}

// What all pages share, whatever their state: the model's context, the head, notices, keys, idle work.
function createBench(page, head, context, data, send) {
  const closers = [() => page.remove()];
  const closing = (act) => closers.unshift(act);
  const idle = createIdle();
  closing(() => idle.stop());
  const { element: notices, notify } = createNotices();
  data.notices.forEach(notify);
  closing(showPlace(notices));
  const pupil = pupilOf(data);
  joinAsAsked({ pupil, notify });
  return {
    ...context, page, head, data, send, idle, notices, notify, closing, pupil, room: roomOf(data),
    // A page saved as a file has no Python behind it; else the address of what Python does.
    offline: data.root === undefined,
    ask: (what, model = data.model) => `${data.root}/${what}/${encodeURIComponent(model)}`,
    close: () => closers.forEach((act) => act()),
    ...createLooks(page, context, closing),
    copy: (button, text, what) => copy(button, text, notify, what),
  };
}

// How the page looks: ink or as the model sees it, and what follows the theme.
function createLooks(page, { model, memory }, closing) {
  if (model.image[0] === 1) page.classList.toggle("ink", memory.read("ink", false));
  else page.classList.add("colour");

  function toggleInk() {
    page.classList.toggle("ink");
    memory.write("ink", page.classList.contains("ink"));
  }

  // The theme may change while the page is open; what is drawn in its colours follows.
  function onTheme(act) {
    const scheme = new MutationObserver(act);
    scheme.observe(page.parentElement, { attributes: true, attributeFilter: ["style", "class"] });
    scheme.observe(page, { attributes: true, attributeFilter: ["data-theme", "class"] });
    closing(() => scheme.disconnect());
  }

  return { toggleInk, onTheme };
}

// With the page's state: `history` (state/history.js), `link()`, undo, keys, and one loop of frames.
function withState(bench, schemaOf) {
  const { page, head, data, id, notify, closing } = bench;
  const schema = schemaOf(bench);
  refuseUnknown(schema).forEach(notify);
  const history = openHistory(`${data.page} ${id}`, schema, notify);
  const link = () => addressWith({ model: data.model, stage: stage.text(), lesson: place.text, ...writeState(schema, history.now) });
  const undo = createUndo(history);
  const stage = createStage({ page, notify, closing, changed: () => remember(link()) });
  closing(history.listen((why) => {
    if (why !== "settle") return;
    undo.show();
    remember(link());
  }));
  Object.assign(page, { atelier: history, schema }); // for tests

  // Keys of the page, [["R", "random"], …] and {r: act}, and those that all pages have.
  function keys(list, acts) {
    const all = [...list, ["Z  Y", "undo, redo"], ["P", "stage: full screen"], ...KEYS, ["?", "this list"]];
    const { dialog, press } = createKeys(all, { ...undo.keys, p: stage.toggle, ...whole.lesson.keys, ...acts });
    listen(window, "keydown", press);
    head.actions.prepend(...undo.buttons, stage.button,
      action("keys", "Keys (?)", () => dialog.showModal()), dialog);
  }

  function listen(target, name, act, options) {
    target.addEventListener(name, act, options);
    closing(() => target.removeEventListener(name, act, options));
  }

  function frames(paint) {
    const { request, stop } = createFrames(page, paint);
    closing(stop);
    return request;
  }

  const whole = { ...bench, history, schema, link, keys, listen, frames,
    set: (query) => setAs(query, schema, history, notify),
    // `act(why)` after each change of the state, until the page closes.
    follow: (act) => closing(history.listen(act)) };
  whole.lesson = new Panel(whole);
  remember(link());
  return whole;
}

// As a link would have it that says `query` and nothing else: one step to undo.
function setAs(query, schema, history, notify) {
  const { state, problems } = readState(schema, new URLSearchParams(query), { ...history.now, ...linkedState(schema) });
  problems.forEach(notify);
  if (!sameTexts(writeState(schema, state), writeState(schema, history.now))) history.change(state);
}

// A link opens a page as it says. On coming back the page is as it was, and what the way there asks for
// is one more step.
function openHistory(key, schema, notify) {
  const before = histories.get(key);
  const { state, problems } = readState(schema, new URLSearchParams(asked()), before?.now);
  problems.forEach(notify);
  if (!before) histories.set(key, new History(state));
  else if (!sameTexts(writeState(schema, state), writeState(schema, before.now))) before.change(state);
  before?.look(null);
  return histories.get(key);
}

const sameTexts = (a, b) => Object.keys(a).every((key) => a[key] === b[key]);
