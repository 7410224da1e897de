"""The page Explore: one component, which runs in the browser on the model's own files."""

import streamlit as st

from vae.project import Umap
from vae.ui import session
from vae.ui.job import Job, warm_up
from vae.ui.live.component import live

explorer = live("explorer", "umap")


def explore() -> None:
    name, models, words = session.start()
    job = session.job(name, models[name])
    warm_up()
    bench = st.fragment(show, run_every=0.5 if job.running else None)
    bench(name, models, job, words)


def show(name: str, models: dict, job: Job, words: dict[str, list[str]]) -> None:
    """The component, with whatever it asked for answered."""
    was_running = job.running
    umap = {"fields": session.form(Umap), **job.report(session.root())}
    said = explorer(name, session.page(name, models, umap=umap, **words))
    session.follow(said, name, models)
    if said.umap:
        job.answer(said.umap)
    if job.running != was_running or said.umap:
        st.rerun(scope="app")
