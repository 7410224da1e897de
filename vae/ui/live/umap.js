// The form that asks Python for another UMAP, and what it says while that is made.

import { h } from "./dom.js";
import { createInput } from "./form.js";

// `spec`: {fields: [{name, help, default, min, max, choices}], job: {state, share, message} | null}
export function createUmapForm(spec, send) {
  const inputs = spec.fields.map((field) => createInput(field));
  const status = h("p", { class: "quiet", role: "status" });
  const bar = h("progress", { max: 1, hidden: true });
  const run = h("button", { type: "submit" }, "Make this map");
  const cancel = h("button", { type: "button", hidden: true,
    onclick: () => send({ act: "cancel" }) }, "Cancel");
  const reset = h("button", { type: "button", hidden: true,
    onclick: () => send({ act: "reset" }) }, "Back to the shipped map");
  const form = h("form", { onsubmit: (event) => {
    event.preventDefault();
    send({ act: "run", settings: Object.fromEntries(inputs.map((i) => [i.name, i.read()])) });
  } }, ...inputs.map((i) => i.element), h("div", { class: "row" }, run, cancel, reset), bar, status);
  const element = h("details", { class: "umap" }, h("summary", {}, "new UMAP"), form);

  return {
    element,
    update({ job, coordinates }) {
      const busy = job?.state === "running";
      run.disabled = busy;
      cancel.hidden = !busy;
      reset.hidden = busy || !coordinates;
      bar.hidden = !busy;
      if (busy && job.share > 0) bar.value = job.share;
      else bar.removeAttribute("value");
      status.textContent = job?.message ?? "";
    },
  };
}
