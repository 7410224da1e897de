// How typical a code is of a model's prior, in words that are true for this model.

import { percentile } from "./format.js";

// Shares of the prior's codes that are more probable.
const FAR = 0.99, FARTHEST = 0.999, MIDDLE = 0.001;
const MANY = 8; // dimensions from which on almost all codes lie at about the same distance

// -> {about: what the reading means, read(z) -> {words}}
export function typicalityOf(code) {
  const { about, say } = code.radius ? ofRadius(code) : code.hasRate ? ofDensity(code) : WITHOUT;
  return { about, read: (z) => ({ words: say(code.typicality(z), z) }) };
}

// Under N(0, I) the codes nearer to the origin are the more probable ones.
function ofRadius({ size, prior, radius }) {
  const many = size >= MANY;
  return {
    about: [many ? "The prior puts almost all codes at about the same distance ‖z‖ from the origin. " : "",
      `The percentile is the share of codes drawn from the prior, ${prior.term}, that lie nearer to the `,
      "origin than yours", many ? "; examples lie a little nearer than most, as posterior means do." : "."],
    say: (share, z) => `${nearWords(share, many)} (‖z‖ = ${radius(z).toFixed(2)}, ` +
      `${percentile(share)} percentile)`,
  };
}

function nearWords(share, many) {
  if (share > FARTHEST) return "Far outside: the prior hardly ever reaches here";
  if (share > FAR) return "Far out for the prior";
  if (share >= MIDDLE) return "A typical distance from the origin";
  return many ? "Close to the origin: more an average than a picture" : "Close to the origin";
}

function ofDensity({ prior }) {
  return {
    about: [`The share of codes drawn from the prior, ${prior.term}, that are more probable under it `,
      "than yours, counted among 10,000 of them."],
    say: (share) => `${probableWords(share)} (${percentile(share)} percentile)`,
  };
}

function probableWords(share) {
  if (share > FARTHEST) return "Far outside: less probable than almost all of the prior's own codes";
  if (share > FAR) return "Far out for the prior";
  return "As probable as codes of the prior are";
}

const WITHOUT = {
  about: ["The encoder answers with a point, not with a distribution: nothing says which codes are ",
    "typical. How near the examples are says more."],
  say: () => "This model gives no density of codes.",
};
