// What the threshold promises, what it gets, and what it misses.

import { flagged, promised } from "../../core/detection.js";
import { h, help } from "../../widgets/dom.js";

export const percent = (share) => `${(100 * share).toFixed(share < 0.1 ? 2 : 1)} %`;

export function createReadings() {
  const promise = h("output", {}), got = h("output", {}), missed = h("output", {});
  const words = h("p", { class: "quiet", role: "status" });
  const cells = Array.from({ length: 4 }, () => h("td", {}));
  const kind = h("th", { scope: "row" });
  const element = h("div", { class: "readings" },
    h("dl", {},
      h("dt", {}, "False alarms promised, at most ", help("this promise", "Split-conformal: of n normal pictures ",
        "that the threshold is fitted to and one more from the same source, any order is equally probable. So the ",
        "chance that the new one is above the threshold is at most (1 + those above it) / (n + 1), whatever the ",
        "score. It is a mean over such fits: another fit gets a little more or less.")), h("dd", {}, promise),
      h("dt", {}, "got, on other held-out pictures"), h("dd", {}, got),
      h("dt", {}, "Others missed"), h("dd", {}, missed)),
    h("table", { class: "confusion" },
      h("thead", {}, h("tr", {}, h("td", {}), h("th", { scope: "col" }, "flagged"), h("th", { scope: "col" }, "not"))),
      h("tbody", {}, h("tr", {}, h("th", { scope: "row" }, "held-out pictures"), cells[0], cells[1]),
        h("tr", {}, kind, cells[2], cells[3]))),
    words);

  // -> {alarms, found}: the shares flagged of other held-out pictures and of the others.
  function show({ fitted, checked, others }, threshold, rate, title) {
    const alarms = flagged(checked, threshold), found = flagged(others, threshold);
    const error = Math.sqrt((alarms * (1 - alarms)) / checked.length);
    const at = promised(fitted, threshold), finest = 1 / (fitted.length + 1);
    promise.textContent = percent(at);
    got.textContent = `${percent(alarms)} ± ${(100 * error).toFixed(2)} %`;
    missed.textContent = percent(1 - found);
    kind.textContent = title;
    [[checked, alarms], [others, found]].forEach(([all, share], i) => {
      const n = Math.round(share * all.length);
      cells[2 * i].textContent = n.toLocaleString("en");
      cells[2 * i + 1].textContent = (all.length - n).toLocaleString("en");
    });
    const n = fitted.length.toLocaleString("en"), varies = Math.sqrt((at * (1 - at)) / (fitted.length + 2));
    words.textContent = rate < finest - 1e-9 ? `${n} pictures promise ${percent(finest)} at best.`
      : `Fitted to other ${n} pictures, the rate that is got would vary by ± ${percent(varies)}.`;
    return { alarms, found };
  }

  return { element, show };
}
