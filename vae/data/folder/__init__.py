"""Your own pictures: a folder as a data set.

    source = prepared(Path("photographs"), "flowers")     # a Dataset; read once, then kept
    source = kept("flowers")                              # the same again, without the folder

Subfolders are classes. A file of many pictures, from NumPy or the Hugging Face hub, will do too.
All pictures get one size (`Pictures`), are kept as bytes in the user's cache and mapped into memory
from there, so that a set may be larger than memory. Pictures that are equal in every byte that a
model sees are one, so that none is in two splits.

They are kept in the order of their SHA-256, which is random and yet always the same: first those
for validation, then those to train on, and the test images last.
"""

import re
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from vae.data.base import Dataset, Images
from vae.data.folder.archive import unzip
from vae.data.folder.cache import About, key_of, mapped, read, write
from vae.data.folder.files import pictures_in
from vae.data.folder.settings import Pictures, settle
from vae.errors import InputError
from vae.files import cache_folder, make_folder, writing

__all__ = ["NAME", "About", "Pictures", "about", "kept", "names", "prepared", "unzip"]

AUTO = Pictures()
TEST, MOST_TEST = 5, 10_000  # one picture in five, and no more than a map shows well
NAME = re.compile(r"\w[\w.-]{0,63}")


def prepared(
    folder: Path,
    name: str,
    wanted: Pictures = AUTO,
    show: Callable[[int, int], None] = lambda done, total: None,
) -> Dataset:
    """The pictures in `folder`, or in a file of many; read anew where they or what is `wanted` have
    changed.

    Raises:
        InputError: there is nothing, too few pictures, too many classes, or no room to keep them.
    """
    if not NAME.fullmatch(name):
        raise InputError(f"{name!r} cannot name pictures: use letters, digits, '.', '_' and '-'.")
    items = pictures_in(folder)
    place, key = place_of(name), key_of(items, wanted)
    make_folder(place.parent)
    with writing(place), FileLock(place.with_name(f".{name}.lock"), fallback_to_soft=False):
        there = read(place)
        if there is None or there.key != key:
            form = settle(items, wanted)
            there = write(place, folder, items, form, wanted.classes, key, show)
    return data_set(place, there)


def place_of(name: str) -> Path:
    return cache_folder("folders") / name


def about(name: str) -> About | None:
    """What is kept under a name, if anything."""
    return read(place_of(name)) if NAME.fullmatch(name) else None


def names() -> list[str]:
    """Of all that is kept."""
    folder = cache_folder("folders")
    return sorted(path.name for path in folder.glob("*") if NAME.fullmatch(path.name))


def kept(name: str) -> Dataset | None:
    """The pictures that were last prepared under this name, if any were."""
    there = about(name)
    return there and data_set(place_of(name), there)


def data_set(place: Path, there: About) -> Dataset:
    training = there.n - min(there.n // TEST, MOST_TEST)
    classes = there.classes if len(there.classes) > 1 else ()

    def published(split: str) -> Images:
        x, y = mapped(place, there)
        rows = slice(training, None) if split == "test" else slice(training)
        return Images(x, y if classes else None, {}).take(rows)

    return Dataset(
        name=place.name,
        title=re.sub("[_-]", " ", place.name).capitalize(),
        licence="your own pictures",
        source=there.folder,
        image=there.image,
        classes=classes,
        published=published,
        prepare={k: there.prepare[k] for k in ("fit", "invert")},
        shuffled=True,
        version=there.version,
    )
