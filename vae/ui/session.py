"""Every cache of the app, and every object that outlives a rerun."""

import os
from dataclasses import fields
from pathlib import Path

import streamlit as st

from vae import bundle
from vae.errors import InputError
from vae.ui.job import Job

ASSETS = Path(__file__).parents[2] / "assets"
NO_MODELS = (
    "There is no model to show. Train one with `python -m vae train digits --out assets/mine`, "
    "or name a folder of models in `$VAE_MODELS`."
)


def folders() -> dict[str, Path]:
    """The bundles that the app knows: the shipped ones and those in `$VAE_MODELS`."""
    more = os.environ.get("VAE_MODELS", "")
    return bundle.find(ASSETS, *(p for p in more.split(os.pathsep) if p))


def models() -> tuple[dict[str, bundle.Card], list[str]]:
    """The cards of all usable bundles, and a sentence for each that is not."""
    cards, refusals = {}, []
    for name, folder in folders().items():
        try:
            cards[name] = card(folder, stamp(folder))
        except InputError as why:
            refusals.append(f"The model “{name}” is left out. {why}")
    return cards, refusals


def stamp(folder: Path) -> tuple:
    """What changes when any file of the bundle does."""
    return tuple((p.name, p.stat().st_mtime_ns, p.stat().st_size) for p in sorted(folder.iterdir()))


@st.cache_resource(max_entries=100)
def card(folder: Path, stamp: tuple) -> bundle.Card:
    """A checked card; checked again only when a file has changed."""
    return bundle.read_card(folder)


def chosen(models: dict[str, bundle.Card]) -> tuple[str, list[str]]:
    """The model that the address names, or the first with a sentence that says so."""
    first = next(iter(models))
    name = st.query_params.get("model", first)
    if name in models:
        return name, []
    known = ", ".join(models)
    return first, [
        f"The link asks for the model “{name}”, which is not here; known are {known}. "
        f"Shown instead: {first}."
    ]


def root() -> str:
    """The path that stands before every address of the app, as "" or "/lab"."""
    base = st.get_option("server.baseUrlPath").strip("/")
    return f"/{base}" if base else ""


def form(config: type) -> list[dict]:
    """A dataclass as the fields of a form."""
    return [{"name": f.name, "default": f.default, **f.metadata} for f in fields(config)]


def job(name: str, card: bundle.Card) -> Job:
    """This session's UMAP request for a model."""
    jobs = st.session_state.setdefault("jobs", {})
    if name not in jobs:
        jobs[name] = Job(folders()[name], card.files[bundle.ATLAS])
    return jobs[name]
