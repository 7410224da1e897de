"""How a route answers what takes a while: in its turn, within its time, while somebody waits.

A refusal is {"refused": "…"} with status 422, or 429 where there is too much to do already;
`live/io/client.js` throws it as an InputError. Once an answer has begun, a refusal is its last
line.

A request may carry a ticket, `X-Ticket: <visitor>.<request>`, and ask for its place in the line:

    GET /place/{ticket}   -> {"place": 3}: third in line; 0 when its turn has come
"""

import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import ExitStack, aclosing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import anyio
from anyio import to_thread
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from vae.data.prepare import check_bytes
from vae.errors import InputError
from vae.ui.jobs.part import LINES, Part, line
from vae.ui.library import folder_of
from vae.ui.line import Busy, Limit, Line
from vae.ui.pool import POOL

WORKERS = max(1, min(4, (os.cpu_count() or 2) // 2))  # in each line
QUICK, SLOW, MAPS = Line(WORKERS), Line(WORKERS), Line(1)
OF_A_VISITOR = Limit(8, "Eight of your requests are under way already; wait until one is done.")
OF_AN_ADDRESS = Limit(60, "Sixty requests from your address are under way already; wait a little.")
HELD = Limit(500_000_000, "Too many pictures are being sent at this moment; try again in a minute.")
TICKET = re.compile(r"(?P<visitor>[\w-]{1,40})\.[\w-]{1,40}", re.ASCII)


class Asked(NamedTuple):
    folder: Path  # of the model
    body: bytes
    query: Mapping[str, str]


Make = Callable[[Asked], AsyncIterator[Part]]


def of_model(request: Request) -> Path:
    """The folder of the model that a request names. Raises InputError where there is none."""
    return folder_of(request.path_params["name"])


@dataclass(frozen=True)
class Heavy:
    """An endpoint whose requests wait for each other in `line`."""

    make: Make
    line: Line
    seconds: float  # it may take, from its turn on
    ready: Callable[[Asked], Part | None] = lambda asked: None  # an answer that needs no turn
    where: Callable[[Request], Path] = of_model  # what it is about

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request, reply = Request(scope, receive), Reply(scope, receive, send)
        try:
            with ExitStack() as limits:
                limits.enter_context(OF_A_VISITOR.more(visitor(request)))
                limits.enter_context(OF_AN_ADDRESS.more(address(request)))
                body = await read(request, limits)
                folder = await to_thread.run_sync(self.where, request)
                asked = Asked(folder, body, request.query_params)
                await while_there(receive, partial(self.answer, asked, ticket(request), reply))
        except* InputError as group:
            await reply.refuse(group.exceptions[0])

    async def answer(self, asked: Asked, ticket: str, reply: "Reply") -> None:
        if part := self.ready(asked):
            await reply.add(part)
        else:
            async with self.line.turn(ticket):
                await self.work(asked, reply)
        await reply.finish()

    async def work(self, asked: Asked, reply: "Reply") -> None:
        try:
            with anyio.fail_after(self.seconds):
                async with aclosing(self.make(asked)) as parts:
                    async for part in parts:
                        await reply.add(part)
        except TimeoutError as why:
            raise InputError(
                f"This took longer than {self.seconds:g} seconds and was ended; ask for less."
            ) from why


async def while_there(receive: Receive, work: Callable[[], Awaitable[None]]) -> None:
    """Do `work`, unless the client disconnects."""

    async def watch() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        tasks.cancel_scope.cancel()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(watch)
        await work()
        tasks.cancel_scope.cancel()


class Reply:
    """An answer that begins with its first part."""

    def __init__(self, scope: Scope, receive: Receive, send: Send):
        self.whole = lambda response: response(scope, receive, send)
        self.send = send
        self.media = ""  # of what has begun

    async def add(self, part: Part) -> None:
        if not self.media:
            self.media = part.media
            headers = Headers({"Content-Type": part.media, **dict(part.headers)}).raw
            await self.send({"type": "http.response.start", "status": 200, "headers": headers})
        await self.send({"type": "http.response.body", "body": part.body, "more_body": True})

    async def finish(self) -> None:
        await self.send({"type": "http.response.body", "body": b"", "more_body": False})

    async def refuse(self, why: InputError) -> None:
        if self.media == LINES:
            await self.add(line(refused=str(why)))
            await self.finish()
        elif not self.media:
            status = 429 if isinstance(why, Busy) else 422
            await self.whole(JSONResponse({"refused": str(why)}, status))
        else:
            raise why  # half a file was sent: the connection breaks, and the browser says so


# ---- what a request brings


async def read(request: Request, limits: ExitStack) -> bytes:
    """The body, refused as soon as it is larger than any picture may be."""
    parts, n = [], 0
    async for part in request.stream():
        limits.enter_context(HELD.more("bytes", len(part)))
        parts.append(part)
        n += len(part)
        if n:
            check_bytes(n)
    return b"".join(parts)


def ticket(request: Request) -> str:
    """The request's own name, if it has brought one."""
    given = request.headers.get("x-ticket", "")
    return given if TICKET.fullmatch(given) else ""


def visitor(request: Request) -> str:
    return f"{address(request)} {ticket(request).partition('.')[0]}"


def address(request: Request) -> str:
    return request.client.host if request.client else ""


async def place(request: Request) -> Response:
    asked = request.path_params["ticket"]
    return JSONResponse({"place": max(one.place(asked) for one in (QUICK, SLOW, MAPS))})


def job(name: str) -> Make:
    """The maker of an answer by a job of `vae.ui.jobs.worker`."""
    return lambda asked: POOL.run(name, *asked)
