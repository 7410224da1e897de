// Bringing pictures: files chosen or dropped, the clipboard, the camera. All end as files.

import { h } from "../../widgets/dom.js";
import { openCamera } from "./camera.js";

const LARGEST = 50_000_000; // bytes; the server refuses the same, after the upload
const NO_PICTURE = "The clipboard holds no picture: copy an image first, not its address or a text.";

// Returns an element. `take(files)` gets an array of files with names.
export function createIntake({ bench, take }) {
  const { page, notify: refuse } = bench;
  const chooser = h("input", { type: "file", accept: "image/*", multiple: true, hidden: true,
    "aria-label": "Choose pictures", onchange: () => {
      open([...chooser.files]);
      chooser.value = "";
    } });

  function open(files) {
    const fitting = files.filter(({ size }) => size <= LARGEST);
    files.filter(({ size }) => size > LARGEST).forEach(({ name }) =>
      refuse(`${name}: the file is larger than ${LARGEST / 1e6} MB: save it as PNG or JPEG ` +
        "with fewer pixels."));
    if (fitting.length) take(fitting);
  }

  async function paste() {
    try {
      const files = await readClipboard();
      if (files.length) open(files);
      else refuse(NO_PICTURE);
    } catch { // not allowed, or not over https
      refuse("The browser does not let this page read the clipboard: press Ctrl+V (⌘V) instead.");
    }
  }

  const camera = () => openCamera({ page, take: (file) => open([file]), refuse });
  onPaste(bench, open);
  onDrop(bench, open);
  return h("div", { class: "bring" },
    h("p", {}, "Drop pictures anywhere on this page, paste one, or"),
    h("div", { class: "row" },
      h("button", { type: "button", class: "main", onclick: () => chooser.click() }, "Choose files …"),
      h("button", { type: "button", class: "do-camera", onclick: camera }, "Camera"),
      h("button", { type: "button", onclick: paste }, "Paste")),
    h("p", { class: "quiet" }, "PNG, JPEG, WebP, GIF, TIFF and others, up to 50 MB and 64 megapixels; " +
      "up to 64 pictures. They stay on this computer and the one that runs the app."),
    chooser);
}

async function readClipboard() {
  const items = await navigator.clipboard.read();
  return Promise.all(items.flatMap((item) => item.types
    .filter((type) => type.startsWith("image/"))
    .map(async (type) => new File([await item.getType(type)], "clipboard", { type }))));
}

function onPaste({ listen, notify }, open) {
  listen(window, "paste", (event) => {
    const files = [...event.clipboardData.files];
    if (files.length) {
      event.preventDefault();
      open(files);
    } else if (!event.target.closest?.("input, textarea")) {
      notify(NO_PICTURE);
    }
  });
}

function onDrop({ page, listen }, open) {
  let depth = 0; // dragenter and dragleave come for every element on the way

  const on = (name, act) => listen(window, name, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    depth = Math.max(0, act(event));
    page.classList.toggle("dropping", depth > 0);
  });
  on("dragenter", () => depth + 1);
  on("dragover", () => depth);
  on("dragleave", () => depth - 1);
  on("drop", (event) => {
    open([...event.dataTransfer.files]);
    return 0;
  });
}
