// The steps of the page Your image, each as what it changes of the state. In use (`use`) is the drawing,
// one of your pictures by its id, or nothing.

import { turnStrokes } from "../../widgets/pad.js";
import { withPicture } from "../../state/pictures.js";

export const DRAWING = "drawing";

export const draw = (strokes) => ({ drawing: { strokes, refined: null }, use: DRAWING });

export const turn = ({ drawing }, quarters) => draw(turnStrokes(drawing.strokes, quarters));

// Another way to bring a picture; a drawing on the pad is in use again.
export const bringFrom = ({ drawing }, source) =>
  ({ source, ...(source === "draw" && drawing.strokes.length ? { use: DRAWING } : {}) });

export const choose = ({ id, file }) => ({ use: id, ...(file ? { source: "picture" } : {}) });

export const add = ({ pictures }, item) =>
  ({ pictures: withPicture(pictures, item), ...choose(item) });

export const alter = ({ pictures }, id, changes) =>
  ({ pictures: pictures.map((item) => (item.id === id ? { ...item, ...changes } : item)) });

export const remove = ({ pictures, use }, id) =>
  ({ pictures: pictures.filter((item) => item.id !== id), use: use === id ? null : use });

export const removeAll = ({ use }) => ({ pictures: [], use: use === DRAWING ? use : null });

// A refined posterior of the picture in use, whose code is taken or not: {mean, scale, used, …}.
export const refine = (now, item, refined) => (item.id === undefined
  ? { drawing: { ...now.drawing, refined } }
  : alter(now, item.id, { refined, z: refined.used ? refined.mean : item.mean }));
