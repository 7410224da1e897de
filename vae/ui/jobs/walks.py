"""What Python does for a walk through the latent space: the geodesic, and films to take along.

    POST /geodesic/{name}   {"from": [D], "to": [D], "steps": 16}   -> its progress, line by line
    POST /film/{name}       {"kind": "gif", "settings": {"fps": 20}, "codes": [T][M][D],
                             "weights": [T][M]}                     -> the file

An image of a film is the weighted sum of M decoded codes, as in `vae.paths.Walk`.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from vae.errors import InputError
from vae.film import WRITERS, Film
from vae.ui.jobs.part import Part, configured, line
from vae.ui.library import opened

TYPES = {"gif": "image/gif", "webp": "image/webp", "mp4": "video/mp4", "png": "image/png"}


def asked(body: bytes, *names: str) -> list[Any]:
    """The named entries of a request. Raises InputError where it is not JSON, or lacks one."""
    try:
        given = json.loads(body)
        return [given[name] for name in names]
    except (ValueError, KeyError, TypeError, RecursionError) as why:
        raise InputError(f"The request is incomplete ({why!r}).") from why


def numbers(values: Any, *shape: int | None) -> np.ndarray:
    """Nested lists as an array (float32) of this shape, None being any length but 0."""
    try:
        with np.errstate(over="ignore"):  # what is too large becomes infinite, and is refused below
            array = np.asarray(values, np.float32)
    except (ValueError, TypeError) as why:
        raise InputError("The codes must be lists of numbers, all of one length.") from why
    fits = array.ndim == len(shape) and all(
        n > 0 and want in (None, n) for n, want in zip(array.shape, shape, strict=False)
    )
    if not fits or not np.isfinite(array).all():
        wanted = " x ".join("n" if want is None else str(want) for want in shape)
        raise InputError(f"The codes must be {wanted} numbers, none of them infinite or missing.")
    return array


def geodesic(folder: Path, body: bytes, query: Mapping[str, str]) -> Iterator[Part]:
    """Lines of JSON {"round", "energy", "codes"}: the straight line first, the best last."""
    import torch

    from vae.geodesic import geodesic
    from vae.paths import SHARE

    start, end, steps = asked(body, "from", "to", "steps")
    model = opened(folder)
    ends = [torch.from_numpy(numbers(z, model.config.latent)) for z in (start, end)]
    if type(steps) is not int or not 2 <= steps <= 64:
        raise InputError("A geodesic here has from 2 to 64 steps.")
    for now in geodesic(lambda z: model.decode(z).mean, *ends, steps=steps, share=SHARE):
        yield line(**now._asdict() | {"codes": now.codes.tolist()})


def film(folder: Path, body: bytes, query: Mapping[str, str]) -> Iterator[Part]:
    from vae.data.base import to_bytes
    from vae.paths import Walk, images

    kind, given, codes, weights = asked(body, "kind", "settings", "codes", "weights")
    if kind not in list(TYPES):
        raise InputError(f"A film is one of {', '.join(TYPES)}.")
    model = opened(folder)
    codes = numbers(codes, None, None, model.config.latent)
    walk = Walk(codes, numbers(weights, *codes.shape[:2]))
    frames = to_bytes(images(walk, lambda z: model.decode(z).mean))
    yield Part(TYPES[kind], WRITERS[f".{kind}"](frames, configured(Film, given)))
