"""What every page does: the model that the address names, and what the browser is given."""

from pathlib import Path
from urllib.parse import quote

import streamlit as st

from vae import bundle
from vae.pages import CLASS, PAGES, Page
from vae.ui import classroom, library, opening
from vae.ui.classroom import qr_code
from vae.ui.routes.lessons import lessons
from vae.ui.routes.modules import MODULES

NO_MODELS = (
    "There is no model to show. Train one with `python -m vae train digits --out models/mine` and "
    "open it with `python app.py models/mine`, or name a folder of models in `$VAE_MODELS`."
)


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
    cards, refusals = library.models()
    if not cards:
        st.info("\n\n".join([*refusals, NO_MODELS]))
        st.stop()
    name, notices = chosen(cards)
    return name, cards, {"refusals": refusals + lessons().refusals, "notices": notices}


def follow(said, name: str, models: dict[str, bundle.Card]) -> None:
    """Do what every page may ask for: show another model, or go to another page."""
    if said.model in models and said.model != name:
        st.query_params.from_dict({"model": said.model})
        st.rerun(scope="app")
    if said.go:
        go(**said.go)


def addresses(model: str) -> list[dict[str, str]]:
    """The pages as the browser's row of tabs has them; the first is at the app's own address."""
    first, known = next(iter(PAGES)), pages() if teaches() else PAGES
    return [
        {
            "key": key,
            "title": one.title,
            "href": f"{root()}/{'' if key == first else one.path}?model={quote(model)}",
        }
        for key, one in known.items()
    ]


def pages() -> dict[str, Page]:
    """All that the app has now."""
    return PAGES | ({"classroom": CLASS} if classroom.now() else {})


def teaches() -> bool:
    """Whether this browser has opened the teacher's address of the class that is on."""
    one = classroom.now()
    return one is not None and one.is_taught_by(st.context.cookies)


def class_words() -> dict | None:
    """Where the browser finds the class, and what only the teacher's page shows of it."""
    if (one := classroom.now()) is None:
        return None
    words = {"root": root(), "teacher": None}
    if teaches():
        words["teacher"] = {"code": one.room.code, "address": one.join, "qr": qr_code(one.join)}
    return words


def page(name: str, models: dict[str, bundle.Card], **more) -> dict:
    """What the browser is given on every page: which model, and where its files are."""
    base, folders = root(), library.folders()
    return {
        "model": name,
        "folder": library.in_commands(folders[name]),
        "pages": addresses(name),
        "models": [listed(n, card, folders[n]) for n, card in models.items()],
        "files": files(name, models[name]),
        "root": base,
        "live": base + MODULES.root,
        "lessons": base + lessons().address,
        "classroom": class_words(),
        "first": opening.first(folders[name]),
        **more,
    }


def listed(name: str, card: bundle.Card, folder: Path) -> dict:
    """A model as the browser's lists have it: where its files are, and how many bytes they hold."""
    size = sum((folder / file).stat().st_size for file in (bundle.CARD, *card.files))
    return {"name": name, "title": card.title, "files": files(name, card), "bytes": size}


def files(name: str, card: bundle.Card) -> dict[str, str]:
    """Where the browser finds a model's files; what does not change without its sum is kept."""
    path = f"{root()}/models/{quote(name)}"
    sums = {file: f"{path}/{file}?v={total[:16]}" for file, total in card.files.items()}
    return {bundle.CARD: f"{path}/{bundle.CARD}", **sums}


def go(page: str, **query: str) -> None:
    """Go to a page of the app, named by its key."""
    st.switch_page(st.session_state["pages"][page], query_params=query)
