"""Files of published data sets: looked for on this machine, else downloaded, their sums checked."""

import os
import warnings
from dataclasses import dataclass
from pathlib import Path

from vae.errors import InputError
from vae.files import cache_folder


@dataclass(frozen=True)
class Source:
    """Where files are: names of folders to look in, a base URL, and the files' MD5 sums (None where
    the publisher's is not known)."""

    folders: tuple[str, ...]
    url: str
    md5: dict[str, str | None]
    elsewhere: tuple[Path, ...] = ()


def local_folders(source: Source) -> list[Path]:
    root = os.environ.get("VAE_DATA_DIR")
    named = [Path(root) / folder for folder in source.folders] if root else []
    return [*named, *source.elsewhere, cache_folder(source.folders[0])]


def find(source: Source, name: str) -> Path:
    """The file `name` on this machine, or downloaded to the user's cache with its sum checked.

    Raises:
        InputError: it is not here and cannot be downloaded; the sentence says what to put where.
    """
    folders = local_folders(source)
    for folder in folders:
        if (folder / name).is_file():
            return folder / name

    import pooch  # only a download needs it
    import requests

    cache, known = folders[-1], source.md5[name] and f"md5:{source.md5[name]}"
    try:
        return Path(
            pooch.retrieve(source.url + name, known, fname=name, path=cache, progressbar=True)
        )
    except (requests.RequestException, OSError, ValueError) as why:
        raise InputError(
            f"{name} is not on this machine and could not be downloaded from {source.url} "
            f"({type(why).__name__}). Put the file into {cache}, "
            f"or name a folder that holds {source.folders[0]}/{name} in $VAE_DATA_DIR."
        ) from why


def md5(path: Path, expected: str | None) -> str:
    """The file's MD5, with a warning that names the file where it is not the public one."""
    import hashlib

    seen = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    if expected and seen != expected:
        warnings.warn(
            f"{path} has MD5 {seen}, the public file {expected}: using the local copy.",
            stacklevel=2,
        )
    return seen
