// A photograph by the computer's own camera.

import { createDialog } from "../../widgets/dialog.js";
import { h } from "../../widgets/dom.js";

// `take(file)` gets the picture, `refuse(sentence)` why there is none.
export async function openCamera({ page, take, refuse }) {
  let stream;
  try {
    if (!navigator.mediaDevices) throw new DOMException("", "SecurityError");
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch (error) {
    return refuse(cameraWords(error.name));
  }
  const dialog = createViewfinder(stream, take);
  page.append(dialog);
  dialog.showModal();
}

function createViewfinder(stream, take) {
  const video = h("video", { autoplay: true, playsinline: true, muted: true });
  video.srcObject = stream;
  const dialog = createDialog({ class: "camera", "aria-label": "Camera", onclose: close }, video,
    h("div", { class: "row" },
      h("button", { type: "button", class: "main do-take", onclick: release }, "Take the picture"),
      h("button", { type: "button", onclick: () => dialog.close() }, "Close")));

  function close() {
    stream.getTracks().forEach((track) => track.stop());
    dialog.remove();
  }

  async function release() {
    const blob = await still(video);
    dialog.close();
    take(new File([blob], `photograph ${new Date().toLocaleTimeString()}.png`));
  }

  return dialog;
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
    NotFoundError: "There is no camera: connect one, or choose a file.",
    NotReadableError: "The camera is in use by another program: close that and try again.",
    SecurityError: "The camera works only on pages served over https or from this computer.",
  };
  return `${words[why] ?? `The camera did not start (${why}).`} ${otherwise}`;
}
