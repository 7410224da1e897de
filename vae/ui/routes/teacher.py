"""The class, as its teacher asks of it: with a cookie that their address has given their browser.

GET  /teach/{key}               the cookie, and on to the teacher's page
GET  /class                     that page
GET  /room-events               all that is in the room, and then each change
POST /room-acts                 {act, ids, opens} -> {}
GET  /room-file                 what is in the room as one ZIP file
"""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from secrets import compare_digest
from typing import Annotated, Any, Literal

import anyio
import msgspec
from anyio import to_thread
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from vae.classroom import Room
from vae.errors import InputError
from vae.pages import CLASS, PAGES
from vae.ui import classroom, library
from vae.ui.classfile import zipped
from vae.ui.classroom import Classroom
from vae.ui.routes import addresses
from vae.ui.routes.heavy import while_there
from vae.ui.routes.room import OFF, body_as, here

TOGETHER = 0.05  # seconds in which changes become one event
ALIVE = 15  # seconds after which a line that says nothing shows that the teacher is still there


class Opens(Struct):
    page: str
    model: str
    lesson: Annotated[str, Meta(max_length=40)] = ""


class Act(Struct):
    act: Literal["hide", "show", "remove", "bar", "clear", "end", "open"]
    ids: Annotated[list[int], Meta(max_length=1000)] = []
    opens: Opens | None = None


def taught(request: Request) -> Classroom:
    """The class, for its teacher. Raises InputError for anybody else."""
    one = here()
    if not one.is_taught_by(request.cookies):
        raise InputError("Only the teacher can do this, in the browser that opened their address.")
    return one


async def teach(request: Request) -> Response:
    one, given = classroom.now(), request.path_params["key"]
    if one is None or not compare_digest(given.encode(), one.room.key.encode()):
        words = "This is not the teacher's address of the class that is open now: see the terminal."
        return PlainTextResponse(words if one else OFF, 404)
    base = str(request.scope.get("root_path", "")).rstrip("/")
    answer = RedirectResponse(f"{base}/{CLASS.path}", 303, addresses.NO_CACHE)
    answer.set_cookie(one.cookie, given, path=base or "/", httponly=True, samesite="strict")
    return answer


def page(request: Request) -> Response:
    """The teacher's page, which is there while a class is on."""
    if classroom.now() is None:
        return addresses.to_home(request, {"unknown": f"/{CLASS.path}"})
    return addresses.page(request)


async def act(request: Request) -> dict:
    one, asked = taught(request), await body_as(Act, request)
    ACTS[asked.act](one.room, asked)
    one.ring()
    return {}


def open_page(room: Room, asked: Act) -> None:
    """What phones that join are led to."""
    opens = asked.opens or Opens("yours", "")
    if opens.page not in PAGES:
        raise InputError(f"There is no page {opens.page!r}.")
    library.folder_of(opens.model)
    room.opens = msgspec.to_builtins(opens)


ACTS: dict[str, Callable[[Room, Act], None]] = {
    "hide": lambda room, asked: room.hide(asked.ids, True),
    "show": lambda room, asked: room.hide(asked.ids, False),
    "remove": lambda room, asked: room.remove(asked.ids),
    "bar": lambda room, asked: room.bar(asked.ids),
    "clear": lambda room, asked: room.clear(),
    "end": lambda room, asked: room.end(),
    "open": open_page,
}


async def file(request: Request) -> Response:
    try:
        room = taught(request).room
        body = await to_thread.run_sync(zipped, room.shown(), room.tallies())
    except InputError as why:
        return JSONResponse({"refused": str(why)}, 422)
    name = f"class {room.code}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', **addresses.NO_CACHE}
    return Response(body, media_type="application/zip", headers=headers)


class Events:
    """An endpoint that tells the teacher's page what is in the room, as long as it is open."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            one = taught(Request(scope, receive))
        except InputError as why:
            await JSONResponse({"refused": str(why)}, 422)(scope, receive, send)
            return
        headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        one.teachers += 1
        one.ring()
        try:
            await while_there(receive, partial(self.follow, one, send))
        finally:
            one.teachers -= 1
            one.ring()

    async def follow(self, one: Classroom, send: Send) -> None:
        sent: set[int] = set()
        while True:
            change = one.changed
            await send(body(f"data: {event(one, sent)}\n\n"))
            while not change.is_set():
                with anyio.move_on_after(ALIVE):
                    await change.wait()
                if not change.is_set():
                    await send(body(": still here\n\n"))
            await anyio.sleep(TOGETHER)


def body(text: str) -> dict[str, Any]:
    return {"type": "http.response.body", "body": text.encode(), "more_body": True}


def event(one: Classroom, sent: set[int]) -> str:
    """The room as it is, with those of its pictures that are not `sent` yet; then they are."""
    new = [picture for i, picture in one.room.pictures.items() if i not in sent]
    sent.update(picture.id for picture in new)
    said = {"pictures": [asdict(picture) for picture in new], **one.room.summary()}
    return msgspec.json.encode({**said, "teachers": one.teachers}).decode()
