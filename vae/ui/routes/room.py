"""How the class answers: with JSON, or with one sentence in {"refused": "…"}, as in heavy.py."""

from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from vae.classroom import TooMuch
from vae.errors import InputError
from vae.ui import classroom
from vae.ui.classroom import Classroom

OFF = "No class is open here; `python app.py --class` opens one."
LARGEST = 120_000  # bytes that a phone sends at once: a colour picture of 160 × 160 pixels
SECONDS = 20  # in which they must come

Endpoint = Callable[[Request], Awaitable[Any]]


def answered(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that answers with JSON, or with the sentence of its refusal."""

    async def answer(request: Request) -> Response:
        try:
            return JSONResponse(await endpoint(request))
        except InputError as why:
            return JSONResponse({"refused": str(why)}, 429 if isinstance(why, TooMuch) else 422)
        except ClientDisconnect:
            return Response(status_code=400)  # it vanished in the middle: nothing is kept of it

    return answer


def here() -> Classroom:
    """Raises InputError where no class is on."""
    if (one := classroom.now()) is None:
        raise InputError(OFF)
    return one


async def body_as(kind: type, request: Request) -> Any:
    """What a request brings. Raises InputError where it is too large, too slow or of no use."""
    parts, n = [], 0
    try:
        with anyio.fail_after(SECONDS):
            async for part in request.stream():
                parts.append(part)
                if (n := n + len(part)) > LARGEST:
                    raise InputError(
                        f"This is too large to send: {LARGEST // 1000} kB is the limit."
                    )
        return msgspec.json.decode(b"".join(parts), type=kind)
    except TimeoutError as why:
        raise InputError(f"This did not arrive within {SECONDS} seconds; send it again.") from why
    except (msgspec.DecodeError, UnicodeDecodeError) as why:
        raise InputError(f"This cannot be used ({str(why).replace('`', '')}).") from why
