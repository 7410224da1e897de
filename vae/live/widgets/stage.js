// Stage, for a room: the picture, the map and five sliders fill the screen, in type that is read from
// ten metres. It is one switch for all pages of this tab, and is in the link.

import { asked } from "../io/link.js";
import { action } from "./action.js";

const REFUSED = "This browser does not let the page fill the screen here; its own full screen does " +
  "(on most computers the key F11). Escape leaves the stage.";

let isOn = new URLSearchParams(asked()).get("stage") === "on";

// `changed()` hears of each turn of the switch. -> {button, toggle, text}: `text()` for the link.
export function createStage({ page, notify, closing, changed }) {
  const button = action("stage", "Stage: full screen, for a room (P)", toggle);
  const ends = new AbortController(), { signal } = ends;
  closing(() => ends.abort());

  function show() {
    page.classList.toggle("on-stage", isOn);
    button.setAttribute("aria-pressed", String(isOn));
  }

  function set(on) {
    if (on === isOn) return;
    isOn = on;
    show();
    changed();
  }

  async function toggle() {
    set(!isOn);
    if (!isOn) return document.fullscreenElement && document.exitFullscreen();
    try {
      await document.documentElement.requestFullscreen();
    } catch { // or there is no such function
      notify(REFUSED);
    }
  }

  // The browser takes Escape for itself while the page fills the screen.
  document.addEventListener("fullscreenchange", () => set(Boolean(document.fullscreenElement)), { signal });
  addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && !document.querySelector("dialog[open], :popover-open")) set(false);
  }, { signal });
  show();
  return { button, toggle, text: () => (isOn ? "on" : null) };
}
