// What phones and the teacher's page say to the class, and what the teacher's hears of it. `at` is {root}, where
// the app is.

import { getBlob, getJson, postJson } from "./client.js";

const of = ({ root }, what, code) => `${root}/${what}/${encodeURIComponent(code)}`;

// Refused where there is no such room.
export const askForRoom = (at, code) => getJson(of(at, "room", code));

// `picture` {pupil, name, model, z, x} -> {count, most}
export const sendPicture = (at, code, picture) => postJson(of(at, "room-pictures", code), JSON.stringify(picture));

// `prediction` {pupil, lesson, step, value}
export const sendPrediction = (at, code, prediction) =>
  postJson(of(at, "room-predictions", code), JSON.stringify(prediction));

// Of the teacher: `asked` {act, ids, opens}.
export const actOn = ({ root }, asked) => postJson(`${root}/room-acts`, JSON.stringify(asked));

export const roomFile = ({ root }) => getBlob(`${root}/room-file`);

// `hear(event)` gets what is in the room and each change of it, `lose(isLost)` whether the app cannot be heard; while
// the page is in view, for a browser keeps no more than six connections to one app, over all its tabs.
export function hearRoom({ root }, hear, lose) {
  let events = null;

  function open() {
    events = new EventSource(`${root}/room-events`);
    events.onmessage = ({ data }) => hear(JSON.parse(data));
    events.onopen = () => lose(false);
    events.onerror = () => lose(true); // the browser tries again
  }

  function follow() {
    events?.close();
    if (!document.hidden) open();
  }

  document.addEventListener("visibilitychange", follow);
  follow();
}
