"""The lessons and the plans for teachers, for the browser.

GET /lessons.json?v=<sum>     all of them; kept by the browser until one of their files changes
"""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from msgspec import json
from starlette.requests import Request
from starlette.responses import Response

from vae.lessons import files, usable
from vae.lessons.lesson import Lesson
from vae.lessons.plans import course
from vae.ui.routes.modules import FOREVER

PATH = "/lessons.json"


@dataclass(frozen=True)
class Lessons:
    all: list[Lesson]
    body: bytes  # the same and the plans as JSON
    refusals: list[str]  # of files that are no lessons

    @property
    def address(self) -> str:
        return f"{PATH}?v={sha256(self.body).hexdigest()[:16]}"


def lessons() -> Lessons:
    """As the files are now; read again only when one has changed."""
    paths = files()
    return kept(tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in paths))


@lru_cache(maxsize=1)
def kept(stamps: tuple[tuple[Path, int, int], ...]) -> Lessons:
    found, refusals = usable(path for path, *_ in stamps)
    return Lessons(found, json.encode(course(found)), refusals)


def lessons_file(request: Request) -> Response:
    headers = FOREVER if "v" in request.query_params else None
    return Response(lessons().body, media_type="application/json", headers=headers)
