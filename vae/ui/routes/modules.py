"""Our modules, at an address that holds their version.

    GET /live/<version>/core/nn.js     the module, to be kept by the browser for good
    GET /live/core/nn.js               goes to the one above

The version is a sum over all of them, and what is served was read when the app started. So a
browser never has modules of two versions together, neither from its cache nor while the files on
disk are replaced; an address of another version is not found.
"""

from hashlib import sha256
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from vae.export import LIVE

KINDS = {".js": "text/javascript", ".css": "text/css"}  # nothing else that lies there is served
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


class Modules:
    """The files of the browser side by their path, as they are at this moment."""

    def __init__(self, folder: Path):
        paths = sorted(path for path in folder.rglob("*") if path.suffix in KINDS)
        self.files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
        total = sha256()
        for path, body in self.files.items():
            total.update(f"{path} {len(body)} ".encode() + body)
        self.version = total.hexdigest()[:12]

    @property
    def root(self) -> str:
        """Where they are; relative imports within stay within."""
        return f"/live/{self.version}"


MODULES = Modules(LIVE)


def module(request: Request) -> Response:
    path = request.path_params["path"]
    version, _, name = path.partition("/")
    if version == MODULES.version and name in MODULES.files:
        kind = KINDS[Path(name).suffix]
        return Response(MODULES.files[name], media_type=kind, headers=FOREVER)
    if path in MODULES.files:
        base = request.url.path.removesuffix(f"/live/{path}")
        address = f"{base}{MODULES.root}/{path}"
        return RedirectResponse(address, 307, {"Cache-Control": "no-cache"})
    raise HTTPException(404)
