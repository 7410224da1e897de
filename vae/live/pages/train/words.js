// What is said of a training: how far it is, and whose turn it is.

const many = (n) => n.toLocaleString("en");
const percent = (share) => `${Math.round(100 * share)} %`;

function left({ left: seconds }) {
  if (seconds === null) return "";
  if (seconds < 5) return ", a few seconds left";
  return seconds < 90 ? `, about ${Math.round(seconds)} seconds left` : `, about ${Math.round(seconds / 60)} minutes left`;
}

export const shareOf = ({ step, steps }) => step / Math.max(steps, 1);

const PHASES = {
  reading: () => "reading the pictures",
  training: (one) => `${percent(shareOf(one))}, step ${many(one.step)} of ${many(one.steps)}${left(one)}`,
  map: ({ share }) => `laying out the map (UMAP): ${percent(share)}`,
  done: () => "writing the model",
};

const STATES = {
  training: (one) => PHASES[one.phase](one),
  waiting: waitingWords,
  paused: ({ step, steps }) => `paused at step ${many(step)} of ${many(steps)}`,
  ended: ({ why }) => why,
  done: ({ step }) => `finished after ${many(step)} steps: keep it under a name, and it opens on Explore`,
  kept: ({ kept }) => `kept as “${kept}”`,
};

// `all` are all trainings, which may be before this one.
export const stateWords = (one, all) => STATES[one.state](one, all);

// "A training by somebody else is under way: 40 %, about 3 minutes left; yours is next."
function waitingWords(one, all) {
  const now = all.find(({ state }) => state === "training");
  const before = all.filter(({ state, since }) => state === "waiting" && since < one.since).length;
  const place = before ? `number ${before + 1} in line` : "next";
  const turn = one.yours ? `yours is ${place}` : `this one is ${place}`;
  if (!now) return turn;
  const whose = now.yours ? "Another training of yours" : "A training by somebody else";
  const far = now.phase === "training" ? percent(shareOf(now)) + left(now) : PHASES[now.phase](now);
  return `${whose} is under way: ${far}; ${turn}.`;
}
