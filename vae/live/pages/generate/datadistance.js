// How far the codes of a grid lie from the data: the median distance to the nearest example's code,
// and beside it the same of codes that the encoder gives held-out examples.

import { h, help } from "../../widgets/dom.js";
import { nearest } from "../../core/blend.js";
import { row } from "../../core/latent.js";
import { sfc32 } from "../../core/random.js";
import { distanceText } from "../../widgets/format.js";

const READ = 64; // codes that give the figure

export function createDistance({ atlas, model, idle }) {
  const output = h("output", {}), { code } = model, { unit } = code;
  const element = h("p", { class: "quiet" }, output, " ", help("the distance to the data",
    "For each code of the grid the nearest code of a held-out example is looked up; the middle ",
    "one of these distances is shown", unit && ", in σ of the prior", ", and beside it the same for ",
    "codes that the encoder gives held-out examples. Further away means: less like anything it has seen."));
  let typical = null;

  function* read(codes) {
    typical ??= yield* median(atlas.mean, heldOut(atlas, code), 1);
    const now = yield* median(atlas.mean, codes.slice(0, READ), 0);
    output.removeAttribute("aria-busy");
    output.textContent = `Half of these codes lie within ${distanceText(now, unit, 2)} of an example's code; ` +
      `for the examples' own codes it is ${distanceText(typical, unit, 2)}.`;
  }

  return { element, wait: () => output.setAttribute("aria-busy", "true"),
    measure: (codes) => idle.put("distance", read(codes)) };
}

// The median distance from `codes` to the nearest of `examples` (N * D), the `skip` nearest left out,
// in pieces: an example's own code must not count as its neighbour.
function* median(examples, codes, skip) {
  const distances = [];
  for (const z of codes) {
    distances.push(nearest(examples, z, 1 + skip).distance.at(-1));
    yield;
  }
  return distances.sort((a, b) => a - b)[Math.floor(distances.length / 2)];
}

// Codes that the encoder could have given to held-out examples, one of each of some.
function heldOut({ mean, scale, n }, code) {
  const uniform = sfc32(0);
  const count = Math.min(READ, n);
  return Array.from({ length: count }, (_, at) => {
    const i = Math.floor((at * n) / count);
    return code.draw({ mean: row(mean, i, code.size), scale: row(scale, i, code.size) }, uniform);
  });
}
