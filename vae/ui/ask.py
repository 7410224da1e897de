"""How a route answers what the browser asks: off the event loop, and refusals as sentences.

A refusal is {"refused": "…"} with status 422; `live/io/client.js` throws it as an InputError.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from vae.data.prepare import check_bytes
from vae.errors import InputError


def answering(endpoint):
    """An endpoint (model's name, body, query) -> response, run beside the event loop."""

    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        try:
            body = await read(request)
            name, query = request.path_params["name"], request.query_params
            return await run_in_threadpool(endpoint, name, body, query)
        except InputError as why:
            return JSONResponse({"refused": str(why)}, 422)

    return answer


async def read(request: Request) -> bytes:
    """The body, refused as soon as it is larger than any picture may be."""
    parts, n = [], 0
    async for part in request.stream():
        parts.append(part)
        n += len(part)
        if n:
            check_bytes(n)
    return b"".join(parts)


def settings(query: Any) -> dict[str, Any]:
    try:
        given = json.loads(query.get("settings", "{}"))
    except (ValueError, RecursionError) as why:
        raise InputError(f"The settings are not readable as JSON ({why}).") from why
    if not isinstance(given, dict):
        raise InputError("The settings must be names with values.")
    return {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}


def configured(kind: Callable, values: dict[str, Any]):
    """A configuration from the browser. Raises InputError for a name that it has not."""
    try:
        return kind(**values)
    except TypeError as why:
        raise InputError(f"There is no such setting ({why}).") from why
