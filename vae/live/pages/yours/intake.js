// Bringing pictures: files chosen or dropped, the clipboard, the camera. All end as files.

import { h } from "../../widgets/dom.js";

export const LARGEST = 50_000_000; // bytes; the server refuses the same, after the upload

// `take(files)` gets an array of files or blobs with names, `refuse(sentence)` what went wrong.
// `listen(target, name, act)` listens for as long as the page is open.
export function createBring({ page, listen, take, refuse }) {
  const chooser = h("input", { type: "file", accept: "image/*", multiple: true, hidden: true,
    "aria-label": "Choose pictures", onchange: () => {
      offer([...chooser.files]);
      chooser.value = "";
    } });
  const element = h("div", { class: "bring" },
    h("p", {}, "Drop pictures anywhere on this page, paste one, or"),
    h("div", { class: "row" },
      h("button", { type: "button", class: "main", onclick: () => chooser.click() }, "Choose files …"),
      h("button", { type: "button", class: "do-camera", onclick: camera }, "Camera"),
      h("button", { type: "button", onclick: paste }, "Paste")),
    h("p", { class: "quiet" }, "PNG, JPEG, WebP, GIF, TIFF and others, up to 50 MB and 64 megapixels; " +
      "up to 64 pictures. They stay on this computer and the one that runs the app."),
    chooser);

  function offer(files) {
    const fits = files.filter((file) => {
      if (file.size > LARGEST) {
        refuse(`${file.name}: the file is larger than ${LARGEST / 1e6} MB: save it as PNG or JPEG ` +
          "with fewer pixels.");
      }
      return file.size <= LARGEST;
    });
    if (fits.length) take(fits);
  }

  listen(window, "paste", (event) => {
    const files = [...event.clipboardData.files];
    if (files.length) {
      event.preventDefault();
      offer(files);
    } else if (!event.target.closest?.("input, textarea")) {
      refuse("The clipboard holds no picture: copy an image first, not its address or a text.");
    }
  });

  async function paste() {
    try {
      const items = await navigator.clipboard.read();
      const blobs = await Promise.all(items.flatMap((item) => item.types
        .filter((type) => type.startsWith("image/"))
        .map(async (type) => new File([await item.getType(type)], "clipboard", { type }))));
      if (blobs.length) return offer(blobs);
      refuse("The clipboard holds no picture: copy an image first, not its address or a text.");
    } catch { // not allowed, or not over https
      refuse("The browser does not hand over its clipboard here: press Ctrl+V (⌘V) instead.");
    }
  }

  let depth = 0; // dragenter and dragleave are told for every element on the way
  const dropping = (change) => (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    depth = Math.max(0, depth + change);
    page.classList.toggle("dropping", depth > 0);
  };
  listen(window, "dragenter", dropping(1));
  listen(window, "dragover", dropping(0));
  listen(window, "dragleave", dropping(-1));
  listen(window, "drop", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    depth = 0;
    page.classList.remove("dropping");
    offer([...event.dataTransfer.files]);
  });

  async function camera() {
    let stream;
    try {
      if (!navigator.mediaDevices) throw new DOMException("", "SecurityError");
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch (error) {
      return refuse(cameraWords(error.name));
    }
    const video = h("video", { autoplay: true, playsinline: true, muted: true });
    video.srcObject = stream;
    const close = () => {
      stream.getTracks().forEach((track) => track.stop());
      dialog.remove();
    };
    const dialog = h("dialog", { class: "camera", onclose: close }, video,
      h("div", { class: "row" },
        h("button", { type: "button", class: "main do-take", onclick: async () => {
          const blob = await still(video);
          dialog.close();
          offer([new File([blob], `photograph ${new Date().toLocaleTimeString()}.png`)]);
        } }, "Take the picture"),
        h("button", { type: "button", onclick: () => dialog.close() }, "Close")));
    page.append(dialog);
    dialog.showModal();
  }

  return { element };
}

function still(video) {
  const canvas = h("canvas", { width: video.videoWidth, height: video.videoHeight });
  canvas.getContext("2d").drawImage(video, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

function cameraWords(why) {
  const otherwise = "“Choose files” on a phone opens the camera too.";
  const words = {
    NotAllowedError: "The camera was refused: allow it in the browser's address bar and try again.",
    NotFoundError: "No camera was found: connect one, or choose a file.",
    NotReadableError: "The camera is in use by another program: close that and try again.",
    SecurityError: "A browser lends its camera only to pages over https or on this computer.",
  };
  return `${words[why] ?? `The camera did not start (${why}).`} ${otherwise}`;
}
