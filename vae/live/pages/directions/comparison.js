// A direction as a difference of means: the mean code of the examples that have something, minus the
// mean code of those that lack it. How good it is comes a moment later, from a worker.
//
// A direction is {vector, means, x, y}, and measured also {auc, alignment, …}; without a vector it is
// {words}, which say why. `x` and `y` are the codes with and without, row after row.

import { refusal } from "../../core/errors.js";
import { createMeasure } from "../../io/reliability.js";
import { stacked } from "../../core/latent.js";
import { meanOf, rowsOf } from "../../core/moments.js";

export const FEWEST = 3; // examples on either side: see vae/directions.py

// `measured(direction)` is told when it has been measured.
export function createComparison({ atlas, model }, measured) {
  const d = model.latent;
  const measure = createMeasure();
  const byClasses = new Map(); // pair of classes -> their direction
  let byHand = null; // as long as the examples are the same, the direction is

  const MODES = {
    classes({ withClass, withoutClass }) {
      const key = `${withClass} ${withoutClass}`;
      if (!byClasses.has(key)) byClasses.set(key, compared(classCodes(withClass), classCodes(withoutClass), d));
      return byClasses.get(key);
    },
    hand(state) {
      const [x, y] = [state.with, state.without].map((items) => stacked(items.map(({ z }) => z), d));
      if (!byHand || !same(byHand.x, x) || !same(byHand.y, y)) byHand = compared(x, y, d);
      return byHand;
    },
    file: ({ loaded }) => loaded,
  };

  const classCodes = (k) => rowsOf(atlas.mean, atlas.label, k, d);

  // The direction of a state of the page, or null.
  function of(state) {
    const direction = MODES[state.mode](state);
    if (direction?.vector && direction.auc === undefined && !direction.asked) ask(direction);
    return direction;
  }

  async function ask(direction) {
    direction.asked = true;
    try {
      Object.assign(direction, await measure.of(direction.x, direction.y, d));
    } catch (error) {
      Object.assign(direction, { vector: null, words: refusal(error) });
    }
    measured(direction);
  }

  return { of, stop: measure.stop };
}

function compared(x, y, d) {
  const words = tooFew(x.length / d, y.length / d);
  if (words) return { x, y, words };
  const means = [x, y].map((rows) => meanOf(rows, d));
  return { x, y, means, vector: means[0].map((v, j) => v - means[1][j]) };
}

function tooFew(nWith, nWithout) {
  const more = [[nWith, "with"], [nWithout, "without"]].filter(([n]) => n < FEWEST)
    .map(([n, side]) => `${FEWEST - n} more ${side}`);
  return more.length ? `A direction needs at least ${FEWEST} examples with and ${FEWEST} without: ` +
    `${more.join(" and ")}.` : null;
}

const same = (a, b) => a.length === b.length && a.every((v, i) => v === b[i]);
