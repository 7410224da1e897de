"""The pictures in a folder and its subfolders, and the class of each."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from vae.data.prepare import SUFFIXES, Picture, open_picture
from vae.errors import InputError


class File(NamedTuple):
    name: str  # its path in the folder, as "roses/red/1.png"
    label: str  # of its folder, as "roses/red"; nothing at the top
    path: Path

    def open(self) -> Picture:
        return open_picture(self.path)

    @property
    def stamp(self) -> tuple[int, int]:
        """Size and time; a link that leads nowhere has neither, and is refused when it is read."""
        try:
            stat = self.path.stat()
        except OSError:
            return (0, 0)
        return stat.st_size, stat.st_mtime_ns


def pictures_in(folder: Path) -> list[File]:
    """All of them, by name.

    Raises:
        InputError: no folder, one that cannot be read, or no file in it is called like a picture.
    """
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}.")
    paths = sorted(walk(folder))
    files = [file_of(path, folder) for path in paths if path.suffix.lower() in SUFFIXES]
    if not files:
        raise InputError(
            f"There are no pictures in {folder}: none of its {len(paths)} files ends in .png, "
            ".jpg or another picture's suffix."
        )
    return files


def file_of(path: Path, folder: Path) -> File:
    inside = path.relative_to(folder)
    label = inside.parent.as_posix()
    return File(inside.as_posix(), "" if label == "." else label, path)


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
