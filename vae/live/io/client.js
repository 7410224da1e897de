// What the pages ask Python. A refusal comes as {refused: sentence} and is thrown as an InputError.

import { InputError, need } from "../core/errors.js";

const GONE = "The app does not answer: is it still running? Nothing is lost; try again.";

async function ask(url, options) {
  let response;
  try {
    response = await fetch(url, options);
  } catch (error) {
    throw error.name === "AbortError" ? error : new InputError(GONE);
  }
  if (response.ok) return response;
  const { refused } = await response.json().catch(() => ({}));
  throw new InputError(refused ?? `The app could not do that (${response.status}): see its log.`);
}

export const getJson = async (url) => (await ask(url)).json();

export const getBlob = async (url) => (await ask(url)).blob();

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
