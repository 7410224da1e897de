"""Who may ask, and what every answer says to the browser.

A page of another web site runs in the browser of somebody who has the app open, and may send
requests to it. Three things keep it out:

- `Host` must be an IP address, this machine's own name, or a name in `$VAE_HOSTS`. A site that lets
  its name point at this machine (DNS rebinding) still sends that name.
- `Origin`, which a browser sends with every POST, WebSocket and cross-origin read, must be ours.
- `Sec-Fetch-Site` must not say that another site asks, unless somebody follows a link to a page.

A program that is no browser sends neither of the last two, and is let in.
"""

import base64
import hashlib
import ipaddress
import os
import re
import socket
from functools import cache
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vae.ui.firstpage import first_page

NAMES = "VAE_HOSTS"  # the environment's names for this machine, apart from its own, by commas
HOST = re.compile(r"(?P<name>[\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?", re.ASCII | re.IGNORECASE)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """Middleware that refuses foreign requests and puts a policy on each answer."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif why := refusal(scope):
            await refuse(why, scope, receive, send)
        else:
            await self.app(scope, receive, with_headers(scope, send))


def refusal(scope: Scope) -> str:
    """Why this request is not answered; nothing where it is."""
    headers = Headers(scope=scope)
    host, origin = headers.get("host", ""), headers.get("origin")
    if not known_host(host):
        return (
            f"This app does not answer for the name “{printable(host)}”. Open it by its address, "
            f"or start it with `--host NAME` or `${NAMES}`."
        )
    if origin is not None and not own_origin(origin, host):
        return "This app answers its own pages only, and another site's page asked."
    if headers.get("sec-fetch-site") in ("cross-site", "same-site") and not follows_link(scope):
        return "This app answers its own pages only; open it in a tab of its own."
    return ""


def printable(host: str) -> str:
    return re.sub(r"[^\w.:\[\]-]", "?", host[:80])


def known_host(host: str) -> bool:
    """Whether a Host header, with or without its port, names this machine."""
    parts = HOST.fullmatch(host)
    if parts is None:
        return False
    name = parts["name"].lower().rstrip(".")
    return is_address(name.strip("[]")) or name in own_names() | named_hosts()


def is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
        return True
    except ValueError:
        return False


@cache
def own_names() -> frozenset[str]:
    """What others in the same network call this machine; nobody can register these elsewhere."""
    full = socket.gethostname().lower()
    short = full.partition(".")[0]
    return frozenset({"localhost", full, short, f"{short}.local"})


def named_hosts() -> frozenset[str]:
    names = os.environ.get(NAMES, "").lower().split(",")
    return frozenset(name.strip().rstrip(".") for name in names if name.strip())


def own_origin(origin: str, host: str) -> bool:
    """Whether an Origin is the address asked for, or a proxy's named in `$VAE_HOSTS`."""
    try:
        parts = urlsplit(origin)
        return parts.netloc.lower() == host.lower() or parts.hostname in named_hosts()
    except ValueError:
        return False


def follows_link(scope: Scope) -> bool:
    """Whether a person goes to a page, as from a mail or a course's web site."""
    headers = Headers(scope=scope)
    goes = headers.get("sec-fetch-mode") == "navigate"
    return goes and headers.get("sec-fetch-dest") == "document" and scope.get("method") == "GET"


async def refuse(why: str, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": "not from here"})
    else:
        await JSONResponse({"refused": why}, 403)(scope, receive, with_headers(scope, send))


# ---- what every answer says


def with_headers(scope: Scope, send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers.setdefault("Content-Security-Policy", policy(Headers(scope=scope)["host"]))
        await send(message)

    return sending


@cache
def inline_scripts() -> str:
    """The hashes of the scripts in the first page itself."""
    scripts = re.findall("<script>(.*?)</script>", first_page(), re.DOTALL)
    sums = (base64.b64encode(hashlib.sha256(script.encode()).digest()) for script in scripts)
    return " ".join(f"'sha256-{sum.decode()}'" for sum in sums)


def policy(host: str) -> str:
    """What the page may load: itself, and nothing from any other host.

    Streamlit starts components from blob addresses and styles by script; our engine is WebAssembly.
    """
    here = host if HOST.fullmatch(host) else ""
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' blob: 'wasm-unsafe-eval' {inline_scripts()}",
            "worker-src 'self' blob: data:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "media-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self' ws://{here} wss://{here} data: blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )
