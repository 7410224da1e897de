"""The script that Streamlit runs: a frame for the pages."""

from pathlib import Path

import streamlit as st

from vae.ui.directions import directions
from vae.ui.explore import explore
from vae.ui.generate import generate
from vae.ui.morph import morph
from vae.ui.sheet import sheet
from vae.ui.yours import yours

HERE = Path(__file__).parent
PAGES = {
    "Explore": explore,
    "Your image": yours,
    "Morph": morph,
    "Generate": generate,
    "Directions": directions,
    "Sheet": sheet,
}
FRAME = """<style>
.stAppHeader { height: 3rem; min-height: 3rem; }
.stMainBlockContainer { padding: 3.25rem 1.25rem 0.5rem; max-width: none; }
@media (max-width: 640px) { .stMainBlockContainer { padding: 3.25rem 0.75rem 0.5rem; } }
</style>"""


def url(title: str) -> str:
    return title.lower().replace(" ", "-")


st.set_page_config("VAE Atelier", HERE / "icon.svg", layout="wide")
st.logo(HERE / "logo.svg", size="large")
st.html(FRAME)
pages = {title: st.Page(page, title=title, url_path=url(title)) for title, page in PAGES.items()}
st.session_state["pages"] = pages
st.navigation([*pages.values()], position="top").run()
