// The map: held-out codes as points, the current code as a marker with a fading trail.
//
// Plotly draws the points. Above them lie the class names on one canvas, which is still, and the trail
// and the marker on another, which moves with the hand at every frame. The axes' ranges and margins
// are ours, so that a place on the screen and a place on the map are one linear step apart.

import { calm, h, help, select } from "../widgets/dom.js";
import { icon } from "../widgets/icons.js";
import { nearest } from "../core/blend.js";
import { pcaProjection, umapProjection } from "../core/projection.js";
import { exampleOf } from "../core/origins.js";
import { asCss, asPlotly, classColour, isDark, scale } from "../widgets/palette.js";

const TRAIL = 40; // places
const GLIDE = 600; // ms
const SNAP = 8; // px: a click this near to a point means the point
const STILL = 5; // px: a press that moves less is a click
const EDGE = { l: 10, r: 10, t: 10, b: 28 };

const COLOURS = {
  class: { label: "class" },
  uncertainty: {
    label: "posterior uncertainty",
    unit: "mean σ of the posterior",
    of: ({ scale, n }, d) => perRow(n, (i) => mean(scale.subarray(i * d, (i + 1) * d))),
  },
  distance: {
    label: "distance from the origin",
    unit: "‖μ‖ in σ of the prior",
    of: (atlas, d) => perRow(atlas.n, (i) => Math.hypot(...atlas.mean.subarray(i * d, (i + 1) * d))),
  },
  error: {
    label: "reconstruction error",
    unit: "−log p(x|z) in nats",
    of: ({ distortion }) => distortion,
  },
};

const perRow = (n, f) => Float32Array.from({ length: n }, (_, i) => f(i));
const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

// `follow: false` makes a map to look at: it shows the code but does not lead to others.
// `code` is the picture in use; which map is shown, and its colours, stand in the page's state.
export function createMap({ bench, code, quality, umapForm, leads = true }) {
  const { model, atlas, classes, history } = bench;
  const d = model.latent;
  let view = { map: history.now.map, colour: history.now.colour }; // as it is drawn
  const projections = {
    umap: umapProjection(atlas.mean, atlas.umap),
    pca: pcaProjection(atlas.mean, atlas.pca),
  };
  const groups = groupRows(atlas.label, Math.max(classes.length, 1));
  const hidden = new Set();
  const trail = [];
  let Plotly = null;
  let points = Float32Array.from(projections[view.map].coordinates); // where they are drawn now
  let range = null; // {x: [from, to], y: [from, to]}
  let gliding = 0;
  let anchors = null; // where each class's name stands: found once for each layout of the points
  let colours = null; // of the theme, read once for each theme
  let trailed = false; // whether a trail is on the canvas
  let marks = { pins: [], lines: [] }; // what else a page shows, in codes

  const plot = h("div", { class: "plot" });
  const still = h("canvas", { class: "overlay", "aria-hidden": "true" });
  const moving = h("canvas", { class: "overlay", "aria-hidden": "true" });
  const marker = h("i", { class: "marker", "aria-hidden": "true", hidden: true });
  const waiting = h("p", { class: "waiting quiet" }, "Drawing the map …");
  const stage = h("div", { class: leads ? "stage leads" : "stage", role: "img", "aria-label": describe() },
    plot, still, moving, marker, waiting);
  let size = { width: 1, height: 1 }; // of the stage: asking the page in a frame would lay it out
  const axes = h("span", { class: "quiet axes" });
  const legend = h("div", { class: "legend" });
  const projection = select("map", [["umap", "UMAP"], ["pca", "PCA"]], view.map,
    (map) => history.change({ map }));
  const choices = Object.entries(COLOURS).map(([key, { label }]) => [key, label]);
  const colour = select("colour", choices, view.colour, (colour) => history.change({ colour }));
  const fit = h("button", { type: "button", class: "action", title: "Show the whole map",
    "aria-label": "Show the whole map", onclick: showAll }, icon("fit"));
  const element = h("section", { class: "card map", "aria-label": "Map of the latent space" },
    h("header", {}, projection, colour, fit, umapForm ?? null, help("the map",
      "Each point is a held-out example, placed so that similar codes lie together. ",
      leads ? "Hover to see what the model would draw there, click to go there; " : "",
      "scroll to zoom, drag to pan. ",
      "UMAP has no exact way back: the code of a place is a weighted mean of the codes around it. ",
      quality)),
    stage, h("footer", {}, legend, axes));

  const toPixel = ([x, y]) => [
    EDGE.l + ((x - range.x[0]) / (range.x[1] - range.x[0])) * inner().width,
    EDGE.t + ((range.y[1] - y) / (range.y[1] - range.y[0])) * inner().height,
  ];
  const toPlace = ([px, py]) => [
    range.x[0] + ((px - EDGE.l) / inner().width) * (range.x[1] - range.x[0]),
    range.y[1] - ((py - EDGE.t) / inner().height) * (range.y[1] - range.y[0]),
  ];
  const inner = () => ({
    width: Math.max(size.width - EDGE.l - EDGE.r, 1),
    height: Math.max(size.height - EDGE.t - EDGE.b, 1),
  });

  // Plotly is large, so the rest of the page does not wait for it; a map behind a tab waits until
  // it is seen, because nothing can be drawn without a size.
  async function draw() {
    const [library] = await Promise.all([seen.then(bench.plotly), seen]);
    Plotly = library;
    recolour(); // the legend takes its place before the points take theirs
    await create();
    waiting.remove();
    mark(code.shown, true);
  }

  // Anew for each size of the stage: scattergl keeps drawing into a viewport of the old one.
  async function create() {
    const { clientWidth: width, clientHeight: height } = stage;
    size = { width, height };
    range = around(points, inner());
    const options = { displayModeBar: false, scrollZoom: true, doubleClick: false };
    await Plotly.newPlot(plot, coloured(traces()), layout(), options);
    plot.on("plotly_relayouting", follow);
    plot.on("plotly_relayout", follow);
    paintOverlay();
  }

  function follow(event) {
    for (const axis of ["x", "y"]) {
      const [from, to] = [event[`${axis}axis.range[0]`], event[`${axis}axis.range[1]`]];
      if (from !== undefined && to !== undefined) range[axis] = [from, to];
    }
    paintOverlay();
  }

  function traces() {
    return groups.map((rows, k) => ({
      type: "scattergl", mode: "markers", hoverinfo: "skip", name: classes[k] ?? "examples",
      x: rows.map((i) => points[2 * i]), y: rows.map((i) => points[2 * i + 1]),
      visible: hidden.has(k) ? false : true,
      marker: { size: 4, opacity: 0.75, line: { width: 0 } },
    }));
  }

  function layout() {
    const axis = { showgrid: false, zeroline: false, showticklabels: false, ticks: "" };
    return {
      margin: EDGE, showlegend: false, hovermode: false, dragmode: "pan", ...size,
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      xaxis: { ...axis, range: [...range.x] }, yaxis: { ...axis, range: [...range.y] },
    };
  }

  function showAll() {
    if (!range) return;
    range = around(points, inner());
    Plotly.relayout(plot, { "xaxis.range": [...range.x], "yaxis.range": [...range.y] });
    paintOverlay();
  }

  function glideTo(target) {
    cancelAnimationFrame(gliding);
    trail.length = 0;
    if (!range) { // not drawn yet: it will be drawn there
      points = Float32Array.from(target);
      return;
    }
    const start = Float32Array.from(points);
    const from = range, to = around(target, inner());
    const begin = performance.now();
    const last = calm() ? 0 : GLIDE;
    const step = (now) => {
      const t = last ? Math.min(1, (now - begin) / last) : 1;
      const ease = t * t * (3 - 2 * t);
      const mix = (a, b) => a + ease * (b - a);
      points = target.map((v, i) => mix(start[i], v));
      anchors = null;
      range = { x: to.x.map((v, i) => mix(from.x[i], v)), y: to.y.map((v, i) => mix(from.y[i], v)) };
      Plotly.react(plot, coloured(traces()), layout());
      paintOverlay();
      if (t < 1) gliding = requestAnimationFrame(step);
      else mark(code.shown, true);
    };
    gliding = requestAnimationFrame(step);
  }

  function recolour() {
    const style = getComputedStyle(stage);
    colours = { ink: style.color, card: style.getPropertyValue("--card"),
      accent: style.getPropertyValue("--accent"), font: style.fontFamily, dark: isDark(stage) };
    if (range) Plotly.react(plot, coloured(traces()), layout());
    showLegend();
    paintOverlay();
  }

  function coloured(traces) {
    const { dark } = colours;
    const { of } = COLOURS[view.colour];
    const values = of?.(atlas, d);
    const [low, high] = values ? span(values) : [];
    return traces.map((trace, k) => ({ ...trace, marker: { ...trace.marker, ...(values
      ? { color: groups[k].map((i) => values[i]), colorscale: asPlotly(scale(dark)), cmin: low, cmax: high }
      : { color: classColour(k, dark) }) } }));
  }

  function showLegend() {
    const { of, unit } = COLOURS[view.colour];
    const { dark } = colours;
    const names = classes.map((name, k) => h("button", { type: "button", class: "key",
      "aria-pressed": String(!hidden.has(k)), title: `Show or hide ${name}`,
      onclick: () => toggle(k) },
    h("i", { style: of ? "display:none" : `background:${classColour(k, dark)}` }), name));
    const bar = of ? [scaleBar(span(of(atlas, d)), unit, dark)] : [];
    legend.replaceChildren(...names, ...bar);
    explain();
  }

  function toggle(k) {
    if (!hidden.delete(k)) hidden.add(k);
    recolour();
  }

  function explain() {
    const shares = Array.from(atlas.pca.explained, (share) => `${(100 * share).toFixed(1)} %`);
    axes.textContent = view.map === "pca"
      ? `PC 1 (${shares[0]} of the variance) →, PC 2 (${shares[1]}) ↑`
      : "UMAP: near means similar; directions and distances between groups mean little";
    announce();
  }

  function announce() {
    stage.setAttribute("aria-label", describe());
  }

  function describe() {
    const at = range ? Array.from(projections[view.map].place(code.shown), (v) => v.toFixed(1)) : [];
    return `${view.map.toUpperCase()} map of ${atlas.n} held-out codes` +
      (at.length ? `; the current code lies at ${at.join(", ")}` : "");
  }

  // Follow the current code. `jump` starts a new trail.
  function mark(z, jump = false) {
    if (!range) return;
    if (jump) trail.length = 0;
    trail.push(projections[view.map].place(z));
    if (trail.length > TRAIL) trail.shift();
    paintTrail();
  }

  function paintOverlay() {
    paintStill();
    paintTrail();
  }

  // A cleared pen for a canvas over the stage, or null before there is anything to draw.
  function clear(canvas) {
    if (!range || !colours) return null;
    const [pen, ratio] = [canvas.getContext("2d"), devicePixelRatio || 1];
    const [width, height] = [size.width, size.height].map((n) => Math.round(n * ratio));
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, size.width, size.height);
    return pen;
  }

  function paintStill() {
    const pen = clear(still);
    if (!pen) return;
    paintNames(pen);
    paintMarks(pen);
  }

  // Lines through codes, and codes with a word beside them.
  function paintMarks(pen) {
    const { place } = projections[view.map];
    const at = (z) => toPixel(place(z));
    pen.lineJoin = "round";
    for (const { codes, colour } of marks.lines) {
      const spots = codes.map(at);
      for (const [width, style] of [[5, colours.card], [2.5, colour ?? colours.accent]]) {
        pen.lineWidth = width;
        pen.strokeStyle = style;
        pen.beginPath();
        spots.forEach((spot, i) => (i ? pen.lineTo(...spot) : pen.moveTo(...spot)));
        pen.stroke();
      }
    }
    pen.textAlign = "left";
    pen.font = `600 13px ${colours.font}`;
    for (const { z, word } of marks.pins) {
      const [x, y] = at(z);
      pen.lineWidth = 3;
      pen.fillStyle = colours.accent;
      pen.strokeStyle = colours.card;
      pen.beginPath();
      pen.rect(x - 4, y - 4, 8, 8);
      pen.stroke();
      pen.fill();
      pen.fillStyle = colours.ink;
      pen.strokeText(word, x + 8, y);
      pen.fillText(word, x + 8, y);
    }
  }

  function paintNames(pen) {
    if (classes.length < 2) return;
    pen.font = `600 15px ${colours.font}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineWidth = 4;
    pen.strokeStyle = colours.card;
    pen.fillStyle = colours.ink;
    anchors ??= groups.map((rows) => [0, 1].map((a) => median(rows, (i) => points[2 * i + a])));
    anchors.forEach((anchor, k) => {
      if (hidden.has(k) || !groups[k].length) return;
      const [x, y] = toPixel(anchor);
      pen.strokeText(classes[k], x, y);
      pen.fillText(classes[k], x, y);
    });
  }

  // The marker is an element of its own: while the hand hovers there is no trail, and a frame then
  // repaints some pixels around it instead of a canvas as large as the map.
  function paintTrail() {
    if (!range || !colours) return;
    if (trail.length > 1 || trailed) drawTrail(clear(moving));
    trailed = trail.length > 1;
    marker.hidden = !trail.length;
    if (!trail.length) return;
    const [x, y] = toPixel(trail[trail.length - 1]);
    marker.style.transform = `translate(${x}px, ${y}px)`;
  }

  function drawTrail(pen) {
    pen.strokeStyle = colours.accent;
    pen.lineWidth = 2;
    for (let i = 1; i < trail.length; i++) {
      pen.globalAlpha = (0.7 * i) / trail.length;
      pen.beginPath();
      pen.moveTo(...toPixel(trail[i - 1]));
      pen.lineTo(...toPixel(trail[i]));
      pen.stroke();
    }
    pen.globalAlpha = 1;
  }

  const place = (event) => {
    const box = stage.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const lift = (xy) => projections[view.map].lift(xy, code.z);
  let pressed = null;

  stage.addEventListener("pointermove", (event) => {
    if (!leads || !range || event.pointerType === "touch" || event.buttons) return;
    code.look(lift(toPlace(place(event))));
  });
  stage.addEventListener("pointerleave", () => leads && code.look(null));
  stage.addEventListener("pointerdown", (event) => {
    pressed = place(event);
  }, true);
  // On the window: Plotly puts a cover over the page while it pans, which takes the release.
  const release = (event) => {
    if (!pressed || !range) return;
    const [from, to] = [pressed, place(event)];
    pressed = null;
    if (leads && Math.hypot(to[0] - from[0], to[1] - from[1]) < STILL) goTo(to);
  };
  addEventListener("pointerup", release, true);

  function goTo(pixel) {
    const at = toPlace(pixel);
    const { index: [i] } = nearest(points, at, 1);
    const [x, y] = toPixel([points[2 * i], points[2 * i + 1]]);
    const near = Math.hypot(x - pixel[0], y - pixel[1]) <= SNAP && !hidden.has(atlas.label[i]);
    if (near) code.go(exampleOf(bench, i));
    else code.go({ z: lift(at), name: "a place on the map" });
  }

  // A stage of another size shows the whole map again; a hidden one has no size.
  const { promise: seen, resolve: see } = promised();
  const resized = new ResizeObserver(() => {
    const { clientWidth: width, clientHeight: height } = stage;
    if (!width || (size.width === width && size.height === height)) return;
    see();
    if (range) create();
  });
  resized.observe(stage);

  // After a step of the page's state.
  function show() {
    const { map, colour: coloured } = history.now, before = view;
    view = { map, colour: coloured };
    projection.querySelector("select").value = map;
    colour.querySelector("select").value = coloured;
    if (map !== before.map) glideTo(projections[map].coordinates);
    if (coloured !== before.colour) recolour();
    explain();
  }

  function destroy() {
    removeEventListener("pointerup", release, true);
    resized.disconnect();
    cancelAnimationFrame(gliding);
    Plotly?.purge(plot);
  }

  bench.onTheme(recolour);
  bench.closing(destroy);
  draw().catch((error) => bench.notify(`The map could not be drawn (${error.message}).`));

  return {
    element, mark, show,
    // {pins: [{z, word}], lines: [{codes, colour}]}
    overlay(more) {
      marks = { ...marks, ...more };
      if (range) paintStill();
    },
    setUmap(coordinates) {
      projections.umap = umapProjection(atlas.mean, coordinates);
      if (view.map === "umap") glideTo(coordinates);
    },
  };
}

function promised() {
  let resolve;
  return { promise: new Promise((done) => (resolve = done)), resolve };
}

function groupRows(labels, count) {
  const groups = Array.from({ length: count }, () => []);
  labels.forEach((k, i) => groups[Math.min(k, count - 1)].push(i));
  return groups;
}

// The smallest ranges that show all points with one scale for both axes, and a little air.
export function around(points, { width, height }) {
  const low = [Infinity, Infinity], high = [-Infinity, -Infinity];
  for (let i = 0; i < points.length; i++) {
    low[i % 2] = Math.min(low[i % 2], points[i]);
    high[i % 2] = Math.max(high[i % 2], points[i]);
  }
  const scale = 1.06 * Math.max((high[0] - low[0]) / width, (high[1] - low[1]) / height, 1e-9);
  const side = (a, pixels) => {
    const [centre, half] = [(low[a] + high[a]) / 2, (scale * pixels) / 2];
    return [centre - half, centre + half];
  };
  return { x: side(0, width), y: side(1, height) };
}

// From the 2nd to the 98th percentile, so that a few outliers do not take all the colours.
function span(values) {
  const sorted = Float32Array.from(values).sort();
  return [0.02, 0.98].map((q) => sorted[Math.floor(q * (sorted.length - 1))]);
}

function median(rows, f) {
  return rows.map(f).sort((a, b) => a - b)[rows.length >> 1];
}

function scaleBar([low, high], unit, dark) {
  return h("span", { class: "scale" }, low.toFixed(2),
    h("i", { style: `background:${asCss(scale(dark))}` }), `${high.toFixed(2)} ${unit}`);
}
