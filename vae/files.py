"""Files are written whole or not at all."""

from pathlib import Path

from vae.errors import InputError


def replace(path: Path, data: bytes) -> None:
    """Write `data` beside `path`, then put it in its place: a crash leaves the old or the new one.

    Raises:
        InputError: the place cannot be written.
    """
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as why:
        part.unlink(missing_ok=True)
        raise InputError(f"{path} cannot be written ({why.strerror}): choose another.") from why
