"""The browser side as Streamlit components."""

from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent
STYLE = (HERE / "atelier.css").read_text("utf-8")

# Streamlit runs this from a blob URL, so our modules are imported by absolute address. It runs it
# again with new data at each rerun; the explorer that is already there then takes the data in.
MOUNT = """
const mounted = new WeakMap();
export default function ({ parentElement, data, setTriggerValue }) {
  if (!mounted.has(parentElement)) {
    const url = new URL(`${data.root}/live/MODULE`, window.location.origin);
    mounted.set(parentElement, import(url).then(({ mount }) =>
      mount(parentElement, absolute(data), setTriggerValue)));
  } else {
    mounted.get(parentElement).then((explorer) => explorer.update(absolute(data)));
  }
  return () => {
    const gone = mounted.get(parentElement);
    mounted.delete(parentElement);
    gone?.then((explorer) => explorer.destroy());
  };
}
function absolute(data) {
  return { ...data, plotly: new URL(data.plotly, window.location.origin).href };
}
"""


def live(name: str, *asks: str):
    """The component whose browser side is `live/<name>.js`, with its own style if it has one.

    Returns show(model, data) -> what the browser has asked for, by name: `model` and `go` on every
    page, and `asks`. A name is None until it is asked for.
    """
    own = HERE / f"{name}.css"
    mounted = st.components.v2.component(
        f"vae_atelier_{name}",
        css=STYLE + (own.read_text("utf-8") if own.is_file() else ""),
        js=MOUNT.replace("MODULE", f"{name}.js"),
        isolate_styles=False,  # Plotly puts its styles into the document
    )
    heard = {f"on_{ask}_change": lambda: None for ask in ("model", "go", *asks)}
    return lambda model, data: mounted(key=f"{name}-{model}", data=data, **heard)
