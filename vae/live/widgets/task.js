// Work that takes a while: says how far it is, can be stopped, and is refused in one sentence.

import { download, h } from "./dom.js";
import { refusal } from "../core/errors.js";

export function createTask({ notify }) {
  const status = h("output", { class: "quiet" });
  const stop = h("button", { type: "button", hidden: true }, "Stop");

  // Saves what `make({signal, progress})` gives as the file `name`; `words` say what goes on.
  async function run(words, name, make) {
    const control = new AbortController();
    const progress = (share) => (status.textContent = `${words}: ${Math.round(100 * share)} %`);
    stop.onclick = () => control.abort();
    stop.hidden = false;
    try {
      download(name, await make({ signal: control.signal, progress }));
    } catch (error) {
      if (error.name !== "AbortError") notify(refusal(error));
    } finally {
      status.textContent = "";
      stop.hidden = true;
    }
  }

  return { elements: [status, stop], run };
}
