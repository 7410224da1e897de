"""Another UMAP on request, made by a process of its own, and kept as a file.

    POST /umap/{name}?settings={"neighbors": 50}   -> its progress, line by line

The child lives as long as the answer: who goes away, or cancels, ends it. UMAP compiles itself the
first time it runs on a machine, which takes up to a minute; `warm_up` does that in the background
as soon as the app has its first visitor.
"""

import asyncio
import json
import os
import subprocess
import sys
import threading
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import asdict
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import platformdirs
from starlette.responses import Response, StreamingResponse

from vae.bundle import ATLAS
from vae.project import Umap
from vae.ui import session
from vae.ui.ask import answering, configured, settings

ROOT = Path(__file__).parents[2]
AT_ONCE = 2  # maps made at the same time, for all visitors together
places = threading.BoundedSemaphore(AT_ONCE)


def maps_folder() -> Path:
    """Where maps that somebody asked for are kept."""
    return Path(platformdirs.user_cache_dir("vae-atelier")) / "maps"


def map_path(atlas: str, wanted: Umap) -> Path:
    """The file of the map with these settings of the atlas with this SHA-256."""
    key = json.dumps([atlas, asdict(wanted)], sort_keys=True)
    return maps_folder() / f"{sha256(key.encode()).hexdigest()[:24]}.safetensors"


@answering
def umap(name: str, body: bytes, query: Any) -> Response:
    """Lines of JSON {"share", "words"}; the last is {"words", "map": its file}, or {"refused"}."""
    wanted = configured(Umap, settings(query))
    folder, stamp = session.found(name)
    path = map_path(session.read_card(folder, stamp).files[ATLAS], wanted)
    lines = making(folder.resolve(), wanted, path)
    return StreamingResponse(lines, media_type="application/x-ndjson")


async def making(folder: Path, wanted: Umap, path: Path) -> AsyncIterator[str]:
    if path.is_file():
        yield line(words="This map was made before.", map=path.name)
    elif not places.acquire(blocking=False):
        yield line(refused="Others are having maps made; try again in a minute.")
    else:
        try:
            async for told in followed(folder, wanted, path):
                yield told
        finally:
            places.release()


async def followed(folder: Path, wanted: Umap, path: Path) -> AsyncIterator[str]:
    """What a child that makes the map has to say."""
    flags = [f"--{k.replace('_', '-')}={v}" for k, v in asdict(wanted).items()]
    call = command(str(folder), *flags, "--out", str(path), "--json")
    child = await asyncio.create_subprocess_exec(*call, stdout=PIPE, stderr=PIPE, cwd=ROOT)
    try:
        give_way(child.pid)
        yield line(share=0, words=waiting())
        async for text in child.stdout:
            share = json.loads(text)["share"]
            yield line(share=share, words=f"{round(100 * share)} % of the layout")
        why = (await child.stderr.read()).decode().strip().splitlines()
        if await child.wait() == 0:
            yield line(words="Done. The map is kept on this computer.", map=path.name)
        else:
            yield line(refused=f"UMAP stopped: {why[-1] if why else 'no reason given'}")
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.terminate()


def line(**said: Any) -> str:
    return json.dumps(said) + "\n"


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "vae", "project", *arguments]


def give_way(process: int) -> None:
    """Let a child be gentle to whoever is dragging meanwhile."""
    if hasattr(os, "setpriority"):
        with suppress(ProcessLookupError):  # it may have ended already
            os.setpriority(os.PRIO_PROCESS, process, 10)


warmth: subprocess.Popen | None = None


def warm_up() -> None:
    """Let UMAP compile itself in the background, once for each version of it on a machine."""
    global warmth
    stamp = maps_folder() / warm_stamp()
    if warmth is None and not stamp.exists():
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        warmth = subprocess.Popen(command("--warm", "--out", str(stamp)), cwd=ROOT, **quiet)
        give_way(warmth.pid)


def warm_stamp() -> str:
    """The name of the file that says that this UMAP has been compiled on this machine."""
    return f"umap-{version('umap-learn')}-numba-{version('numba')}.warm"


def waiting() -> str:
    if warmth is not None and warmth.poll() is None:
        return "UMAP is compiling itself for this computer; that happens once and takes a minute."
    return "Reading neighbourhoods …"
