"""A picture somewhere, with its class, that can be opened."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from vae.data.prepare import Picture


class Item(NamedTuple):
    name: str  # where it is, for people
    label: str  # its class; nothing where it has none
    stamp: tuple[int, int]  # another one where it may have changed
    open: Callable[[], Picture]  # raises InputError


def stamp(path: Path) -> tuple[int, int]:
    """Size and time; a link that leads nowhere has neither, and is refused when it is read."""
    try:
        stat = path.stat()
    except OSError:
        return (0, 0)
    return stat.st_size, stat.st_mtime_ns


def natural(label: str) -> list:
    """A key to sort by that has 2 before 10."""
    return [(not part.isdecimal(), int(part) if part.isdecimal() else part)
            for part in re.split(r"([0-9]+)", label)]  # fmt: skip
