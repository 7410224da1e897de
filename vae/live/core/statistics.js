// Of some numbers.

export const average = (values) => values.reduce((sum, v) => sum + v, 0) / values.length;

// The standard deviation, with n and not n − 1 below.
export function deviation(values) {
  const mean = average(values);
  return Math.sqrt(average(values.map((v) => (v - mean) ** 2)));
}
