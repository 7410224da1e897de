"""The browser side as one Streamlit component, which opens any page."""

import streamlit as st

from vae.export import sheets

# Streamlit runs this from a blob URL, so our modules are imported by absolute address. It runs it
# again at each rerun; the page that is already there then stays as it is.
MOUNT = """
const mounted = new WeakMap();
export default function ({ parentElement, data, setTriggerValue }) {
  if (!mounted.has(parentElement)) {
    preload(data.files["weights.safetensors"]);
    const url = new URL(`${data.live}/hosted.js`, window.location.origin);
    mounted.set(parentElement, import(url).then(({ mount }) =>
      mount(parentElement, data, setTriggerValue)));
  }
  return () => {
    const gone = mounted.get(parentElement);
    mounted.delete(parentElement);
    gone?.then((page) => page.destroy());
  };
}
// The largest file sets out while the modules are still on their way.
function preload(url) {
  if (performance.getEntriesByName(new URL(url, window.location.origin).href).length) return;
  const link = Object.assign(document.createElement("link"),
    { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: url });
  document.head.append(link);
}
"""


def component():
    """The component whose browser side is `live/hosted.js`, with the style of all pages.

    Returns show(page, model, data) -> what the browser has asked for: `model`, another one, and
    `go`, to another page. Each is None until it is asked for.
    """
    mounted = st.components.v2.component(
        "vae_atelier",
        css="\n".join(sheets()),
        js=MOUNT,
        isolate_styles=False,  # every rule begins with .atelier
    )
    heard = {"on_model_change": lambda: None, "on_go_change": lambda: None}
    return lambda page, model, data: mounted(key=f"{page}-{model}", data=data, **heard)
