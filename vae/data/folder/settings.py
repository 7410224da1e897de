"""What all pictures of a folder become, decided by a sample of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from vae.data.folder.item import Item
from vae.data.prepare import Picture, Prepare
from vae.data.prepare.picture import shorten
from vae.errors import InputError
from vae.settings import check, setting

SAMPLE = 100  # pictures, evenly from first to last
SIDE = 64  # of pictures of different sizes, and the longest that is kept as it is
SHORTEST, LONGEST = 4, 8  # pixels of a side that is kept; times as long as wide
SIDEWAYS = 5  # EXIF orientations from here on exchange width and height
TINT = 4  # of 255: a mean difference of channels above which a picture has colours


@dataclass(frozen=True)
class Pictures:
    """What pictures of a folder become."""

    size: int = setting(
        0, "height and width in pixels; 0: their own up to 64, if all have one, else 64", min=0
    )
    colour: str = setting(
        "auto", "grey or colour; auto: grey where all are", choices=("auto", "grey", "colour")
    )
    fit: str = setting(
        "crop",
        "reach one shape by cutting off, by adding margins or by stretching",
        choices=("crop", "fit", "stretch"),
    )
    classes: bool = setting(True, "subfolders are classes")

    __post_init__ = check


class Look(NamedTuple):
    """What decides for a picture."""

    size: tuple[int, int]  # (width, height)
    tinted: bool


def settle(items: Sequence[Item], wanted: Pictures) -> Prepare:
    """How each is prepared.

    Raises:
        InputError: none of the sample can be opened.
    """
    rows = np.unique(np.linspace(0, len(items) - 1, SAMPLE).astype(int))
    looks = [look for row in rows if (look := look_at(items[row]))]
    if not looks:
        raise InputError(f"None of {len(rows)} pictures can be opened, as {items[0].name}.")
    grey = wanted.colour == "grey" or (
        wanted.colour == "auto" and not any(look.tinted for look in looks)
    )
    return Prepare(
        size=(wanted.size, wanted.size) if wanted.size else size_of({look.size for look in looks}),
        channels=1 if grey else 3,
        fit=wanted.fit,
        invert="no",
    )


def look_at(item: Item) -> Look | None:
    try:
        picture = item.open()
    except InputError:
        return None  # which is listed when all are read
    width, height = picture.image.size
    upright = (height, width) if picture.orientation >= SIDEWAYS else (width, height)
    return Look(upright, tinted(picture))


def size_of(sizes: set[tuple[int, int]]) -> tuple[int, int]:
    """(height, width)"""
    width, height = next(iter(sizes))
    low, high = sorted((width, height))
    own = len(sizes) == 1 and low >= SHORTEST and high <= min(SIDE, LONGEST * low)
    return (height, width) if own else (SIDE, SIDE)


def tinted(picture: Picture) -> bool:
    if picture.image.mode not in ("RGB", "RGBA"):
        return False
    rgb = np.asarray(shorten(picture.image, 4 * SIDE).convert("RGB"), np.int16)
    return float(np.ptp(rgb, axis=2).mean()) > TINT
