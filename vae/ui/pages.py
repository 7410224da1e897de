"""The script that Streamlit runs: a frame for the pages."""

from pathlib import Path

import streamlit as st

from vae.ui.explore import explore

HERE = Path(__file__).parent
PAGES = {"Explore": explore}
FRAME = """<style>
.stAppHeader { height: 3rem; min-height: 3rem; }
.stMainBlockContainer { padding: 3.25rem 1.25rem 0.5rem; max-width: none; }
@media (max-width: 640px) { .stMainBlockContainer { padding: 3.25rem 0.75rem 0.5rem; } }
</style>"""

st.set_page_config("VAE Atelier", HERE / "icon.svg", layout="wide")
st.logo(HERE / "logo.svg", size="large")
st.html(FRAME)
pages = [st.Page(page, title=title, url_path=title.lower()) for title, page in PAGES.items()]
st.navigation(pages, position="top").run()
