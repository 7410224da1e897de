// The state of Labels: what was labelled, what is asked next, and the map.

import { need } from "../../core/errors.js";
import { SEEDS } from "../../core/random.js";
import { choice, number, optional } from "../../io/schema.js";
import { mapNames } from "../../map/projections.js";

export const MOST = 300; // labels, so that a link stays one that can be sent

export const ASKS = [["telling", "the most telling"], ["random", "a random one"]];

export const hasClasses = ({ classes }) => classes.length > 1;

export function schema(bench) {
  const { atlas, classes, model } = bench;
  const row = number({ initial: 0, min: 0, max: atlas.n - 1, whole: true });
  return {
    labels: labelled(row, classes.length),
    skipped: { initial: [], read: (text) => listed(text, row.read), write: (rows) => rows.join(",") },
    ask: choice(ASKS.map(([key]) => key)),
    chosen: optional(row), // an example that was pressed on the map, instead of the one asked for
    seed: number({ initial: 0, min: 0, max: SEEDS - 1, whole: true }),
    map: choice(mapNames(model.code)),
  };
}

// "12.3,455.7": example 12 is of class 3, then example 455 of class 7.
function labelled(row, classes) {
  const kind = number({ initial: 0, min: 0, max: Math.max(0, classes - 1), whole: true });
  return {
    initial: [],
    read(text) {
      const labels = listed(text, (part) => {
        const words = part.split(".");
        need(words.length === 2, `“${part}” must be an example and its class, as 12.3`);
        return [row.read(words[0]), kind.read(words[1])];
      });
      need(new Set(labels.map(([i]) => i)).size === labels.length, "an example is labelled twice");
      return labels;
    },
    write: (labels) => labels.map((pair) => pair.join(".")).join(","),
  };
}

function listed(text, read) {
  const parts = text ? text.split(",") : [];
  need(parts.length <= MOST, `it has ${parts.length} entries; at most ${MOST} are read`);
  return parts.map(read);
}
