// All models that the app knows, as the page's parts read them: by their cards, and opened when they are
// looked at. An entry is {name, title, files, bytes, card, macs}, or has `why` in a sentence instead of a card.

import { readCard } from "../../core/card.js";
import { layoutOf } from "../../core/code.js";
import { InputError, need } from "../../core/errors.js";
import { macsOf } from "../../core/macs.js";
import { openModel } from "../../state/models.js";

// `data.models` is Python's list of them.
export const load = async ({ models }) => ({ catalogue: await Promise.all(models.map(entryOf)) });

async function entryOf(listed) {
  try {
    const response = await fetch(listed.files["bundle.json"]);
    need(response.ok, `its card could not be loaded (${response.status}).`);
    const card = readCard(await response.json());
    return { ...listed, card, macs: countsOf(card) };
  } catch (error) {
    return { ...listed, why: whyNot(listed, error) };
  }
}

function countsOf({ code, model: { image, encoder, decoder } }) {
  return { encoder: macsOf(encoder, image), decoder: macsOf(decoder, [layoutOf(code).size]) };
}

// Whatever is wrong with one model, the others go on.
function whyNot({ title }, error) {
  if (!(error instanceof InputError)) console.error(error);
  return `The model “${title}” cannot be shown: ${error.message.replace(/\.?$/, ".")}`;
}

// What the model of an entry is for pages (state/models.js), or {why}.
export async function openEntry(entry) {
  if (entry.why) return { why: entry.why };
  try {
    return await openModel(entry.files);
  } catch (error) {
    return { why: whyNot(entry, error) };
  }
}
