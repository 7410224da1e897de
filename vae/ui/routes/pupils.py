"""The class, as phones ask of it.

GET  /join/{code}               leads to the page that the teacher has chosen
GET  /room/{code}               {} where this room is open
POST /room-pictures/{code}      {pupil, name, model, z, x} -> {"count": 2, "most": 12}
POST /room-predictions/{code}   {pupil, lesson, step, value} -> {}
"""

import time
from math import prod
from typing import Annotated
from urllib.parse import urlencode

import msgspec
from anyio import to_thread
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from vae.classroom import Room, Value
from vae.code import parse
from vae.errors import InputError
from vae.lessons.lesson import Prediction
from vae.pages import PAGES
from vae.ui import classroom, library
from vae.ui.routes import addresses
from vae.ui.routes.lessons import lessons
from vae.ui.routes.room import OFF, body_as, here

Pupil = Annotated[str, Meta(pattern=r"^[\w-]{8,40}$")]  # a word that their browser has made up
Key = Annotated[str, Meta(max_length=40)]  # of a lesson


class Sent(Struct):
    pupil: Pupil
    model: Annotated[str, Meta(max_length=200)]
    z: str
    x: bytes  # base64
    name: str = ""


class Predicted(Struct):
    pupil: Pupil
    lesson: Key
    step: Annotated[int, Meta(ge=0, le=1000)]
    value: float | None


def room_of(request: Request) -> Room:
    """The room whose code the address has. Raises InputError where there is none, or it is over."""
    room = here().room
    room.check(request.path_params["code"])
    return room


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
