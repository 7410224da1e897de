"""The browser side as Streamlit components."""

from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent
STYLE = (HERE / "atelier.css").read_text("utf-8")

# Streamlit runs this from a blob URL, so our modules are imported by absolute address. It runs it
# again at each rerun; the page that is already there then stays as it is.
MOUNT = """
const mounted = new WeakMap();
export default function ({ parentElement, data, setTriggerValue }) {
  if (!mounted.has(parentElement)) {
    const url = new URL(`${data.root}/live/MODULE`, window.location.origin);
    mounted.set(parentElement, import(url).then(({ mount }) =>
      mount(parentElement, absolute(data), setTriggerValue)));
  }
  return () => {
    const gone = mounted.get(parentElement);
    mounted.delete(parentElement);
    gone?.then((page) => page.destroy());
  };
}
function absolute(data) {
  return { ...data, plotly: new URL(data.plotly, window.location.origin).href };
}
"""


def live(name: str):
    """The component whose browser side is `live/<name>.js`, with its own style if it has one.

    Returns show(model, data) -> what the browser has asked for: `model`, another one, and `go`, to
    another page. Each is None until it is asked for.
    """
    own = HERE / f"{name}.css"
    mounted = st.components.v2.component(
        f"vae_atelier_{name}",
        css=STYLE + (own.read_text("utf-8") if own.is_file() else ""),
        js=MOUNT.replace("MODULE", f"{name}.js"),
        isolate_styles=False,  # Plotly puts its styles into the document
    )
    heard = {"on_model_change": lambda: None, "on_go_change": lambda: None}
    return lambda model, data: mounted(key=f"{name}-{model}", data=data, **heard)
