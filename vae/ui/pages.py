"""The script that Streamlit runs: a frame for the pages of `vae.pages`."""

from functools import partial
from pathlib import Path

import streamlit as st

from vae.data.prepare import Prepare
from vae.project import Umap
from vae.settings import form
from vae.ui import session
from vae.ui.component import component
from vae.ui.pool import POOL
from vae.ui.routes import maps

HERE = Path(__file__).parent
WARM = {"umap": maps.warm_up, "torch": POOL.warm_up}
FRAME = """<style>
.stAppHeader { display: none; }
.stMainBlockContainer { padding: 0.5rem 1.25rem; max-width: none; }
@media (max-width: 640px) { .stMainBlockContainer { padding: 0.25rem 0.75rem 0.5rem; } }
</style>"""

show = component()


def page(key: str) -> None:
    """One page: all of it runs in the browser; Python says which model, and where its files are."""
    name, models, words = session.start()
    for what in known[key].warms:
        WARM[what]()
    forms = {"umap": form(Umap), "prepare": form(Prepare)}
    which = {"page": key, "title": known[key].title}
    asked = show(key, name, session.page(name, models, **which, **forms, **words))
    session.follow(asked, name, models)


st.set_page_config("VAE Atelier", HERE / "icon.svg", layout="wide")
st.html(FRAME)
known = session.pages()
pages = {
    key: st.Page(partial(page, key), title=one.title, url_path=one.path)
    for key, one in known.items()
}
st.session_state["pages"] = pages
st.navigation([*pages.values()], position="hidden").run()
