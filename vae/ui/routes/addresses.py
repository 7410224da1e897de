"""The addresses of the pages, and what is no address of any.

GET /morph       Streamlit's client, which opens the page
GET /explore     goes to the first page, whose own address is /
GET /nonsense    goes to the first page, which says that there is no such page
"""

from urllib.parse import urlencode

from starlette.convertors import StringConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from vae.ui.firstpage import first_page

NO_CACHE = {"Cache-Control": "no-cache"}  # another version of Streamlit has other scripts
LONGEST = 80  # characters of an unknown address that are repeated


class Address(StringConvertor):
    """Any path that is neither a file's nor one of Streamlit's own."""

    regex = r"(?!(?:_stcore|static|media|component)(?:/|$))[^.]*"


register_url_convertor("address", Address())


def page(request: Request) -> Response:
    return HTMLResponse(first_page(), headers=NO_CACHE)


def home(request: Request) -> Response:
    return to_home(request, dict(request.query_params))


def unknown(request: Request) -> Response:
    """A person is led home; a program gets what it can read."""
    if "text/html" not in request.headers.get("accept", ""):
        raise HTTPException(404)
    return to_home(request, {"unknown": f"/{request.path_params['address']}"[:LONGEST]})


def to_home(request: Request, query: dict[str, str]) -> Response:
    base = str(request.scope.get("root_path", "")).rstrip("/")
    return RedirectResponse(f"{base}/{'?' * bool(query)}{urlencode(query)}", 307, NO_CACHE)
