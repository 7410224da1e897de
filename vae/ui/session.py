"""Every cache of the app, and every object that outlives a rerun."""

import os
import threading
from dataclasses import fields
from functools import lru_cache
from pathlib import Path

import streamlit as st

from vae import bundle
from vae.errors import InputError

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
            cards[name] = read_card(folder, stamp(folder))
        except InputError as why:
            refusals.append(f"The model “{name}” is left out. {why}")
    return cards, refusals


def stamp(folder: Path) -> tuple:
    """What changes when any file of the bundle does."""
    return tuple((p.name, p.stat().st_mtime_ns, p.stat().st_size) for p in sorted(folder.iterdir()))


@lru_cache(maxsize=100)
def read_card(folder: Path, stamp: tuple) -> bundle.Card:
    """A checked card; checked again only when a file has changed."""
    return bundle.read_card(folder)


def found(name: str) -> tuple[Path, tuple]:
    """One model's folder and its stamp, for a route. Raises InputError where there is none."""
    there = folders()
    if name not in there:
        raise InputError(f"There is no model “{name}” here; known are {', '.join(there)}.")
    return there[name], stamp(there[name])


def known(name: str) -> bundle.Card:
    """The card of one model, for a route. Raises InputError where there is none, or damaged."""
    return read_card(*found(name))


def model(name: str):
    """One model as an nn.Module, for a route; two are kept. Raises InputError as `known`."""
    return opened(*found(name))


@lru_cache(maxsize=2)
def opened(folder: Path, stamp: tuple):
    import torch

    torch.set_num_threads(1)  # with another process busy, a second thread slows small work down
    return bundle.load(folder).model


@lru_cache(maxsize=2)
def images(name: str, split: str):
    """A data set that is on this machine."""
    from vae.data import DATASETS

    return DATASETS[name].load(split)


@lru_cache(maxsize=1)
def warm_up() -> None:
    """Import torch in the background, so that the first picture does not wait for it."""
    threading.Thread(target=__import__, args=["torch"], daemon=True).start()


def chosen(models: dict[str, bundle.Card]) -> tuple[str, list[str]]:
    """The model that the address names, or the last one seen, or the first; and a sentence where
    that is not the one that was asked for."""
    first = next(iter(models))
    name = st.query_params.get("model", st.session_state.get("model", first))
    if name in models:
        st.session_state["model"] = name
        return name, []
    return first, [
        f"The link asks for the model “{name}”, which is not here; known are {', '.join(models)}. "
        f"Shown instead: {first}."
    ]


def root() -> str:
    """The path that stands before every address of the app, as "" or "/lab"."""
    base = st.get_option("server.baseUrlPath").strip("/")
    return f"/{base}" if base else ""


def start() -> tuple[str, dict[str, bundle.Card], dict[str, list[str]]]:
    """How every page begins: the model chosen, all models, and what there is to say of them."""
    cards, refusals = models()
    if not cards:
        st.info("\n\n".join([*refusals, NO_MODELS]))
        st.stop()
    name, notices = chosen(cards)
    return name, cards, {"refusals": refusals, "notices": notices}


def follow(said, name: str, models: dict[str, bundle.Card]) -> None:
    """Do what every page may ask for: show another model, or go to another page."""
    if said.model in models and said.model != name:
        st.query_params.from_dict({"model": said.model})
        st.rerun(scope="app")
    if said.go:
        go(**said.go)


def page(name: str, models: dict[str, bundle.Card], **more) -> dict:
    """What the browser is told on every page: which model, and where its files are."""
    card, base = models[name], root()
    path = f"{base}/models/{name}"
    kept = {f: f"{path}/{f}?v={card.files[f][:16]}" for f in (bundle.WEIGHTS, bundle.ATLAS)}
    return {
        "model": name,
        "models": [{"name": n, "title": c.title} for n, c in models.items()],
        "files": {bundle.CARD: f"{path}/{bundle.CARD}", **kept},
        "root": base,
        **more,
    }


def go(page: str, **query: str) -> None:
    """Go to a page of the app, named by its key."""
    st.switch_page(st.session_state["pages"][page], query_params=query)


def form(config: type) -> list[dict]:
    """A dataclass as the fields of a form."""
    return [
        {"name": f.name, "default": f.default, "whole": isinstance(f.default, int), **f.metadata}
        for f in fields(config)
    ]
