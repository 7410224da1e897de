// How reliable a direction is, in words first and in figures below them.
// How the figures are found and what they mean: vae/directions.py.

import { h, help } from "../../widgets/dom.js";

const FEW_PAIRS = 100; // below, the share of pairs in order is a rough figure

export function createReliability() {
  const reading = h("div", { class: "reading", role: "status" });
  const element = h("section", { class: "card reliability", "aria-label": "How good the direction is" },
    h("h2", {}, "Is it real?"), reading);
  return { element, show: (direction) => reading.replaceChildren(...readingOf(direction)) };
}

function readingOf(direction) {
  if (!direction?.vector) return [quiet("Choose examples to see how reliable it is.")];
  if (direction.auc === undefined) return [quiet("Measuring: each pair is left out in turn …")];
  if (direction.auc === null) {
    return [h("p", {}, "This direction came with a link, which does not say how good it is.")];
  }
  return [h("p", {}, h("strong", {}, verdict(direction))), aucOf(direction), alignmentOf(direction),
    ...caution(direction)];
}

// By chance the AUC of n against m examples is 1/2 with this standard deviation (Mann & Whitney, 1947).
const chance = (n, m) => Math.sqrt((n + m + 1) / (12 * n * m));

export function verdict({ auc, nWith, nWithout }) {
  if (auc - 0.5 < 2 * chance(nWith, nWithout)) return "No more than chance would give.";
  if (auc < 0.8) return "A weak direction: it holds for most examples, not for all.";
  return auc < 0.95 ? "A good direction, with exceptions." : "A clear direction.";
}

const aucOf = ({ auc, nWith, nWithout }) => h("p", {}, "Of two examples that it has not seen, one with " +
  `and one without, it recognises which is which in ${percent(auc)} of 100 cases. `,
help("the leave-one-out AUC", "Each pair of an example with and an example without is left out in turn; ",
  `the direction of all others should put them in order. ${auc.toFixed(3)} of the pairs are (the area `,
  `under the ROC curve); chance gives 0.5 ± ${chance(nWith, nWithout).toFixed(3)}. From ${nWith.toLocaleString("en")} examples with and `,
  `${nWithout.toLocaleString("en")} without.`));

const alignmentOf = ({ alignment, randomAlignment }) => h("p", {}, "Agreement of single pairs: " +
  `${hundredths(alignment)} (chance: ${randomAlignment < 0.005 ? "below 0.01"
    : `up to ${hundredths(randomAlignment)}`}). `,
help("the alignment", "The mean cosine between the differences “with − without” of single pairs: 1 if all ",
  "are the same arrow, 0 if they have nothing in common. The second figure is its standard deviation by ",
  "chance, for as many pairs swapped at random."));

const caution = ({ nWith, nWithout }) => (nWith * nWithout < FEW_PAIRS
  ? [quiet(`These are only ${nWith * nWithout} pairs: rough figures; add examples.`)]
  : []);

const quiet = (text) => h("p", { class: "quiet" }, text);
const percent = (share) => String(Math.round(1000 * share) / 10);
const hundredths = (v) => (Math.round(100 * v) / 100 || 0).toFixed(2).replace("-", "−"); // no −0
