// The state of Models: which part is shown.

import { choice } from "../../io/schema.js";

export const PARTS = { cards: "Cards" };

export const schema = () => ({ part: choice(Object.keys(PARTS)) });
