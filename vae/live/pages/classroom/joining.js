// How phones join: the QR code, the address and the room code, large; and what opens on them.

import { refusal } from "../../core/errors.js";
import { h } from "../../widgets/dom.js";

const YOURS = "";

export function createJoining(bench) {
  const { room, data, notify } = bench, { code, address, qr } = data.classroom.teacher;
  const opens = h("select", { "aria-label": "Phones open", onchange: choose }, h("option", { value: YOURS }, "Your image"));
  const status = h("p", { class: "quiet", role: "status" });
  const element = h("div", { class: "joining" },
    h("img", { src: qr, alt: `QR code of ${address}`, class: "qr" }),
    h("div", { class: "code-of-room" }, "Room ", h("strong", {}, code)),
    h("div", { class: "address" }, address.replace(/^https?:\/\//, "")),
    h("label", { class: "choice" }, h("span", { class: "quiet" }, "phones open"), opens),
    h("p", { class: "quiet" }, "Everyone in this network who has this address can send. Only what they send is kept, " +
      "in this computer's memory, until you clear the room, end the class or stop the app."), status);
  let lessons = [], isAsked = false; // whether phones were once led to the model of this page

  async function choose() {
    const lesson = lessons.find(({ key }) => key === opens.value), [first] = lesson?.steps ?? [];
    const wanted = lesson ? { page: first.page, model: first.model, lesson: `${lesson.key}.1` }
      : { page: "yours", model: data.model };
    await room.act("open", { opens: wanted }).catch((error) => notify(refusal(error)));
  }

  async function offerLessons() {
    ({ lessons } = await bench.lesson.course());
    opens.append(...lessons.map(({ key, title }) => h("option", { value: key }, `Lesson ${key}: ${title}`)));
    show();
  }

  // Phones that open Your image open it with the model of this page.
  function show() {
    const { said } = room;
    if (!said) return;
    const lesson = said.opens.lesson?.split(".")[0] ?? YOURS;
    opens.value = lesson;
    if (!isAsked && lesson === YOURS && said.opens.model !== data.model && !said.over) choose();
    isAsked = true;
    status.textContent = wordsOf(room);
  }

  offerLessons().catch((error) => notify(refusal(error)));
  return { element, show };
}

const many = (n, one, more = `${one}s`) => `${n} ${n === 1 ? one : more}`;

function wordsOf({ said, isLost }) {
  if (said.over) return "The class is over: nothing can be sent any more, and nothing is kept of it.";
  if (isLost) return "The app does not answer; what was sent before is still shown.";
  const windows = said.teachers > 1 ? " This page is open in another window too: what is done in one is done in both." : "";
  return `${many(said.pupils, "pupil has", "pupils have")} sent ${many(said.order.length, "picture")}.${windows}`;
}
