"""What Python does for new pictures: the aggregate posterior, as Gaussians to draw codes from.

    POST /mixture/{name}   -> {"n": N, "weights": [K], "means": [K][D], "cholesky": [K][D][D]}

It is fitted to the codes of the N held-out examples when somebody first asks, and kept.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from vae.export import aggregate
from vae.ui.jobs.part import Part, whole
from vae.ui.library import read_card, stamp


def mixture(folder: Path, body: bytes, query: Mapping[str, str]) -> Iterator[Part]:
    yield whole(kept(folder))


def kept(folder: Path) -> dict[str, Any]:
    """The one of the bundle in `folder`, fitted once. Raises InputError as `vae.mixture.fitted`."""
    return fitted(folder, stamp(folder))


@lru_cache(maxsize=4)
def fitted(folder: Path, stamp: tuple) -> dict[str, Any]:
    read_card(folder)  # refuses a damaged one
    return aggregate(folder)
