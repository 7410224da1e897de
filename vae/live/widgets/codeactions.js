// Where any page can take a code: to your pictures, or into Explore.

import { refusal } from "../core/errors.js";

// Whether it is among your pictures now; where there is no room, a notice says so.
export function keepCode({ yours, notify }, { name, kind, z }) {
  try {
    yours.addCode(name, kind, Float32Array.from(z));
    return true;
  } catch (error) {
    notify(refusal(error));
    return false;
  }
}

export function toExplore({ data, send, model }, z) {
  send("go", { page: "explore", model: data.model, z: model.code.text(z) });
}
