"""Files and folders are written whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from vae.errors import InputError


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Whatever keeps `path` from being written becomes a sentence.

    Raises:
        InputError: the place is read-only, full, or no place at all.
    """
    try:
        yield
    except OSError as why:
        raise InputError(f"{path} cannot be written ({why.strerror}): choose another.") from why


def replace(path: Path, data: bytes) -> None:
    """Write `data` beside `path`, then put it in its place: a crash leaves the old or the new one.

    Raises:
        InputError: the place cannot be written, or is full.
    """
    part = path.with_name(path.name + ".part")
    with writing(path):
        try:
            with part.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError:
            if part.is_file():
                part.unlink()
            raise


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """An empty folder to fill, which then takes the place of `folder`; what was there goes.

    Raises:
        InputError: the place cannot be written, or is full; what was there stays.
    """
    with writing(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as temporary:
            new = Path(temporary) / "new"
            new.mkdir()
            yield new
            put(new, folder, aside=Path(temporary) / "old")


def put(new: Path, folder: Path, aside: Path) -> None:
    """Rename `new` to `folder`, whatever is there to `aside`; that comes back where this fails."""
    if not folder.exists():
        new.rename(folder)
        return
    folder.rename(aside)
    try:
        new.rename(folder)
    except BaseException:
        aside.rename(folder)
        raise


def make_folder(folder: Path) -> None:
    """Raises InputError where it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as why:
        raise InputError(f"{folder} cannot be made a folder ({why.strerror}).") from why


def prune(folder: Path, pattern: str, most: int) -> None:
    """Remove those of these files that were used longest ago, until the rest has `most` bytes."""
    files = sorted(
        ((path.stat(), path) for path in folder.glob(pattern)),
        key=lambda file: file[0].st_mtime,
        reverse=True,
    )
    total = 0
    for stat, path in files:
        total += stat.st_size
        if total > most:
            path.unlink(missing_ok=True)
