"""The class: what phones send, and what the teacher's page hears and does.

    GET  /join/{code}               a phone: leads to the page that the teacher has chosen
    GET  /room/{code}               {} where this room is open
    POST /room-pictures/{code}      {pupil, name, model, z, x} -> {"count": 2, "most": 12}
    POST /room-predictions/{code}   {pupil, lesson, step, value} -> {}

    GET  /teach/{key}               the teacher: a cookie, and on to their page
    GET  /room-events               all that is in the room, and then each change
    POST /room-acts                 {act, ids, opens} -> {}
    GET  /room-file                 what is in the room as one ZIP file

A refusal is {"refused": "…"}, as in heavy.py.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from functools import partial
from math import prod
from secrets import compare_digest
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import anyio
import msgspec
from anyio import to_thread
from msgspec import Meta, Struct
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from vae.classroom import Room, TooMuch, Value
from vae.code import parse
from vae.errors import InputError
from vae.lessons.lesson import Prediction
from vae.pages import CLASS, PAGES
from vae.ui import classroom, library
from vae.ui.classfile import zipped
from vae.ui.classroom import Classroom
from vae.ui.routes import addresses
from vae.ui.routes.heavy import while_there
from vae.ui.routes.lessons import lessons

OFF = "No class is open here; `python app.py --class` opens one."
LARGEST = 120_000  # bytes that a phone sends at once: a colour picture of 160 × 160 pixels
SECONDS = 20  # in which they must come
TOGETHER = 0.05  # seconds in which changes become one event
ALIVE = 15  # seconds after which a line that says nothing shows that the teacher is still there


class Sent(Struct):
    pupil: Annotated[str, Meta(pattern=r"^[\w-]{8,40}$")]
    model: Annotated[str, Meta(max_length=200)]
    z: str
    x: bytes  # base64
    name: str = ""


class Predicted(Struct):
    pupil: Annotated[str, Meta(pattern=r"^[\w-]{8,40}$")]
    lesson: Annotated[str, Meta(max_length=40)]
    step: Annotated[int, Meta(ge=0, le=1000)]
    value: float | None


class Opens(Struct):
    page: str
    model: str
    lesson: Annotated[str, Meta(max_length=40)] = ""


class Act(Struct):
    act: Literal["hide", "show", "remove", "bar", "clear", "end", "open"]
    ids: Annotated[list[int], Meta(max_length=1000)] = []
    opens: Opens | None = None


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


def room_of(request: Request) -> Room:
    """The room whose code the address has. Raises InputError where there is none, or it is over."""
    room = here().room
    room.check(request.path_params["code"])
    return room


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


# ---- what phones ask


async def join(request: Request) -> Response:
    if (one := classroom.now()) is None:
        return PlainTextResponse(OFF, 404)
    opens = one.room.opens
    page = PAGES[opens.get("page", "yours")]
    query = {k: opens[k] for k in ("model", "lesson") if opens.get(k)}
    query["room"] = request.path_params.get("code", "")
    base = str(request.scope.get("root_path", "")).rstrip("/")
    return RedirectResponse(f"{base}/{page.path}?{urlencode(query)}", 307, addresses.NO_CACHE)


async def look(request: Request) -> dict:
    room_of(request)
    return {}


async def take_picture(request: Request) -> dict:
    room, sent = room_of(request), await body_as(Sent, request)
    z = await to_thread.run_sync(checked, sent)
    x = msgspec.to_builtins(sent.x)
    count = room.send(sent.pupil, sent.name, sent.model, z, x, time.monotonic())
    here().ring()
    return {"count": count, "most": room.limits.pictures}


def checked(sent: Sent) -> str:
    """The code of a picture that its model could have. Raises InputError for any other."""
    card = library.read_card(library.folder_of(sent.model))
    if len(sent.x) != (n := prod(card.model["image"])):
        raise InputError(f"The picture has {len(sent.x)} values; this model takes {n}.")
    parse(card.code, sent.z)
    return sent.z


async def take_prediction(request: Request) -> dict:
    room, said = room_of(request), await body_as(Predicted, request)
    value = fitting(prediction_of(said.lesson, said.step), said.value)
    room.predict(said.pupil, f"{said.lesson}.{said.step + 1}", value, time.monotonic())
    here().ring()
    return {}


def prediction_of(key: str, i: int) -> Prediction:
    steps = next((one.steps for one in lessons().all if one.key == key), [])
    if i >= len(steps) or (predict := steps[i].predict) is None:
        raise InputError(f"Lesson {key} asks for no prediction in its step {i + 1}.")
    return predict


def fitting(predict: Prediction, value: float | None) -> Value:
    """`value` as an answer to this question. Raises InputError where it is none."""
    if value is None:
        return None
    if (number := predict.number) and number.min <= value <= number.max:
        return value
    if not number and value in range(len(predict.choices)):
        return int(value)
    raise InputError("This is none of the answers.")


# ---- what the teacher asks


def is_teacher(one: Classroom, cookies) -> bool:
    return compare_digest(cookies.get(one.cookie, "").encode(), one.room.key.encode())


def taught(request: Request) -> Classroom:
    """The class, for its teacher. Raises InputError for anybody else."""
    one = here()
    if not is_teacher(one, request.cookies):
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
        body = await to_thread.run_sync(zipped, room)
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
