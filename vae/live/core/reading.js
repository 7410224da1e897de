// What the held-out examples say of each dimension.

// Of every number of a code: `rates`, KL(q || p) averaged over the examples, in nats, or null where
// there is none; `spread`, the standard deviation of the posterior means; `order`, the most
// informative first, which are those of the largest rate, or spread; `live` and `dead`, the active and
// the other ones of the order that are no weights of a choice.
export function readDims({ mean, scale }, code) {
  const d = code.size;
  const rates = code.hasRate ? ratePerDim({ mean, scale }, code) : null;
  const spread = spreadOf(mean, d);
  const worth = rates ?? spread;
  const order = [...worth.keys()].sort((a, b) => worth[b] - worth[a]);
  const active = activeDims(spread, code), numbers = order.filter((j) => !code.isWeight[j]);
  return { rates, spread, order, live: numbers.filter((j) => active[j]),
    dead: numbers.filter((j) => !active[j]) };
}

function ratePerDim({ mean, scale }, code) {
  const d = code.size, n = mean.length / d;
  const rates = new Float64Array(d);
  for (let i = 0; i < mean.length; i += d) {
    const nats = code.ratePerDim(mean.subarray(i, i + d), scale.subarray(i, i + d));
    for (let j = 0; j < d; j++) rates[j] += nats[j] / n;
  }
  return rates;
}

function spreadOf(mean, d) {
  const n = mean.length / d;
  const first = new Float64Array(d), second = new Float64Array(d);
  for (let i = 0; i < mean.length; i++) {
    first[i % d] += mean[i] / n;
    second[i % d] += mean[i] ** 2 / n;
  }
  return first.map((m, j) => Math.sqrt(Math.max(0, second[j] - m * m)));
}

// The posterior mean varies over the data (Burda et al., 2015), whose measure is a prior of variance
// 1; without a rate codes have no size of their own, and the measure is the largest.
function activeDims(spread, { hasRate }) {
  const least = 0.01 * (hasRate ? 1 : Math.max(...spread) ** 2);
  return Array.from(spread, (s) => s * s > least);
}

const PURE = 0.8; // share of a class's examples that have one label, from which on it has its name

// The names of a choice's classes: the data's own where the model learned those; else of each the label that
// most of its examples have.
export function classNames(block, { model, atlas, classes }) {
  if (model.code.isConditional) return Array.from({ length: block.size }, (_, k) => classes[k] ?? `class ${k}`);
  return clustersOf(atlas, block).map(({ label, share }, k) =>
    (share >= PURE && classes[label]) || `class ${k}`);
}

// What the examples of each class of a choice mostly are: {label, share}, by their largest weight.
function clustersOf({ mean, label, n }, { size, of }) {
  const d = mean.length / n, counts = Array.from({ length: size }, () => new Map());
  for (let i = 0; i < n; i++) {
    const weights = of(mean.subarray(i * d, (i + 1) * d));
    const count = counts[weights.indexOf(Math.max(...weights))];
    count.set(label[i], (count.get(label[i]) ?? 0) + 1);
  }
  return counts.map((count) => {
    const [most, second] = [...count].reduce(([k, m], [l, c]) => (c > m ? [l, c] : [k, m]), [null, 0]);
    return { label: most, share: second / Math.max(1, [...count.values()].reduce((a, b) => a + b, 0)) };
  });
}

// Counts of column `j` of the codes in `bins` equal steps from -limit to limit.
export function histogram(codes, d, j, limit, bins) {
  const counts = new Uint32Array(bins);
  for (let i = j; i < codes.length; i += d) {
    const bin = Math.floor(((codes[i] + limit) / (2 * limit)) * bins);
    if (bin >= 0 && bin < bins) counts[bin]++;
  }
  return counts;
}

export function largest(codes, d) {
  const most = new Float64Array(d);
  for (let i = 0; i < codes.length; i++) most[i % d] = Math.max(most[i % d], Math.abs(codes[i]));
  return most;
}
