// What the doctor says of a model: each finding with what was measured, why it matters and what to try.

import { refusal } from "../../core/errors.js";
import { postJson } from "../../io/client.js";
import { h } from "../../widgets/dom.js";

const WORTH = ["error", "warning", "note"]; // the worst first; all else is fine, or could not be measured

// A fold that asks when it is opened first.
export function createDoctor(bench, name) {
  const content = h("div", { class: "findings" }, h("p", { class: "quiet" }, "Examining the model …"));
  let asked = false;
  return h("details", { class: "doctor", ontoggle: (event) => {
    if (!event.target.open || asked) return;
    asked = true;
    examine(bench, name).then((rows) => content.replaceChildren(...rows));
  } }, h("summary", {}, "What the doctor says"), content);
}

async function examine(bench, name) {
  try {
    return rowsOf(await postJson(bench.ask("doctor", name)));
  } catch (error) {
    return [h("p", {}, refusal(error))];
  }
}

function rowsOf({ findings }) {
  const worth = WORTH.flatMap((severity) => findings.filter((one) => one.severity === severity));
  const fine = findings.filter(({ severity }) => severity === "fine"), skipped = findings.filter(({ severity }) => severity === "skipped");
  return [...worth.map(createFinding), worth.length ? null : h("p", {}, "Nothing is wrong with it."),
    createRest("fine", fine), createRest("not measured", skipped)].filter(Boolean);
}

const createFinding = ({ check, severity, measured, why, advice }) => h("section", { class: `finding ${severity}`, "aria-label": check },
  h("p", {}, h("strong", {}, `${severity}: ${check}`), ` ${measured}`),
  h("p", { class: "quiet" }, `Why it matters: ${why}`), h("p", { class: "quiet" }, `What to try: ${advice}`));

const createRest = (words, findings) => (findings.length
  ? h("p", { class: "quiet" }, `${findings.length} ${words}: ${findings.map(({ check, measured }) => `${check} (${measured})`).join(", ")}.`)
  : null);
