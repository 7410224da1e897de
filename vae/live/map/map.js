// The map: held-out codes as points, the current code as a marker with a fading trail.

import { umapProjection } from "../core/projection.js";
import { createLegend } from "../widgets/legend.js";
import { colouringsOf } from "./colouring.js";
import { createCarpet } from "./carpet.js";
import { createContent } from "./content.js";
import { createFrame } from "./frame.js";
import { createLayout } from "./layout.js";
import { createLead } from "./lead.js";
import { createNavigation } from "./navigation.js";
import { mapNames } from "./projections.js";
import { createScene } from "./scene.js";
import { describe } from "./words.js";

const REST = 200; // ms without a move after which the map says in words where the code lies

// Which map is shown, and its colours, stand in the page's state (see view.js); `show()` follows it.
// `code` is what the map leads to: {z: the code that one stands at, look(z or null), go(picture)};
// null makes a map to look at.
export function createMap({ bench, code = null, umapForm = null }) {
  const { page, model, atlas, classes, history } = bench, colourings = colouringsOf(bench);
  const carpet = mapNames(model.code).includes("codes") ? createCarpet(model) : null;
  const drawn = { map: null, colour: null };
  let shown = null, resting = 0; // the current code

  const scene = createScene({ page, carpet, leads: code !== null, moved: () => navigation.place() });
  const { camera, trail, element: stage } = scene;
  const layout = createLayout({ atlas, camera, changed: follow });
  const legend = createLegend({ page, classes, change: refresh });
  const content = createContent({ bench, colourings, layout, legend, carpet });
  const navigation = createNavigation({ stage, camera, moved: scene.redraw,
    lead: code && createLead({ bench, layout, legend, camera, code, say }) });
  const frame = createFrame({ bench, colourings, leads: code !== null, stage, legend, umapForm,
    fit: navigation.fit });

  function show() {
    const { map, colour } = history.now, before = { ...drawn };
    Object.assign(drawn, { map, colour });
    if (colour !== before.colour) recolour();
    if (map !== before.map) glide();
    frame.show(drawn);
    say();
  }

  function glide() {
    trail.forget();
    layout.show(drawn.map);
  }

  // Also when the theme is another.
  function recolour() {
    scene.forgetTheme();
    frame.showBar(content.colour(drawn.colour));
    refresh();
  }

  function refresh() {
    if (layout.places) scene.show(content.read());
  }

  function follow() {
    refresh();
    if (layout.arrived && shown) mark(shown, true);
  }

  // Follow the current code. `jump` starts a new trail.
  function mark(z, jump = false) {
    shown = z;
    if (layout.arrived) trail.mark(layout.place(z), jump);
    clearTimeout(resting);
    resting = setTimeout(say, REST);
  }

  function say(pointed = null) {
    clearTimeout(resting);
    stage.setAttribute("aria-label", describe({ bench, layout, map: drawn.map, shown, pointed,
      leads: code !== null }));
  }

  bench.onTheme(recolour);
  bench.closing(() => [clearTimeout(resting), layout.stop(), scene.destroy()]);
  show();
  return {
    element: frame.element, mark, show,
    // {pins: [{z, word}], lines: [{codes, colour}]}
    overlay: (more) => [content.mark(more), refresh()],
    setUmap(coordinates) {
      layout.replace("umap", umapProjection(atlas.mean, coordinates));
      if (drawn.map === "umap") glide();
    },
  };
}
