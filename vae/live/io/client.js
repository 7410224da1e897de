// What the pages ask Python. A refusal comes as {refused: sentence} and is thrown as an InputError.

import { InputError, need } from "../core/errors.js";

const GONE = "The app does not answer: is it still running? Nothing is lost; try again.";
const PATIENCE = 1500; // ms before the first look at the line, and between two looks
const VISITOR = Math.random().toString(36).slice(2);

// Where requests wait: "place" events with {ticket, place}, 3 being third in line and 0 no more.
export const lines = new EventTarget();

let requests = 0;

async function ask(url, options) {
  const ticket = `${VISITOR}.${requests++}`;
  const leave = watchPlace(url, ticket);
  try {
    return await send(url, { ...options, headers: { "X-Ticket": ticket } });
  } finally {
    leave();
  }
}

// A request that waits in no line.
async function send(url, options) {
  const response = await fetch(url, options).catch((error) => {
    throw error.name === "AbortError" ? error : new InputError(GONE);
  });
  if (response.ok) return response;
  const { refused } = await response.json().catch(() => ({}));
  throw new InputError(refused ?? `The app could not do that (${response.status}): see its log.`);
}

// Ask for the place of a request until its answer begins; returns a function that says it has.
function watchPlace(url, ticket) {
  const address = new URL(`../place/${ticket}`, new URL(url, location.href));
  const tell = (place) => lines.dispatchEvent(new CustomEvent("place", { detail: { ticket, place } }));
  let last = 0;
  let timer = setTimeout(async function look() {
    const response = await fetch(address).catch(() => null); // the request itself says what is wrong
    const { place } = response?.ok ? await response.json() : { place: last };
    if (timer === null) return;
    if (place !== last) tell(last = place);
    timer = setTimeout(look, PATIENCE);
  }, PATIENCE);
  return () => {
    clearTimeout(timer);
    timer = null;
    if (last) tell(0);
  };
}

export const getJson = async (url) => (await ask(url)).json();

export const getBlob = async (url) => (await ask(url)).blob();

// What may have changed: the server says when it has not, and then nothing is sent.
export const getFresh = (url, headers) => send(url, { cache: "no-cache", headers });

export const tell = async (url, body) => (await send(url, { method: "POST", body })).json();

export const postJson = async (url, body, signal) =>
  (await ask(url, { method: "POST", body, signal })).json();

export const postBlob = async (url, body, signal) =>
  (await ask(url, { method: "POST", body, signal })).blob();

// Objects as they come, one JSON object a line. A refusal may come late, as a line of its own.
export async function* streamLines(url, body, signal) {
  const response = await ask(url, { method: "POST", body, signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read().catch((error) => {
      throw error.name === "AbortError" ? error : new InputError(GONE);
    });
    if (done) break;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      const said = JSON.parse(line);
      need(!said.refused, said.refused);
      yield said;
    }
  }
}
