"""Files and folders are written whole or not at all."""

import ctypes
import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import platformdirs

from vae.errors import InputError

HERE, EXCHANGE = -100, 2  # AT_FDCWD; RENAME_EXCHANGE, which macOS calls RENAME_SWAP
UNABLE = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP}  # says a file system


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
    with rewriting(path) as file:
        file.write(data)


@contextmanager
def rewriting(path: Path) -> Iterator[BinaryIO]:
    """A file to fill, which then takes the place of `path`; where that fails, the old one stays.

    Raises:
        InputError: the place cannot be written, or is full.
    """
    part = path.with_name(path.name + ".part")
    with writing(path):
        try:
            with part.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except BaseException:
            if part.is_file():
                part.unlink()
            raise


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """An empty folder to fill, which then takes the place of `folder`; what was there goes.

    A process that is killed meanwhile leaves the old folder or the new one, whole, in its place;
    the workplace beside it that it may leave too is cleared by the next one. Where the system
    cannot exchange two folders, one may be killed while the old one stands in the workplace only:
    the next one puts it back.

    Raises:
        InputError: the place cannot be written, or is full; what was there stays.
    """
    old = aside_of(folder)
    new = old.with_name("new")
    with writing(folder):
        restore(folder)
        try:
            new.mkdir(parents=True)
            yield new
            for path in new.iterdir():
                flush(path)
            put(new, folder, old)
        finally:
            restore(folder)


def aside_of(folder: Path) -> Path:
    """Where what is in `folder` may stand while it is replaced."""
    return folder.parent / f".{folder.name}.part" / "old"


def restore(folder: Path) -> None:
    """Clear the workplace beside `folder`, and put back what stands there only."""
    old = aside_of(folder)
    if old.exists() and not folder.exists():
        old.rename(folder)
    if old.parent.exists():
        shutil.rmtree(old.parent)


def flush(path: Path) -> None:
    """Let a file survive a power cut."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def put(new: Path, folder: Path, old: Path) -> None:
    """Rename `new` to `folder`; what was there becomes `new` or `old`."""
    if not folder.exists():
        new.rename(folder)
    elif not exchange(new, folder):
        folder.rename(old)
        new.rename(folder)


def exchange(one: Path, other: Path) -> bool:
    """Let two paths change their places in one step; False where this system cannot.

    Python has no name for it. https://man7.org/linux/man-pages/man2/rename.2.html (renameat2);
    on macOS it is renamex_np.
    """
    paths = os.fsencode(one), os.fsencode(other)
    library = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None
    if hasattr(library, "renameat2"):
        failed = library.renameat2(HERE, paths[0], HERE, paths[1], EXCHANGE)
    elif hasattr(library, "renamex_np"):
        failed = library.renamex_np(*paths, EXCHANGE)
    else:
        return False
    if not failed:
        return True
    if (why := ctypes.get_errno()) in UNABLE:
        return False
    raise OSError(why, os.strerror(why), str(one), None, str(other))


def make_folder(folder: Path) -> None:
    """Raises InputError where it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as why:
        raise InputError(f"The folder {folder} cannot be created ({why.strerror}).") from why


def cache_folder(kind: str) -> Path:
    """Where files of one kind are kept for this user, which can be made again."""
    return Path(platformdirs.user_cache_dir("vae-atelier")) / kind


def data_folder(kind: str) -> Path:
    """Where what belongs to this user is kept, which cannot be made again."""
    return Path(platformdirs.user_data_dir("vae-atelier")) / kind


def cached(path: Path, most: int, make: Callable[[], bytes]) -> Path:
    """`path`, written with what `make` gives where it is not there yet. Then, of its folder's
    files of the same suffix, the oldest go until the rest has `most` bytes.

    Raises:
        InputError: the place cannot be written, or is full.
    """
    if path.is_file():
        return path
    made = make()
    make_folder(path.parent)
    replace(path, made)
    prune(path.parent, f"*{path.suffix}", most)
    return path


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
