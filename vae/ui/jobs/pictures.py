"""What Python does for a person's pictures: prepare them, offer some, and improve their codes.

    POST /pictures/{name}?settings={"rotate": 90}   a picture file   -> its stages and the input
    POST /preparations/{name}?settings={…}          the same file    -> it, prepared otherwise
    POST /examples/{name}?seed=0                    pictures for anyone without one
    POST /examples/{name}?index=12                  one held-out example, where its data set is here
    POST /refine/{name}?settings={"steps": 150}     an input         -> its refinement, line by line

An input travels as its bytes (C, H, W). Nothing is kept: the browser holds the pictures, so that
memory does not grow.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from vae.bundle import Card
from vae.data.prepare import (
    NoInk,
    Picture,
    Prepared,
    as_model_wants,
    open_picture,
    prepare,
    prepare_anyway,
)
from vae.errors import InputError
from vae.ui.jobs.part import Part, configured, line, settings, whole
from vae.ui.library import opened, read_card

SHOWN = 256  # pixels: the longer side of a stage's picture in the strip
OFFERED = 20  # held-out examples at a time
MOST = 20_000  # decoded images in a refinement, so that nobody keeps a class waiting


def asked_of(card: Card) -> dict[str, Any]:
    """What a model's card says of its pictures; their shape is the model's own."""
    c, *size = card.model["image"]
    return {**card.prepare, "size": size, "channels": c}


def own(query: Mapping[str, str]) -> dict[str, Any]:
    """What a person has set, without what is not theirs."""
    return {k: v for k, v in settings(query).items() if k not in ("size", "channels")}


def picture(folder: Path, body: bytes, query: Mapping[str, str]) -> Iterator[Part]:
    wanted = configured(partial(as_model_wants, asked_of(read_card(folder))), own(query))
    made = prepare_anyway(open_picture(body), wanted)
    stages = [{"name": s.name, "src": data_url(s.image)} for s in made.stages]
    rest = {"stages": stages, "notes": made.notes, "inverted": made.inverted}
    yield whole({"x": packed(made.x), "looks": looks(made), **rest})


def preparations(folder: Path, body: bytes, query: Mapping[str, str]) -> Iterator[Part]:
    """The same picture turned, swapped, with its ink separated or not, centred or not.

    Each has its `change`, the settings that make it, the input and its looks; one in which there is
    no ink is left out.
    """
    asked, given = asked_of(read_card(folder)), own(query)
    original = open_picture(body)
    made = prepare_anyway(original, configured(partial(as_model_wants, asked), given))
    yield whole({"preparations": list(tried(original, made, asked, given))})


def tried(original: Picture, made: Prepared, asked: dict, given: dict) -> Iterator[dict]:
    for change, more in otherwise(made, {**asked, **given}):
        try:
            other = prepare(original, as_model_wants(asked, **{**given, **more}))
        except NoInk:  # so prepared there is nothing to compare
            continue
        yield {
            "change": change,
            "settings": {**given, **more},
            "x": packed(other.x),
            "looks": looks(other),
        }


def otherwise(made: Prepared, used: dict) -> Iterator[tuple[dict, dict]]:
    """Other preparations: what they change, and the settings that do it."""
    swap = {"invert": "no" if made.inverted else "yes"}
    for quarters in (1, 2, 3):
        degrees = (used.get("rotate", 0) + 90 * quarters + 180) % 360 - 180
        yield {"turn": quarters}, {"rotate": degrees}
    yield {"swap": True}, swap
    if used.get("digits"):
        yield {"separate": not made.separated}, {"threshold": "off" if made.separated else "on"}
        yield {"swap": True, "separate": True}, {**swap, "threshold": "on"}
    if "digits" in used:
        yield {"centre": not used["digits"]}, {"digits": not used["digits"]}


def looks(made: Prepared) -> dict[str, Any] | None:
    return made.looks and {**made.looks._asdict(), "extreme": made.looks.extreme}


def packed(x: np.ndarray) -> str:
    return b64encode(np.ascontiguousarray(x, np.uint8).tobytes()).decode()


def data_url(image: Image.Image) -> str:
    small = image.copy()
    small.thumbnail((SHOWN, SHOWN))
    file = BytesIO()
    small.save(file, "PNG", compress_level=1)
    return f"data:image/png;base64,{b64encode(file.getvalue()).decode()}"


def examples(folder: Path, body: bytes, query: Mapping[str, str]) -> Iterator[Part]:
    """Held-out images where the data set is on this machine, and scikit-learn's digits; or one
    held-out image by its number in the data set."""
    card = read_card(folder)
    if "index" in query:
        yield whole({"x": numbered(card, query["index"])})
        return
    text = query.get("seed", "0")
    seed = int(text) if text.isdecimal() and len(text) < 10 else 0
    yield whole({"held out": held_out(card, seed), "scikit-learn": scikit_digits(card)})


@lru_cache(maxsize=2)
def loaded(name: str, version: str, by: str, split: str):
    """A data set that is on this machine; another version of it is read anew."""
    from vae.data import data_set_of

    return data_set_of({"name": name, "version": version, "by": by}).load(split)


def known(card: Card):
    """The data set of a model's held-out examples, and its images where they are on this machine:
    else None."""
    from vae.data import data_set_of

    split = card.atlas.split
    try:
        source = data_set_of(card.data)
    except InputError:
        return None, None
    if not source.here(split):
        return source, None
    images = loaded(source.name, source.version, source.by, split)
    fits = tuple(images.x.shape[1:]) == tuple(card.model["image"])
    return source, images if fits else None


def numbered(card: Card, text: str) -> str | None:
    """The example of this number, packed; None where there is none."""
    _, images = known(card)
    here = images is not None and text.isdecimal() and len(text) < 10 and int(text) < len(images.x)
    return packed(images.x[int(text)]) if here else None


def held_out(card: Card, seed: int) -> list[dict]:
    source, images = known(card)
    if images is None:
        return []
    split = card.atlas.split
    chosen = np.random.default_rng(seed).permutation(len(images.x))[:OFFERED]
    return [{"name": f"{source.title} {split} {i}", "x": packed(images.x[i])} for i in chosen]


def scikit_digits(card: Card) -> list[dict]:
    """One of each class, prepared as any other picture is."""
    from vae.data.digits import DIGITS

    if not card.prepare.get("digits"):
        return []
    images = loaded(DIGITS.name, DIGITS.version, DIGITS.by, "test")
    wanted = as_model_wants(asked_of(card), threshold="off")  # in 8 x 8 pixels a stroke is a speck
    first = [int((images.y == k).nonzero()[0]) for k in range(10)]
    made = [prepare(Picture(Image.fromarray(images.x[i, 0].numpy())), wanted).x for i in first]
    return [
        {"name": f"scikit-learn digit {i} ({k})", "x": packed(x)}
        for k, (i, x) in enumerate(zip(first, made, strict=True))
    ]


def refinement(folder: Path, body: bytes, query: Mapping[str, str]) -> Iterator[Part]:
    """Lines of JSON, one for each measurement, the best so far; then the gain on fresh noise."""
    from torch import Generator

    from vae.tasks.refine import Refine, gain, refine

    model, config = opened(folder), configured(Refine, settings(query))
    if config.steps * config.samples > MOST:
        raise InputError(f"Steps times samples are at most {MOST:,} on a page.")
    x = input_of(body, model.config.image)
    for now in refine(model, x, config):
        q = now.posterior
        codes = {"mean": q.mean[0].tolist(), "scale": q.stddev[0].tolist()}
        yield line(**{k: v for k, v in now._asdict().items() if k != "posterior"}, **codes)
    fresh = Generator().manual_seed(config.seed + 1)
    yield line(gain=gain(model, x, now.posterior, fresh)._asdict())


def input_of(body: bytes, shape: tuple[int, ...]):
    """An input's bytes -> (1, C, H, W) in [0, 1]."""
    import torch

    from vae.data.base import to_unit

    if len(body) != np.prod(shape):
        raise InputError(f"The picture has {len(body)} values; this model takes {shape}.")
    return to_unit(torch.from_numpy(np.frombuffer(body, np.uint8).reshape(1, *shape).copy()))
