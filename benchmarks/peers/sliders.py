"""A peer: ten `st.slider`, a decode by PyTorch in Python, `st.image`."""

import numpy as np
import streamlit as st
import torch

from vae import bundle


@st.cache_resource
def load():
    torch.set_num_threads(1)
    return bundle.load("assets/digits").model


model = load()
z = torch.zeros(1, model.config.latent)
for j in range(10):
    z[0, j] = st.slider(f"z{j}", -4.0, 4.0, 0.0, 0.01)
with torch.inference_mode():
    image = model.decode(z).mean[0, 0].mul(255).byte().numpy()
st.image(np.ascontiguousarray(image), width=200)
