"""From any picture file to a model's input, with every step visible.

    picture = open_picture(data)                   # bytes, a path or an open file
    prepared = prepare(picture, Prepare(size=(28, 28), digits=True))
    prepared.x                                     # (C, H, W) uint8, what the model sees
    prepared.stages, prepared.notes                # a strip of pictures, and what was decided

Nothing is decided silently: each decision is a sentence in `notes` and a field of `Prepare`.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from PIL import Image

from vae.data.prepare.geometry import crop, orient, scale
from vae.data.prepare.looks import Looks, looks_of
from vae.data.prepare.opening import (
    FORMATS,
    MAX_BYTES,
    MAX_PIXELS,
    SUFFIXES,
    check_bytes,
    check_size,
    open_picture,
)
from vae.data.prepare.picture import Picture
from vae.data.prepare.settings import Prepare, as_model_wants
from vae.data.prepare.strokes import NoInk, centre, ink
from vae.data.prepare.tone import flatten, tone

__all__ = [
    "FORMATS",
    "MAX_BYTES",
    "MAX_PIXELS",
    "SUFFIXES",
    "NoInk",
    "Picture",
    "Prepare",
    "Prepared",
    "Stage",
    "as_model_wants",
    "check_bytes",
    "open_picture",
    "prepare",
    "prepare_anyway",
]


class Stage(NamedTuple):
    name: str
    image: Image.Image  # L or RGB


class Prepared(NamedTuple):
    x: np.ndarray  # (C, H, W) uint8
    stages: tuple[Stage, ...]  # from the upload to the model's input
    notes: tuple[str, ...]  # a sentence for each decision
    inverted: bool  # whether light and dark were swapped
    separated: bool  # whether ink was separated from paper
    looks: Looks | None  # where strokes are wanted; `marks` as shares of the oriented picture


def prepare(picture: Picture, settings: Prepare = Prepare()) -> Prepared:
    """Turn a picture into a model's input.

    Raises:
        InputError: a side shorter than `MIN_SIDE`, values that are not numbers, or, for a digit,
            nothing that looks like ink (`NoInk`).
    """
    check_size(picture.image.size)
    stages = []
    for name, step in steps(settings).items():
        picture = step(picture, settings)
        stages.append(Stage(name, picture.image))
    looks = seen(stages, settings) if settings.digits else None
    x = np.array(picture.image, np.uint8).reshape(*settings.size, settings.channels)
    x = np.ascontiguousarray(x.transpose(2, 0, 1))
    notes, how = picture.notes + said_of(looks), (picture.inverted, picture.separated)
    return Prepared(x, tuple(stages), notes, *how, looks)


def prepare_anyway(picture: Picture, settings: Prepare) -> Prepared:
    """As `prepare`; a picture without ink is taken whole, and its first note says why.

    Raises:
        InputError: as `prepare`, but for a picture without ink.
    """
    try:
        return prepare(picture, settings)
    except NoInk as error:
        whole = prepare(picture, replace(settings, digits=False))
        looks = seen(list(whole.stages), settings)._replace(drawing=False, marks=())
        return whole._replace(notes=(str(error), *whole.notes), looks=looks)


def seen(stages: list[Stage], settings: Prepare) -> Looks:
    """What the grey picture looks like; its marks in shares that `crop` takes."""
    looks = looks_of(next(stage.image for stage in stages if stage.name == "grey"))
    left, top, right, bottom = settings.crop
    wide, high = right - left, bottom - top
    marks = (
        (left + wide * a, top + high * b, left + wide * c, top + high * d)
        for a, b, c, d in looks.marks
    )
    return looks._replace(marks=tuple(marks))


def said_of(looks: Looks | None) -> tuple[str, ...]:
    if looks is None:
        return ()
    several = len(looks.marks) > 1 and f"There are {len(looks.marks)} marks: crop one of them."
    no_drawing = not looks.drawing and "It does not look like a drawing: it has no clear strokes."
    extreme = (
        looks.extreme and f"It is about {looks.long:.0f} times as long as it is wide: crop a part."
    )
    return tuple(note for note in (several, no_drawing, extreme) if note)


def steps(settings: Prepare) -> dict[str, Callable[[Picture, Prepare], Picture]]:
    toned = "grey" if settings.channels == 1 or settings.digits else "colours"
    start = {"uploaded": flatten, "oriented": orient, "cropped": crop, toned: tone}
    end = {"ink": ink, "model's input": centre} if settings.digits else {"model's input": scale}
    return start | end
