// The map: examples as points, the current code as a marker with a fading trail.

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
import { Status } from "./status.js";

export const createMap = (parts) => new LatentMap(parts);

// Which map is shown, and its colours, are in the page's state (see view.js); `show()` follows it.
// `code` is what the map leads to: {z: the current code, look(z or null), go(picture)};
// null makes a map to look at. `tones()`, where it is given, says what colours the points have, as
// `toneOf` does, in place of what is known of the examples, of which nothing is shown then.
class LatentMap {
  #drawn = { map: null, colour: null }; // the state that is shown

  constructor({ bench, code = null, umapForm = null, tones = null }) {
    Object.assign(this, { bench, tones });
    this.#createStage(code !== null);
    this.#createContent();
    const { scene, layout, legend, status, colourings } = this, leads = code !== null;
    const { camera, element: stage } = scene;
    this.navigation = createNavigation({ stage, camera, moved: scene.redraw,
      lead: code && createLead({ bench, layout, legend, camera, code, say: (place) => status.say(place) }) });
    this.frame = createFrame({ bench, colourings, leads, stage, legend, umapForm,
      fit: this.navigation.fit });
    this.element = this.frame.element;
    bench.onTheme(() => this.recolour());
    bench.closing(() => [status.stop(), layout.stop(), scene.destroy()]);
    this.show();
  }

  #createStage(leads) {
    const { bench } = this, { page, model, atlas } = bench;
    this.carpet = mapNames(model.code).includes("codes") ? createCarpet(model) : null;
    this.scene = createScene({ page, carpet: this.carpet, leads, moved: () => this.navigation.place() });
    this.layout = createLayout({ atlas, camera: this.scene.camera, changed: () => this.#follow() });
    this.status = new Status({ bench, layout: this.layout, stage: this.scene.element, leads,
      map: () => this.#drawn.map });
  }

  #createContent() {
    const { bench, layout, carpet, tones } = this, classes = tones ? [] : bench.classes;
    this.colourings = tones ? [] : colouringsOf(bench);
    this.legend = createLegend({ page: bench.page, classes, change: () => this.#refresh() });
    this.content = createContent({ bench, colourings: this.colourings, layout, legend: this.legend, carpet,
      classes, tones });
  }

  show() {
    const { map, colour } = this.bench.history.now, before = this.#drawn;
    this.#drawn = { map, colour };
    if (colour !== before.colour) this.recolour();
    if (map !== before.map) this.#glide();
    this.frame.show(this.#drawn);
    this.status.say();
  }

  #glide() {
    this.scene.trail.forget();
    this.layout.show(this.#drawn.map);
  }

  // Also when the theme is another.
  recolour() {
    this.scene.forgetTheme();
    this.frame.showBar(this.content.colour(this.#drawn.colour));
    this.#refresh();
  }

  #refresh() {
    if (this.layout.places) this.scene.show(this.content.read());
  }

  #follow() {
    this.#refresh();
    if (this.layout.arrived && this.status.shown) this.mark(this.status.shown, true);
  }

  // Follow the current code. `jump` starts a new trail.
  mark(z, jump = false) {
    if (this.layout.arrived) this.scene.trail.mark(this.layout.place(z), jump);
    this.status.show(z);
  }

  // {pins: [{z, word}], lines: [{codes, colour}]}
  overlay(more) {
    this.content.mark(more);
    this.#refresh();
  }

  setUmap(coordinates) {
    this.layout.replace("umap", umapProjection(this.bench.atlas.mean, coordinates));
    if (this.#drawn.map === "umap") this.#glide();
  }
}
