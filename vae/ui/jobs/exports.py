"""The model as one HTML file to take away.

POST /export/{name}   -> the file
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from vae.export import page
from vae.ui.jobs import mixtures
from vae.ui.jobs.part import Part


def export(folder: Path, body: bytes, query: Mapping[str, str]) -> Iterator[Part]:
    name = quote(folder.resolve().name)
    headers = (("Content-Disposition", f'attachment; filename="{name}.html"'),)
    yield Part("text/html; charset=utf-8", page(folder, mixtures.kept).encode(), headers)
