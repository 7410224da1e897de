"""The pictures in a zip, as files of a folder."""

import shutil
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from vae.data.prepare.opening import MAX_BYTES
from vae.errors import InputError

MOST_FILES, MOST_BYTES = 100_000, 4_000_000_000  # that come out


def unzip(path: Path, folder: Path) -> None:
    """Write what is in the zip `path` into `folder`, below which all of it stays.

    Raises:
        InputError: it is no zip, is damaged or encrypted, or would write elsewhere or too much.
    """
    try:
        with ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            check(entries, path.name)
            for entry in entries:
                target = folder / entry.filename
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(entry) as source, target.open("wb") as out:
                    shutil.copyfileobj(source, out)  # no more than the size that was checked
    except (BadZipFile, EOFError, NotImplementedError, ValueError) as why:
        if isinstance(why, InputError):
            raise
        raise InputError(f"{path.name} is no zip, is damaged or cut short ({why}).") from why
    except OSError as why:
        raise InputError(f"{path.name} cannot be unpacked ({why.strerror}).") from why


def check(entries: list[ZipInfo], name: str) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise InputError(f"{name} is encrypted: pack the pictures without a password.")
    if outside := [one.filename for one in entries if is_outside(one.filename)]:
        raise InputError(f"{name} would write outside its folder, as {outside[0]!r}: pack it anew.")
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_FILES or total > MOST_BYTES:
        raise InputError(
            f"{name} would become {len(entries):,} files of {total / 1e6:,.0f} MB; at most "
            f"{MOST_FILES:,} of {MOST_BYTES / 1e6:,.0f} MB in all can be unpacked."
        )
    if large := [one.filename for one in entries if one.file_size > MAX_BYTES]:
        raise InputError(f"{name} holds {large[0]!r}, which is larger than {MAX_BYTES / 1e6:g} MB.")


def is_outside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in name
