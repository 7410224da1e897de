// What sends the picture in use to the class; before, what joins it.

import { need, refusal } from "../../core/errors.js";
import { pack } from "../../state/pictures.js";
import { h } from "../../widgets/dom.js";

const LONGEST = 24; // characters of a name, as in vae/classroom.py
const NOTHING = "There is nothing to send: draw something, open a picture, or take an example.";

// Null where no class is on.
export function createSending({ bench, inUse }) {
  const { pupil } = bench;
  if (!pupil) return null;
  const status = h("p", { class: "quiet", role: "status" });
  const element = h("div", { class: "sending" });
  const say = (words) => (status.textContent = words);
  const join = createJoin(pupil, say), send = createSend(bench, inUse, say);

  function show() {
    const { room } = pupil;
    element.replaceChildren(room ? send.element : join, status);
    if (room) say(`Room ${room}: your picture and its code go to the teacher's screen when you press the button.`);
  }

  bench.closing(pupil.listen(show));
  show();
  if (pupil.room) pupil.check(pupil.room).catch((error) => say(refusal(error)));
  return element;
}

function createJoin(pupil, say) {
  const code = h("input", { type: "text", "aria-label": "Room code", placeholder: "Room code", autocomplete: "off",
    autocapitalize: "characters", maxlength: 12, required: true });
  return h("form", { class: "row", async onsubmit(event) {
    event.preventDefault();
    try {
      await pupil.join(code.value);
    } catch (error) {
      say(refusal(error));
    }
  } }, code, h("button", { class: "do-join" }, "Join the class"));
}

function createSend({ pupil, model, data }, inUse, say) {
  const name = h("input", { type: "text", "aria-label": "Your name, if you like", placeholder: "Your name, if you like",
    autocomplete: "off", maxlength: LONGEST, value: pupil.name, onchange: () => pupil.rename(name.value) });
  const button = h("button", { class: "main do-send" }, "Send to the class");

  async function send() {
    inUse.pad.stop();
    const { item } = inUse;
    need(item, NOTHING);
    pupil.rename(name.value);
    const x = pack(item.x ?? model.decode(item.z));
    const { count, most } = await pupil.send({ model: data.model, z: model.code.text(item.z), x });
    say(`Sent: ${count} of at most ${most}.`);
  }

  return { element: h("form", { class: "row", async onsubmit(event) {
    event.preventDefault();
    button.disabled = true;
    await send().catch((error) => say(refusal(error)));
    button.disabled = false;
  } }, name, button, h("button", { type: "button", class: "plain do-leave-class", onclick: () => pupil.leave() }, "Leave")) };
}
