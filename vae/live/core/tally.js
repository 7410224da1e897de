// How often a class predicted each answer of a question {choices, number}; `counts` are [[value, count], …].

const BINS = 6; // of a question whose answer is a number

// [{words, count, holds(value)}, …]: for each choice, or for ranges of the number; at the end who had no idea. `words` are nodes, as in a lesson.
export function tally({ choices, number }, counts) {
  const answers = number ? ranges(number) : choices.map(({ words }, k) => ({ words, holds: (v) => v === k }));
  const rows = [...answers, { words: ["no idea"], holds: (v) => v === null }];
  return rows.map((row) => ({ ...row, count: sum(counts.filter(([v]) => row.holds(v))) }));
}

export const sum = (counts) => counts.reduce((total, [, n]) => total + n, 0);

function ranges({ min, max, unit }) {
  const edge = (i) => min + ((max - min) * i) / BINS, text = (v) => String(Number(v.toPrecision(3)));
  return Array.from({ length: BINS }, (_, i) => ({ words: [`${text(edge(i))} to ${text(edge(i + 1))} ${unit}`],
    holds: (v) => v !== null && binOf(v, min, max) === i }));
}

const binOf = (v, min, max) => Math.min(BINS - 1, Math.max(0, Math.floor((BINS * (v - min)) / (max - min))));
