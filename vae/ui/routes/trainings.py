"""The trainings, for the page Train.

    GET  /trainings                       {"refused", "trainings": […]}: all, as they are now
    GET  /trainings/{id}/about            what all frames share, and the pictures that they rebuild
    GET  /trainings/{id}/curve?from=12    the points from there on
    GET  /trainings/{id}/frame            the last frame: step (uint32), places (float32), pictures
    POST /trainings/{id}/{act}            pause, finish, go-on, remove, or keep {"name", "title"}
    POST /train/settings, /train/ask      as jobs/trainings.py
    POST /train/pictures?name=flowers     files of a form: pictures, or a zip of such
    POST /train-film/{id}                 as jobs/trainings.py

What a page asks for every second has an ETag, and is not sent again while it is the same.
"""

import json
from base64 import b64encode
from collections.abc import Callable
from contextlib import aclosing
from hashlib import sha256
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Any

from anyio import to_thread
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from vae.errors import InputError
from vae.record import about, curve, last_frame, originals
from vae.ui import permission, trainings, turns
from vae.ui.line import Busy
from vae.ui.pool import POOL
from vae.ui.routes.heavy import QUICK, SLOW, Heavy, job
from vae.ui.trainings import Training

MOST_FILES, MOST_BYTES = 5000, 4_000_000_000  # of one form
VISITOR = "x-visitor"


def answering(work: Callable[[Request], Response]) -> Callable:
    """An endpoint that does `work` beside the others; a refusal is one sentence."""

    async def endpoint(request: Request) -> Response:
        try:
            permission.check(request)
            return await to_thread.run_sync(work, request)
        except InputError as why:
            return refused(why)

    return endpoint


def refused(why: InputError) -> Response:
    return JSONResponse({"refused": str(why)}, 429 if isinstance(why, Busy) else 422)


def same_or(request: Request, body: bytes, media: str) -> Response:
    """The body, unless the browser has it already."""
    headers = {"ETag": f'"{sha256(body).hexdigest()[:16]}"', "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media, headers=headers)


def as_json(request: Request, value: Any) -> Response:
    return same_or(request, json.dumps(value).encode(), "application/json")


# ---- what there is to see


async def listed(request: Request) -> Response:
    """Everybody may ask; who may not train sees why, and nothing else."""
    why = "" if permission.may_train(request) else permission.REFUSAL
    why = why if trainings.POSIX else trainings.ONLY_POSIX
    if why:
        return as_json(request, {"refused": why, "trainings": []})
    return await to_thread.run_sync(all_of_them, request)


def all_of_them(request: Request) -> Response:
    turns.wake()
    visitor = request.headers.get(VISITOR, "")
    each = [trainings.seen(one, visitor) for one in trainings.trainings()]
    return as_json(request, {"refused": "", "trainings": each})


def training(request: Request) -> Training:
    return trainings.training_of(request.path_params["name"])


def recorded(request: Request):
    """(the folder of a record, what it is about). Raises InputError before it has begun."""
    folder = training(request).record
    known = about(folder)
    if known is None:
        raise InputError("This training has not begun yet.")
    return folder, known


def about_file(request: Request) -> Response:
    folder, known = recorded(request)
    given = b64encode(originals(folder)).decode()
    labels = known.labels and list(known.labels)
    shared = {"n": known.n, "image": known.image, "classes": known.classes, "labels": labels}
    return as_json(request, shared | {"originals": given})


def curve_file(request: Request) -> Response:
    folder, _ = recorded(request)
    text = request.query_params.get("from", "0")
    points = curve(folder)[int(text) if text.isdecimal() and len(text) < 9 else 0 :]
    return as_json(request, [[one.step, one.train, one.held_out] for one in points])


def frame_file(request: Request) -> Response:
    frame = last_frame(*recorded(request))
    body = b"" if frame is None else frame.tobytes()
    return same_or(request, body, "application/octet-stream")


# ---- what there is to do


ACTS: dict[str, Callable[[Training], None]] = {
    "pause": trainings.pause,
    "finish": trainings.finish,
    "go-on": trainings.go_on,
    "remove": trainings.remove,
}


async def act(request: Request) -> Response:
    body = await request.body()
    return await answering(lambda request: acted(request, body))(request)


def acted(request: Request, body: bytes) -> Response:
    one, what = training(request), request.path_params["act"]
    if what == "keep":
        given = named(body)
        trainings.keep(one, given["name"], given["title"])
    elif what in ACTS:
        ACTS[what](one)
    else:
        raise InputError(f"A training can be asked to {', '.join(ACTS)} or keep, not {what!r}.")
    turns.wake()
    return JSONResponse({})


def named(body: bytes) -> dict[str, str]:
    try:
        given = json.loads(body)
        return {key: str(given[key]).strip()[:80] for key in ("name", "title")}
    except (ValueError, KeyError, TypeError, RecursionError) as why:
        raise InputError(f"The request is incomplete ({why!r}).") from why


def folder_of_record(request: Request) -> Path:
    permission.check(request)
    return training(request).record


def root(request: Request) -> Path:
    permission.check(request)
    return trainings.root()


async def pictures(request: Request) -> Response:
    """Prepare what a form brings as a data set; the files themselves are not kept."""
    try:
        permission.check(request)
        check_size(request.headers.get("content-length", ""))
        name = request.query_params.get("name", "")
        with TemporaryDirectory(prefix="vae-atelier-") as workplace:
            folder = Path(workplace) / (PurePosixPath(name).name or "pictures")
            async with request.form(max_files=MOST_FILES) as form:
                await to_thread.run_sync(save, form.getlist("file"), folder)
            return await prepared(folder, name)
    except InputError as why:
        return refused(why)
    except HTTPException as why:  # as Starlette says that a form is too long or broken
        return refused(InputError(f"The files cannot be read ({why.detail}) Bring them as a zip."))


def check_size(length: str) -> None:
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise InputError(
            f"Pictures of up to {MOST_BYTES / 1e6:,.0f} MB in all can be brought here."
        )


async def prepared(folder: Path, name: str) -> Response:
    async with (
        SLOW.turn(""),
        aclosing(POOL.run("training pictures", folder, b"", {"name": name})) as parts,
    ):
        async for part in parts:
            return Response(part.body, media_type=part.media)
    raise RuntimeError("Pictures were prepared without a result.")


def save(files: list[UploadFile | str], folder: Path) -> None:
    """Below `folder`, whatever they are called."""
    folder.mkdir()
    for file in files:
        if isinstance(file, str):
            continue
        parts = [part for part in PurePosixPath(file.filename or "").parts if part.strip("./\\")]
        target = folder.joinpath(*parts or ["file"])
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as out:
            copyfileobj(file.file, out)


HEAVY = {
    "train/settings": Heavy(job("training settings"), QUICK, 60, where=root),
    "train/ask": Heavy(job("training"), QUICK, 60, where=root),
    "train-film/{name}": Heavy(job("training film"), SLOW, 120, where=folder_of_record),
}
ROUTES = [
    Route("/trainings", listed),
    Route("/trainings/{name}/about", answering(about_file)),
    Route("/trainings/{name}/curve", answering(curve_file)),
    Route("/trainings/{name}/frame", answering(frame_file)),
    Route("/trainings/{name}/{act}", act, methods=["POST"]),
    Route("/train/pictures", pictures, methods=["POST"]),
    *(Route(f"/{path}", heavy, methods=["POST"]) for path, heavy in HEAVY.items()),
]
