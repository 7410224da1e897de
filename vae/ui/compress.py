"""What never changes under its address is compressed once, and kept.

Streamlit sends its own scripts as they are and compresses everything else anew for each visitor:
for a class that opens the page at once, thirty times three megabytes of weights, which hardly
shrink. Here scripts and styles whose address holds their version are compressed once, with the most
effort, and weights are sent as they are.
"""

import gzip
import re

import anyio
from anyio import to_thread
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SCRIPT = re.compile(r"/(static|live)/.+\.(js|css|svg)$")
WEIGHTS = re.compile(r"\.safetensors$")


class Compress:
    """Middleware that keeps the compressed answers to requests for scripts and styles."""

    def __init__(self, app: ASGIApp):
        self.app = app
        self.kept: dict[str, Response] = {}
        self.making = anyio.Lock()  # a class asks at once: one makes it, the others find it

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
        elif WEIGHTS.search(path):
            await self.app(uncompressed(scope), receive, send)
        elif SCRIPT.search(path) and "gzip" in Headers(scope=scope).get("accept-encoding", ""):
            response = self.kept.get(path) or await self.made(scope, receive)
            await response(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def made(self, scope: Scope, receive: Receive) -> Response:
        """The answer of the app, compressed, and kept where it is for good."""
        path = scope["path"]
        async with self.making:
            if path not in self.kept:
                response = await answer_of(self.app, scope, receive)
                if response.status_code != 200 or "immutable" not in lasting(response):
                    return response
                body = await to_thread.run_sync(gzip.compress, response.body, 9)
                response.body = body
                response.headers["Content-Encoding"] = "gzip"
                response.headers["Content-Length"] = str(len(body))
                response.headers.add_vary_header("Accept-Encoding")
                self.kept[path] = response
            return self.kept[path]


def lasting(response: Response) -> str:
    return response.headers.get("cache-control", "")


def uncompressed(scope: Scope) -> Scope:
    """The same request from somebody who reads nothing that is compressed."""
    return {**scope, "headers": [h for h in scope["headers"] if h[0] != b"accept-encoding"]}


async def answer_of(app: ASGIApp, scope: Scope, receive: Receive) -> Response:
    """The whole of what `app` answers, as it is before compression."""
    start: Message = {}
    parts: list[bytes] = []

    async def collect(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            parts.append(message.get("body", b""))

    await app(uncompressed(scope), receive, collect)
    response = Response(b"".join(parts), start["status"])
    response.raw_headers = list(start["headers"])
    return response
