// False alarms class by class: with one threshold for all, and with a threshold for each.

import { flagged, thresholdAt } from "../../core/detection.js";
import { h, help } from "../../widgets/dom.js";
import { percent } from "./readings.js";

const MOST = 12; // classes that there is room for

export function createClasses({ atlas: { label }, classes }) {
  const rows = classes.map((name) => createRow(name));
  const body = h("tbody", {}, ...rows.map(({ element }) => element));
  const element = h("section", { class: "card by-class", "aria-label": "By class", hidden: classes.length < 2 || classes.length > MOST },
    h("header", {}, h("h2", {}, "False alarms, class by class"), help("thresholds by class",
      "One threshold keeps its promise over all classes together: rare alarms in one make up for many in another. With a ",
      "threshold for each class, fitted to its own pictures alone, the promise holds for each. Of a new picture the class ",
      "is that of the nearest code: python -m vae anomaly fit --by-class.")),
    h("table", {}, h("thead", {}, h("tr", {}, ...["class", "one threshold", "its own", "which is"].map((text) =>
      h("th", { scope: "col" }, text)))), body));
  let parts = null, of = null;

  // For each class {fitted, checked}: sorted scores.
  function partsOf({ values, fit, rows: others }) {
    const sorted = (all, k) => Float32Array.from(all.filter((i) => label[i] === k), (i) => values[i]).sort();
    return classes.map((_, k) => ({ fitted: sorted(fit, k), checked: sorted(others, k) }));
  }

  function show(scores, threshold, rate, words) {
    if (element.hidden) return;
    if (of !== scores) parts = partsOf(scores);
    of = scores;
    parts.forEach(({ fitted, checked }, k) => {
      const enough = rate * (fitted.length + 1) >= 1;
      const own = enough ? thresholdAt(fitted, rate, scores.span[1]) : null;
      rows[k].show(flagged(checked, threshold), own === null ? null : flagged(checked, own),
        own === null ? `${fitted.length} pictures are too few` : words(own), rate);
    });
  }

  return { element, show };
}

function createRow(name) {
  const cells = Array.from({ length: 3 }, () => h("td", {}));
  const element = h("tr", {}, h("th", { scope: "row" }, name), ...cells);
  return { element, show(one, own, threshold, rate) {
    [one, own].forEach((share, i) => {
      cells[i].textContent = share === null ? "–" : percent(share);
      cells[i].style.setProperty("--share", Math.min(1, (share ?? 0) / Math.max(3 * rate, 1e-6)));
    });
    cells[2].textContent = threshold;
  } };
}
