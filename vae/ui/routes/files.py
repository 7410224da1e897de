"""What the browser fetches besides the page: models and maps.

Each is a plain file; a URL that carries a version may be kept by the browser for good.
"""

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse

from vae.bundle import ATLAS, CARD, WEIGHTS
from vae.ui import library
from vae.ui.routes import maps
from vae.ui.routes.modules import FOREVER


def model_file(request: Request) -> FileResponse:
    """One of the three files of a bundle that the app knows; nothing else of its folder."""
    folder = library.folders().get(request.path_params["name"])
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
