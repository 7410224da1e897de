"""What Python does for new pictures: the aggregate posterior, as Gaussians to draw codes from.

    GET /mixture/{name}   -> {"n": N, "weights": [K], "means": [K][D], "cholesky": [K][D][D]}

It is fitted to the codes of the N held-out examples when somebody first asks, and kept.
"""

import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.responses import JSONResponse, Response

from vae.export import aggregate
from vae.ui import session
from vae.ui.ask import answering

fitting = threading.Lock()  # a class of thirty asks at once: one fits, the others find it done


@answering
def mixture(name: str, body: bytes, query: Any) -> Response:
    return JSONResponse(kept(*session.found(name)))


def kept(folder: Path, stamp: tuple) -> dict[str, Any]:
    """The one of the bundle in `folder`, fitted once. Raises InputError as `vae.mixture.fitted`."""
    with fitting:
        return fitted(folder, stamp)


@lru_cache(maxsize=4)
def fitted(folder: Path, stamp: tuple) -> dict[str, Any]:
    session.read_card(folder, stamp)  # refuses a damaged one
    return aggregate(folder)
