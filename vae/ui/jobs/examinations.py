"""What the doctor says of a model.

POST /doctor/{name}   -> {"severity", "findings": [as vae.tasks.doctor.Finding]}
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from vae.ui.jobs.part import Part, whole
from vae.ui.library import stamp


def doctor(folder: Path, body: bytes, query: Mapping[str, str]) -> Iterator[Part]:
    yield whole(examined(folder, stamp(folder)))


@lru_cache(maxsize=20)
def examined(folder: Path, stamp: tuple) -> dict[str, Any]:
    from vae.tasks.doctor import examine, local_source

    return examine(folder, local_source(folder)).plain()
