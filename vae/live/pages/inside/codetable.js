// mu, sigma, epsilon and z of each dimension, side by side; epsilon is a slider.

import { h } from "../../widgets/dom.js";
import { MOST } from "./schema.js";

const COLUMNS = { mean: "μ", scale: "σ", noise: "ε", code: "z" };

export function createCodeTable({ model: { code }, history }, noiseNow) {
  const columns = Object.keys(COLUMNS).filter((part) => code.hasRate || ["mean", "code"].includes(part));
  const rows = code.names.map((name, j) => createRow(name, columns, {
    move(v) {
      const noise = [...noiseNow()];
      noise[j] = v;
      history.move({ noise });
    },
    settle: () => history.settle(),
  }));
  const element = h("div", { class: "code-table", style: `--columns: ${columns.length}` }, h("span", {}),
    ...columns.map((part) => h("strong", { "data-part": part }, COLUMNS[part])), ...rows.flatMap(({ cells }) => cells));

  function show({ mean, scale, z }, noise) {
    const most = Math.max(3, ...mean.map(Math.abs), ...z.map(Math.abs));
    rows.forEach((row, j) => row.show({ mean: mean[j] / most, scale: scale[j] / 2, code: z[j] / most }, noise[j],
      `${mean[j].toFixed(2)}, σ ${scale[j].toFixed(2)}, z ${z[j].toFixed(2)}`));
  }

  return { element, show };
}

function createRow(name, columns, { move, settle }) {
  const input = h("input", { type: "range", min: -MOST, max: MOST, step: 0.01, "aria-label": `ε of ${name}`,
    oninput: () => move(input.valueAsNumber), onchange: settle });
  const bars = Object.fromEntries(columns.filter((part) => part !== "noise").map((part) => [part, h("i", { "aria-hidden": "true" })]));
  const cells = [h("span", { class: "name" }, name), ...columns.map((part) =>
    h("span", { "data-part": part, class: "cell" }, part === "noise" ? input : bars[part]))];

  function show(shares, noise, words) {
    for (const [part, bar] of Object.entries(bars)) {
      const share = Math.min(1, Math.max(-1, shares[part]));
      bar.style.width = `${50 * Math.abs(share)}%`;
      bar.style.left = `${share < 0 ? 50 - 50 * -share : 50}%`;
    }
    input.value = noise;
    cells[0].title = words;
  }

  return { cells, show };
}
