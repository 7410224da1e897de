// Numbers as people read them.

// A distance between codes, which has a unit where it counts the prior's σ.
export const distanceText = (r, unit, digits = r < 1 ? 2 : 1) =>
  `${r.toFixed(digits)}${unit && ` ${unit}`}`;

export function percentile(share) {
  const p = 100 * share;
  if (p > 99.9) return "> 99.9th";
  if (p < 0.1) return "< 0.1st";
  const n = Math.round(p);
  const ending = n % 100 > 10 && n % 100 < 14 ? "th" : { 1: "st", 2: "nd", 3: "rd" }[n % 10] ?? "th";
  return `${n}${ending}`;
}

export const percent = (share) => `${(100 * share).toFixed(0)} %`;
