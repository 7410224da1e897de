"""The page Explore: one component, which runs in the browser on the model's own files."""

import streamlit as st

from vae.bundle import ATLAS, CARD, WEIGHTS
from vae.project import Umap
from vae.ui import session
from vae.ui.job import Job, warm_up
from vae.ui.live import component


def explore() -> None:
    models, refusals = session.models()
    if not models:
        st.info("\n\n".join([*refusals, session.NO_MODELS]))
        st.stop()
    name, notices = session.chosen(models)
    job = session.job(name, models[name])
    warm_up()
    bench = st.fragment(show, run_every=0.5 if job.running else None)
    bench(name, models, job, {"refusals": refusals, "notices": notices})


def show(name: str, models: dict, job: Job, words: dict[str, list[str]]) -> None:
    """The component, with whatever it asked for answered."""
    was_running = job.running
    said = component.explorer(
        key=f"explorer-{name}",
        data=describe(name, models, job) | words,
        on_model_change=lambda: None,
        on_umap_change=lambda: None,
    )
    if said.model in models and said.model != name:
        st.query_params.from_dict({"model": said.model})
        st.rerun(scope="app")
    if said.umap:
        job.answer(said.umap)
    if job.running != was_running or said.umap:
        st.rerun(scope="app")


def describe(name: str, models: dict, job: Job) -> dict:
    """All that the browser is told: where the files are, and what Python is doing."""
    card, root = models[name], session.root()
    path = f"{root}/models/{name}"
    kept = {file: f"{path}/{file}?v={card.files[file][:16]}" for file in (WEIGHTS, ATLAS)}
    return {
        "model": name,
        "models": [{"name": n, "title": c.title} for n, c in models.items()],
        "files": {CARD: f"{path}/{CARD}", **kept},
        "root": root,
        "plotly": f"{root}/plotly/plotly.min.js",
        "umap": {"fields": session.form(Umap), **job.report(root)},
    }
