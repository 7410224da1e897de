"""What the browser shows of a model while its encoder and its atlas are still on their way."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from vae import bundle
from vae.code import normal
from vae.metrics.codes import active, rate_per_dim
from vae.ui import library

SMALLEST = 4  # σ that a slider reaches at least, as in live/pages/explore/sliders.js


def first(folder: Path) -> dict[str, Any]:
    """How many bytes are to come, and of a code of one normal block what sliders are made of.

    That is the first example's code and, of the atlas, what live/core/reading.js says of each
    dimension.
    """
    return kept(folder, library.stamp(folder))


@lru_cache(maxsize=100)
def kept(folder: Path, stamp: tuple) -> dict[str, Any]:
    sizes = {name: size for name, _, size in stamp}
    there = {"bytes": sizes[bundle.WEIGHTS] + sizes[bundle.ATLAS]}
    card = library.read_card(folder)
    code = card.code
    if code != normal(code.size):
        return there
    atlas, _ = bundle.read_atlas(folder)
    named = {name.dimension: name.name for name in card.names}
    return there | dimensions(atlas.mean, atlas.scale, named)


def dimensions(mean: np.ndarray, scale: np.ndarray, named: dict[int, str]) -> dict[str, Any]:
    """Of the codes of all examples, (N, D) each; those with a name come first."""
    rates, live = rate_per_dim(mean, scale), active(mean)
    order = np.argsort(-rates, kind="stable").tolist()
    return {
        "z": mean[0].tolist(),
        "named": [[j, name] for j, name in named.items()],
        "rates": rates.tolist(),
        "live": sorted((j for j in order if live[j]), key=lambda j: j not in named),
        "dead": [j for j in order if not live[j]],
        "limits": np.maximum(SMALLEST, np.ceil(np.abs(mean).max(0))).tolist(),
    }
