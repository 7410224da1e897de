// Signs for buttons, as strokes on a 24-unit square: no font has to hold them.

import { svg } from "./dom.js";

const PATHS = {
  brand: "M12 3a9 9 0 1 0 0 18 9 9 0 1 0 0-18M4.6 17.2a9 3.7-35 1 0 14.8-10.4 9 3.7-35 1 0-14.8 10.4M15.4 9h.01",
  swap: "M4 8h14l-4-4M20 16H6l4 4",
  random: "M4 4h16v16H4zM8.5 8.5h.01M15.5 8.5h.01M12 12h.01M8.5 15.5h.01M15.5 15.5h.01",
  origin: "M12 3v18M3 12h18M12 8a4 4 0 1 0 0 8 4 4 0 1 0 0-8",
  undo: "M9 6L4 11l5 5M4 11h10a6 6 0 0 1 6 6v1",
  redo: "M15 6l5 5-5 5M20 11H10a6 6 0 0 0-6 6v1",
  film: "M3 6h18v12H3zM9 6v12M15 6v12",
  stage: "M3 8V3h5M16 3h5v5M21 16v5h-5M8 21H3v-5",
  theme: "M12 3a9 9 0 1 0 0 18 9 9 0 1 0 0-18M12 3v18M12 8h6M12 12h8.5M12 16h6",
  timer: "M12 8v5l3 2M12 5a8 8 0 1 0 0 16 8 8 0 1 0 0-16M9 2h6",
  fit: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5M12 12h.01",
  keys: "M3 7h18v10H3zM7 11h.01M11 11h.01M15 11h.01M8 14h8",
};

export function icon(name) {
  return svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" },
    svg("path", { d: PATHS[name] }));
}
