"""A bundle as one file, to send, to keep and to open: a zip of its three files.

    pack("assets/digits", "digits.vae")
    unpack("digits.vae", "models/digits")      # the same files, byte for byte

The files are stored without compression, which would gain little, so that a small file cannot hold
a huge one. Only the three names come out of it, and each only with the SHA-256 that the card says.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from vae.bundle import ATLAS, CARD, WEIGHTS, check_target, read_card
from vae.card import Card, parse_card
from vae.errors import InputError
from vae.files import replacing, rewriting

SUFFIX = ".vae"
NAMES = (CARD, WEIGHTS, ATLAS)
MOST_CARD = 10_000_000  # bytes of bundle.json
BLOCK = 2**20  # bytes copied at once


def pack(folder: str | os.PathLike, path: str | os.PathLike) -> None:
    """Write the bundle in `folder` to the file `path`; the same bundle gives the same bytes.

    Raises:
        InputError: the bundle is damaged, or the file cannot be written.
    """
    folder = Path(folder)
    read_card(folder)
    with rewriting(Path(path)) as file, ZipFile(file, "w", ZIP_STORED) as archive:
        for name in NAMES:
            entry = ZipInfo(name)  # of 1980: when it was packed makes no other file
            entry.file_size = (folder / name).stat().st_size
            with (folder / name).open("rb") as source, archive.open(entry, "w") as target:
                shutil.copyfileobj(source, target, BLOCK)


def unpack(path: str | os.PathLike, folder: str | os.PathLike) -> Card:
    """Write the bundle in the file `path` to `folder`, whole or not at all; returns its card.

    Raises:
        InputError: no such file, another kind of file, damaged, cut short, or of a newer format;
            `folder` holds something else, or cannot be written.
    """
    path, folder = Path(path), Path(folder)
    check_target(folder)
    with opened(path) as archive:
        card = card_in(archive, path)
        with replacing(folder) as new:
            (new / CARD).write_bytes(archive.read(CARD))
            for name, want in card.files.items():
                if copied(archive, name, new / name) != want:
                    raise InputError(f"{path} is damaged in {name}: get the file once more.")
    return card


@contextmanager
def opened(path: Path) -> Iterator[ZipFile]:
    """The file as a zip of our three files. Raises InputError where it is none, or damaged."""
    try:
        with ZipFile(path) as archive:
            check_entries(archive.infolist(), path)
            yield archive
    except (BadZipFile, EOFError, NotImplementedError) as why:
        raise InputError(f"{path} is no {SUFFIX} file, is damaged or cut short ({why}).") from why
    except OSError as why:
        raise InputError(f"{path} cannot be read ({why.strerror}).") from why


def check_entries(entries: list[ZipInfo], path: Path) -> None:
    """Nothing but our three files, each once, and neither compressed nor encrypted."""
    if sorted(entry.filename for entry in entries) != sorted(NAMES):
        raise InputError(f"{path} is no {SUFFIX} file: it must hold {', '.join(NAMES)} alone.")
    if any(entry.compress_type != ZIP_STORED or entry.flag_bits & 1 for entry in entries):
        raise InputError(
            f"{path} is compressed or encrypted: write it with python -m vae pack FOLDER."
        )


def card_in(archive: ZipFile, path: Path) -> Card:
    if archive.getinfo(CARD).file_size > MOST_CARD:
        raise InputError(f"{path} has a {CARD} of more than {MOST_CARD / 1e6:g} MB.")
    try:
        raw = json.loads(archive.read(CARD))
    except (ValueError, RecursionError) as why:
        raise InputError(f"{path} holds a {CARD} that is not readable as JSON ({why}).") from why
    return parse_card(raw, path / CARD)


def copied(archive: ZipFile, name: str, target: Path) -> str:
    """Copy an entry to a file; returns its SHA-256."""
    digest = hashlib.sha256()
    with archive.open(name) as source, target.open("wb") as out:
        while block := source.read(BLOCK):
            digest.update(block)
            out.write(block)
    return digest.hexdigest()
