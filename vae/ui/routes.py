"""What the browser fetches besides the page: our modules, models and maps.

Each is a plain file; a URL that carries a version may be kept by the browser for good.
"""

import re
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from vae.bundle import ATLAS, CARD, WEIGHTS
from vae.export import LIVE, page
from vae.ui import maps, mixtures, pictures, session, walks
from vae.ui.ask import answering

FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


def model_file(request: Request) -> FileResponse:
    """One of the three files of a bundle that the app knows; nothing else of its folder."""
    folder = session.folders().get(request.path_params["name"])
    name = request.path_params["file"]
    if folder is None or name not in (CARD, WEIGHTS, ATLAS):
        raise HTTPException(404)
    return FileResponse(folder / name, headers=FOREVER if "v" in request.query_params else None)


def map_file(request: Request) -> FileResponse:
    """A UMAP that somebody asked for."""
    name = request.path_params["name"]
    path = maps.maps_folder() / name
    if not re.fullmatch(r"[\w.-]+\.safetensors", name) or not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, headers=FOREVER)


@answering
def export_file(name: str, body: bytes, query: Any) -> HTMLResponse:
    """The model as one HTML file to take away."""
    folder, stamp = session.found(name)
    header = f'attachment; filename="{quote(name)}.html"'
    return HTMLResponse(
        page(folder, lambda _: mixtures.kept(folder, stamp)),
        headers={"Content-Disposition": header},
    )


ROUTES = [
    Mount("/live", StaticFiles(directory=LIVE)),
    Route("/models/{name}/{file}", model_file),
    Route("/maps/{name}", map_file),
    Route("/umap/{name}", maps.umap, methods=["POST"]),
    Route("/pictures/{name}", pictures.picture, methods=["POST"]),
    Route("/examples/{name}", pictures.examples),
    Route("/refine/{name}", pictures.refinement, methods=["POST"]),
    Route("/mixture/{name}", mixtures.mixture),
    Route("/geodesic/{name}", walks.geodesic, methods=["POST"]),
    Route("/export/{name}", export_file),
    Route("/film/{name}", walks.film, methods=["POST"]),
]
