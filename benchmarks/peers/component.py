"""A peer: a range input of its own (components v2) that asks Python for each image."""

import streamlit as st
import torch

from vae import bundle

HTML = """<input type="range" min="-4" max="4" step="any" value="0"><br>
<canvas width="28" height="28" style="width: 200px; image-rendering: pixelated"></canvas>"""
JS = """
export default function ({ parentElement, data, setStateValue }) {
  const hand = parentElement.querySelector("input");
  const pen = parentElement.querySelector("canvas").getContext("2d");
  hand.oninput = () => setStateValue("value", hand.valueAsNumber);
  requestAnimationFrame(() => {
    const image = pen.createImageData(28, 28);
    data.pixels.forEach((v, i) => image.data.set([v, v, v, 255], 4 * i));
    pen.putImageData(image, 0, 0);
    document.dispatchEvent(new CustomEvent("peer:painted", { detail: { value: data.value } }));
  });
}
"""


@st.cache_resource
def load():
    torch.set_num_threads(1)
    return bundle.load("assets/digits").model


model = load()
slider = st.components.v2.component("peer", html=HTML, js=JS, isolate_styles=False)
value = st.session_state.get("peer", {}).get("value", 0.0)
z = torch.zeros(1, model.config.latent)
z[0, 0] = value
with torch.inference_mode():
    pixels = model.decode(z).mean.mul(255).byte().flatten().tolist()
slider(key="peer", data={"value": value, "pixels": pixels}, on_value_change=lambda: None)
