// The state of the page Train: what is to be trained on, what is set otherwise than to begin with, and which
// training is looked at. The fields of settings are Python's: what a link asks for that is none is refused there.

import { need } from "../../core/errors.js";
import { optional, words } from "../../io/schema.js";

const PAIR = /^([a-z_]{1,40}):(-?[\w.+-]{1,40})$/, MOST = 40;

// {latent: 2, net: "conv"} as "latent:2,net:conv".
const settings = {
  initial: {},
  read(text) {
    const parts = text ? text.split(",") : [];
    need(parts.length <= MOST && parts.every((part) => PAIR.test(part)), `“${text}” must be name:value, with commas between`);
    return Object.fromEntries(parts.map((part) => part.match(PAIR).slice(1)).map(([name, value]) => [name, valueOf(value)]));
  },
  write: (values) => Object.entries(values).map((pair) => pair.join(":")).join(","),
};

function valueOf(text) {
  if (text === "true" || text === "false") return text === "true";
  return Number.isFinite(Number(text)) ? Number(text) : text;
}

export const schema = () => ({
  data: words(64, "digits"),
  settings,
  title: words(80),
  training: optional(words(40)),
});
