"""The pictures in a folder and its subfolders, or in a file of many, and the class of each."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from vae.data.folder import arrays, parquet
from vae.data.folder.item import Item, stamp
from vae.data.prepare import SUFFIXES, open_picture
from vae.errors import InputError

READERS: dict[str, Callable[[Path], list[Item]]] = {
    ".npy": arrays.pictures_of,
    ".npz": arrays.pictures_of,
    ".parquet": parquet.pictures_of,
}


def pictures_in(place: Path) -> list[Item]:
    """Those in a folder; where it has none, in its Parquet files; or in one file of many.

    Raises:
        InputError: there is nothing, it cannot be read, or it holds no pictures.
    """
    if place.is_file() and place.suffix.lower() in READERS:
        return READERS[place.suffix.lower()](place)
    if not place.is_dir():
        raise InputError(f"{place} is no folder, and no file in {', '.join(READERS)}.")
    paths = sorted(walk(place))
    items = [item_of(path, place) for path in paths if path.suffix.lower() in SUFFIXES]
    tables = [path for path in paths if path.suffix.lower() == ".parquet"]
    items = items or [item for path in tables for item in parquet.pictures_of(path)]
    if not items:
        raise InputError(
            f"There are no pictures in {place}: none of its {len(paths)} files ends in .png, "
            ".jpg or another picture's suffix, or in .parquet."
        )
    return items


def item_of(path: Path, folder: Path) -> Item:
    """Its class is its folder, as "roses/red"."""
    inside = path.relative_to(folder)
    label = inside.parent.as_posix()
    opening = partial(open_picture, path)
    return Item(inside.as_posix(), "" if label == "." else label, stamp(path), opening)


def walk(folder: Path) -> Iterator[Path]:
    """Every visible file below `folder`; each folder once, whatever links lead to it."""
    seen = set()
    for place, folders, names in os.walk(folder, followlinks=True, onerror=refuse):
        folders[:] = sorted(filter(visible, folders))
        real = os.path.realpath(place)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        yield from (Path(place, name) for name in names if visible(name))


def refuse(why: OSError) -> None:
    raise InputError(f"{why.filename} cannot be read ({why.strerror}).") from why


def visible(name: str) -> bool:
    """Not one of the files that systems leave behind, as .DS_Store or __MACOSX."""
    return not name.startswith((".", "__MACOSX"))
