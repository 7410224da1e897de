// The numbers of each part of the machine in words.

import { stagesOf } from "../../core/machine.js";

const signed = (v) => v.toFixed(2).replace("-", "−");
const nats = (v) => (Number.isFinite(v) ? `${v.toFixed(1)} nats` : "∞ nats");

function spanOf(values) {
  let low = Infinity, high = -Infinity;
  for (const v of values) [low, high] = [Math.min(low, v), Math.max(high, v)];
  return `${values.length.toLocaleString("en")} numbers, ${signed(low)} to ${signed(high)}`;
}

const shareAbove = (values) => `${Math.round((100 * values.filter((v) => v > 0).length) / values.length)} % above 0`;

// -> {part: words} of what core/machine.js makes, with the picture `x` and the noise.
export function numbersOf({ card: { model } }, { x, noise, encoder, mean, scale, z, decoder, image, rate, distortion }) {
  const stages = (letter, layers, trace) => stagesOf(layers).map(({ last }, i) => {
    const { values } = trace[last];
    return [`${letter}${i}`, `${spanOf(values)}, ${shareAbove(values)}`];
  });
  return {
    ...Object.fromEntries([...stages("e", model.encoder, encoder), ...stages("d", model.decoder, decoder)]),
    x: spanOf(x), mean: spanOf(mean), scale: spanOf(scale), noise: spanOf(noise), code: spanOf(z), image: spanOf(image),
    rate: rate === null ? "" : nats(rate), distortion: nats(distortion), loss: nats((rate ?? 0) + distortion),
  };
}
