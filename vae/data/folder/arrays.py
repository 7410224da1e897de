"""Pictures in a NumPy file: x (N, H, W) or (N, H, W, C) uint8, and their classes y (N,), if any."""

from functools import partial
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from PIL import Image

from vae.data.folder.item import Item, stamp
from vae.data.prepare import Picture
from vae.errors import InputError

CHANNELS = (1, 3, 4)


def pictures_of(path: Path) -> list[Item]:
    """All of them, in their order.

    Raises:
        InputError: the file cannot be read, or holds no such arrays.
    """
    x, y = arrays(path)
    if x.dtype != np.uint8 or x.ndim not in (3, 4) or x.shape[3:] not in ((), *zip(CHANNELS)):
        raise InputError(
            f"{path} has x of the shape {x.shape} and the type {x.dtype}; pictures are "
            "(N, height, width) or (N, height, width, channels), uint8."
        )
    if y is not None and y.shape != x.shape[:1]:
        raise InputError(f"{path} has {len(x)} pictures, and y of the shape {y.shape}.")
    labels = [""] * len(x) if y is None else list(map(str, y.tolist()))
    when = stamp(path)
    return [
        Item(f"picture {i}", label, when, partial(picture, x, i)) for i, label in enumerate(labels)
    ]


def arrays(path: Path) -> tuple[np.ndarray, np.ndarray | None]:
    """x and y; of a .npy file what it holds is x, and mapped into memory."""
    try:
        held: Any = np.load(path, mmap_mode="r", allow_pickle=False)
        if isinstance(held, np.ndarray):
            return held, None
        with held:
            if "x" not in held:
                raise InputError(f"{path} holds {', '.join(held) or 'nothing'}, and no array x.")
            return held["x"], held.get("y")
    except InputError:
        raise
    except (OSError, ValueError, EOFError, BadZipFile) as why:
        raise InputError(f"{path} cannot be read as a NumPy file ({why}).") from why


def picture(x: np.ndarray, i: int) -> Picture:
    pixels = np.asarray(x[i])
    return Picture(Image.fromarray(pixels.squeeze(-1) if pixels.shape[2:] == (1,) else pixels))
