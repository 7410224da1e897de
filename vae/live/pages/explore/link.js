// The page Explore as a link: which map, its colours, the filmstrip, and the code.

import { formatCode } from "../../core/codetext.js";
import { readQuery, unusual, writeQuery } from "../../io/query.js";
import { VIEWS as MAP } from "../../map/view.js";

const VIEWS = { ...MAP, film: ["off", "on"] };

// -> {view, z or null, problems: sentences}
export function readExplore(d) {
  const asked = readQuery();
  const z = asked.code("z", d, " Shown instead: the first example.");
  return { view: asked.choices(VIEWS), z, problems: asked.problems };
}

export function writeExplore(model, view, z) {
  return writeQuery({ model, ...unusual(view, VIEWS), z: formatCode(z) });
}
