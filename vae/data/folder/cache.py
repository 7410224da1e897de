"""Prepared pictures as items: written once, then mapped into memory."""

import hashlib
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict
from math import prod
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from msgspec import Struct

from vae.data.folder.item import Item, natural
from vae.data.prepare import Prepare, prepare
from vae.errors import InputError
from vae.files import replacing

ABOUT, PIXELS, LABELS = "about.json", "pixels.raw", "labels.raw"
FORMAT = 1  # of what is written, and of how pictures are prepared
FEWEST = 100  # pictures of which a model can be trained and tested
MOST_CLASSES = 256  # labels are bytes in an atlas
ROWS = 1000  # put in order at once


class About(Struct, frozen=True):
    """What is in the files."""

    key: str  # of the files, their times and the settings that they were read by
    version: str  # of the pixels and labels
    folder: str  # its name
    n: int
    image: tuple[int, int, int]  # (C, H, W)
    classes: tuple[str, ...]
    prepare: dict  # settings of `Prepare`
    between: float  # the share of pixels that are neither black nor white
    duplicates: int  # pictures that are equal to another
    refused: tuple[str, ...]  # a sentence for each file that is no picture


def key_of(items: Sequence[Item], wanted: object) -> str:
    """Other files, newer ones or other settings have another key."""
    about = (FORMAT, wanted, [(item.name, item.label, item.stamp) for item in items])
    return hashlib.sha256(repr(about).encode()).hexdigest()


class Gathered(NamedTuple):
    """What was read, one after the other."""

    labels: dict[bytes, str]  # by the SHA-256 of the pixels
    between: int  # pixels that are neither black nor white
    duplicates: int
    refused: list[str]


def write(
    place: Path,
    folder: Path,
    items: Sequence[Item],
    form: Prepare,
    with_classes: bool,
    key: str,
    show: Callable[[int, int], None],
) -> About:
    """Read all `items` and write them to `place`, whole or not at all.

    Raises:
        InputError: too few pictures, too many classes; the place cannot be written, or is full.
    """
    check_classes(items, folder, with_classes)
    with replacing(place) as new:
        unordered = new / "unordered.raw"
        got = gather(items, form, unordered, show)
        check_number(got, folder)
        n, image = len(got.labels), (form.channels, *form.size)
        classes = sorted(set(got.labels.values()), key=natural) if with_classes else []
        about = About(
            key=key,
            version=order(unordered, new, image, got.labels, classes),
            folder=folder.resolve().name,
            n=n,
            image=image,
            classes=tuple(label or folder.resolve().name for label in classes),
            prepare=asdict(form),
            between=got.between / (n * prod(image)),
            duplicates=got.duplicates,
            refused=tuple(got.refused),
        )
        unordered.unlink()
        (new / ABOUT).write_bytes(msgspec.json.encode(about))
    return about


def check_classes(items: Sequence[Item], folder: Path, with_classes: bool) -> None:
    n = len({item.label for item in items})
    if with_classes and n > MOST_CLASSES:
        raise InputError(
            f"{folder} has {n:,} classes, as subfolders or labels; {MOST_CLASSES} are the most: "
            "--no-classes leaves them out."
        )


def gather(
    items: Sequence[Item],
    form: Prepare,
    path: Path,
    show: Callable[[int, int], None],
) -> Gathered:
    """Prepare each picture and write its pixels to `path`, but those that are there already."""
    labels, refused, duplicates, between = {}, [], 0, 0
    with path.open("wb") as out:
        for done, item in enumerate(items, 1):
            show(done, len(items))
            try:
                x = prepare(item.open(), form).x
            except InputError as why:
                refused.append(str(why) if item.name in str(why) else f"{item.name}: {why}")
                continue
            digest = hashlib.sha256(x.tobytes()).digest()
            if digest in labels:
                duplicates += 1
                continue
            labels[digest] = item.label
            between += int(((x > 0) & (x < 255)).sum())
            out.write(x.tobytes())
    return Gathered(labels, between, duplicates, refused)


def check_number(got: Gathered, folder: Path) -> None:
    n = len(got.labels)
    if n >= FEWEST:
        return
    why = ""
    if got.duplicates:
        why += f", without {got.duplicates} duplicates"
    if got.refused:
        why += f"; {len(got.refused)} cannot be used, as {got.refused[0].rstrip('.')}"
    raise InputError(
        f"{folder} has {n} picture{'s' * (n != 1)}{why}. A model needs {FEWEST} at least."
    )


def order(
    unordered: Path,
    new: Path,
    image: tuple[int, ...],
    labels: dict[bytes, str],
    classes: Sequence[str],
) -> str:
    """Write pixels and labels in the order of their digests; returns their version."""
    x = np.memmap(unordered, np.uint8, "r", shape=(len(labels), *image))
    digests, number = list(labels), {label: k for k, label in enumerate(classes)}
    rows = sorted(range(len(x)), key=digests.__getitem__)
    with (new / PIXELS).open("wb") as out:
        for start in range(0, len(rows), ROWS):
            out.write(x[rows[start : start + ROWS]].tobytes())
    y = np.array([number.get(labels[digests[row]], 0) for row in rows], np.int64)
    y.tofile(new / LABELS)
    return hashlib.sha256(b"".join(sorted(digests)) + y.tobytes()).hexdigest()[:16]


def read(place: Path) -> About | None:
    """What is kept in `place`; None where nothing is, or not the whole."""
    try:
        about = msgspec.json.decode((place / ABOUT).read_bytes(), type=About)
        whole = (place / PIXELS).stat().st_size == about.n * prod(about.image)
    except (OSError, msgspec.MsgspecError):
        return None
    return about if whole else None


def mapped(place: Path, about: About):
    """Pixels (N, C, H, W) uint8, which are read when they are looked at, and labels (N,)."""
    from torch import from_numpy

    y = np.fromfile(place / LABELS, np.int64)
    return tensor_of(place / PIXELS, (about.n, *about.image)), from_numpy(y)


def tensor_of(path: Path, shape: tuple[int, ...]):
    """A file's bytes as a tensor that nobody may write to, of any size.

    `torch.from_file` maps privately, so that the system promises memory for all that could be
    written: Linux refuses a file larger than memory and swap.
    """
    from torch import from_numpy

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The given NumPy array is not writable")
        return from_numpy(np.memmap(path, np.uint8, "r", shape=shape))
