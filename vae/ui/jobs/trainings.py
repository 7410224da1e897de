"""What Python does for a training before it begins, and of one that has left a record.

POST /train/settings          -> the data sets that are here, and what can be set
POST /train/ask?visitor=…     {"data", "title", "settings": {…}}   -> {"id"}
POST /train/pictures?name=…   files             -> what they have become
POST /train-film/{id}         -> what its map became, as a GIF
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from time import time
from typing import Any

from vae.data import DATASETS, Dataset, data_set
from vae.data.folder import about, kept, names, prepared, unzip
from vae.errors import InputError
from vae.settings import form
from vae.suggested import CONV, GREYS, suggested
from vae.ui.jobs.part import Part, configured, whole
from vae.ui.trainings import Asked, create

# A training of which one sees the end; each of these can be set to something else.
SHORT = {"latent": 8, "width": 256, "steps": 3000, "warmup": 500, "check_every": 250}
OF_SETS = {"faces": GREYS | CONV | {"latent": 16}, "frey": GREYS, "fashion": GREYS}
MOST_STEPS = 50_000
MOST_TITLE = 80  # characters
RESERVED = ("model", "model.training")  # folders where a training works
LISTED = 50  # files that cannot be used


def settings(folder: Path, body: bytes, query: Mapping[str, str]) -> Iterator[Part]:
    design, train = kinds()
    yield whole({"sets": [described(one) for one in sets()], "fields": form(design) + form(train)})


def kinds() -> tuple[type, type]:
    from vae.models.vae import Design
    from vae.train import Train

    return Design, Train


def sets() -> list[Dataset]:
    """Those that are drawn or on this machine, and the pictures that were brought."""
    known = [one for one in DATASETS.values() if one.factors or is_here(one)]
    return [*known, *filter(None, map(kept, names()))]


def is_here(one: Dataset) -> bool:
    return one.here("train") and one.here("test")


def described(one: Dataset) -> dict[str, Any]:
    there = about(one.name) if one.version else None
    return {
        "name": one.name,
        "title": one.title,
        "image": one.image,
        "classes": len(one.classes),
        "n": there and there.n,
        "start": SHORT | start(one),
    }


def start(one: Dataset) -> dict[str, Any]:
    """What suits its pictures."""
    if not one.version:
        return OF_SETS.get(one.name, {})
    choices = suggested(one.image, about(one.name).between)
    return {k: v for choice in choices for k, v in choice.items()}


def ask(folder: Path, body: bytes, query: Mapping[str, str]) -> Iterator[Part]:
    wanted = read(body)
    source = data_set(str(wanted["data"]))
    design, train = configurations(wanted["settings"])
    design.config(source.image, len(source.classes))
    if train.steps > MOST_STEPS:
        raise InputError(
            f"A training here has at most {MOST_STEPS:,} steps; python -m vae train takes more."
        )
    title = str(wanted["title"])[:MOST_TITLE].strip() or source.title
    flags = [*differences(design, source), *differences(train, source)]
    command = ["train", source.name, "--out", "model", "--title", title, *flags, "--record"]
    command += ["--save-every", str(max(1, min(200, train.steps // 10)))]
    asked = Asked(title, source.title, train.steps, command, query.get("visitor", ""), time())
    yield whole({"id": create(folder, asked).id})


def read(body: bytes) -> dict[str, Any]:
    try:
        given = json.loads(body)
        complete = {"data", "title"} <= given.keys() and isinstance(given["settings"], dict)
    except (ValueError, AttributeError, KeyError, RecursionError) as why:
        raise InputError(f"The request is incomplete ({why!r}).") from why
    if not complete:
        raise InputError("The request names no data, title or settings.")
    return given


def configurations(given: dict[str, Any]) -> list[Any]:
    """A design and a training. Raises InputError: a name of neither, or beyond its limits."""
    known = [{f.name for f in fields(kind)} for kind in kinds()]
    if unknown := given.keys() - known[0] - known[1]:
        raise InputError(f"There is no such setting: {min(unknown)}.")
    return [
        configured(kind, {k: v for k, v in given.items() if k in names})
        for kind, names in zip(kinds(), known, strict=True)
    ]


def differences(config: Any, source: Dataset) -> Iterator[str]:
    """Options for what is not as the command itself would have it."""
    for f in fields(config):
        value = getattr(config, f.name)
        if value == f.default and not (source.version and f.name in ("likelihood", "net")):
            continue
        flag = f.name.replace("_", "-")
        if isinstance(value, bool):
            yield f"--{'' if value else 'no-'}{flag}"
        else:
            yield from (f"--{flag}", str(value))


def pictures(folder: Path, body: bytes, query: Mapping[str, str]) -> Iterator[Part]:
    """What the files in `folder` have become: a data set under this name."""
    name = query.get("name", "")
    if name in (*DATASETS, *RESERVED) or about(name):
        raise InputError(f"There are pictures {name!r} already; choose another name.")
    for archive in sorted(folder.glob("*.zip")):
        unzip(archive, folder)
        archive.unlink()
    try:
        source = prepared(folder, name)
    except InputError as why:  # who brought them knows of no folder
        said = str(why).replace(str(folder), "what was dropped")
        raise InputError(said[0].upper() + said[1:]) from why
    there = about(name)
    refused = {"refused": there.refused[:LISTED], "unusable": len(there.refused)}
    yield whole({**described(source), **refused, "duplicates": there.duplicates})


def film(folder: Path, body: bytes, query: Mapping[str, str]) -> Iterator[Part]:
    from vae.film import Film, gif
    from vae.recordfilm import frames_of

    yield Part("image/gif", gif(frames_of(folder), Film(fps=20, scale=1, hold=1.0)))
