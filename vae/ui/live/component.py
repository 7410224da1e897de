"""The browser side as Streamlit components."""

from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent

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

explorer = st.components.v2.component(
    "vae_atelier_explorer",
    css=(HERE / "explorer.css").read_text("utf-8"),
    js=MOUNT.replace("MODULE", "explorer.js"),
    isolate_styles=False,  # Plotly puts its styles into the document
)
