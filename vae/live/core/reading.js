// What the held-out examples say of each dimension.

// KL(q || p) of each dimension, averaged over the codes, in nats: (D).
export function ratePerDim({ mean, scale }, d) {
  const rates = new Float64Array(d);
  const n = mean.length / d;
  for (let i = 0; i < mean.length; i++) {
    const [m2, s2] = [mean[i] ** 2, scale[i] ** 2];
    rates[i % d] += (m2 + s2 - 1 - Math.log(s2)) / (2 * n);
  }
  return rates;
}

// Which dimensions are active: the posterior mean varies over the data (Burda et al., 2015).
export function activeDims(mean, d) {
  const n = mean.length / d;
  const first = new Float64Array(d), second = new Float64Array(d);
  for (let i = 0; i < mean.length; i++) {
    first[i % d] += mean[i] / n;
    second[i % d] += mean[i] ** 2 / n;
  }
  return Array.from(first, (m, j) => second[j] - m * m > 0.01);
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
