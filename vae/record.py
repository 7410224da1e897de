"""What a training leaves behind to be watched, as it is read while it goes on.

All of it is in files of a folder, so that who watches needs no word with who trains, and no torch:

    about.json       what every frame shows: an `About`
    originals.raw    the pictures that are reconstructed in each frame
    progress.json    how far it is: a `Progress`, replaced at each look
    curve.jsonl      a `Point` for each look
    frames.raw       frames of one size, one after the other

Who writes PAUSE or FINISH into the file `request` beside the folder ends the training: at the next
checkpoint, or at the next step with the model as it is by then. recording.py writes all the rest.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct

PICTURES = 8  # that are reconstructed in each frame
PAUSE, FINISH = "pause", "finish"


class About(Struct, frozen=True):
    n: int  # examples
    image: tuple[int, int, int]  # (C, H, W)
    classes: tuple[str, ...]
    labels: tuple[int, ...] | None  # of the examples, where they have classes
    steps: int  # at most

    @property
    def frame(self) -> np.dtype:
        fields = [("step", "<u4"), ("places", "<f4", (self.n, 2))]
        return np.dtype([*fields, ("pictures", "u1", (min(PICTURES, self.n), *self.image))])


class Progress(Struct, frozen=True):
    phase: str  # "training", then "map" while UMAP is at work, then "done"
    step: int
    share: float = 0.0  # of the map
    speed: float = 0.0  # steps a second, lately


Costs = tuple[float | None, float | None]  # rate and distortion, nats; None is no number


class Point(Struct, frozen=True):
    """Means over the images of the steps since the point before, and over the examples."""

    step: int
    train: Costs | None  # None before the first step
    held_out: Costs


def about(folder: Path) -> About | None:
    """Of the record in `folder`; None where it has not begun."""
    return read(folder / "about.json", About)


def progress(folder: Path) -> Progress | None:
    return read(folder / "progress.json", Progress)


def read(path: Path, kind: type) -> Any:
    with suppress(FileNotFoundError):
        return msgspec.json.decode(path.read_bytes(), type=kind)
    return None


def originals(folder: Path) -> bytes:
    return (folder / "originals.raw").read_bytes()


def curve(folder: Path) -> list[Point]:
    """All whole points; a line that is being written is not there yet."""
    with suppress(FileNotFoundError):
        lines = (folder / "curve.jsonl").read_bytes().split(b"\n")[:-1]
        return [msgspec.json.decode(line, type=Point) for line in lines]
    return []


def frames(folder: Path, about: About) -> np.ndarray:
    """All whole frames, which are read from the file when they are looked at."""
    path, size = folder / "frames.raw", about.frame.itemsize
    n = path.stat().st_size // size if path.is_file() else 0
    return np.memmap(path, about.frame, "r", shape=(n,)) if n else np.empty(0, about.frame)


def last_frame(folder: Path, about: About) -> np.void | None:
    known = frames(folder, about)
    return known[-1].copy() if len(known) else None


def status(folder: Path, steps: int) -> dict[str, Any]:
    """How far a training of so many steps is; `left` are seconds, where that is known."""
    now = progress(folder) or Progress("reading", 0)
    left = (steps - now.step) / now.speed if now.speed else None
    known = about(folder)
    return {
        **msgspec.to_builtins(now),
        "steps": steps,
        "left": left,
        "frames": len(frames(folder, known)) if known else 0,
        "points": len(curve(folder)),
    }
