"""Another UMAP on request, made by a process of its own, and kept as a file.

    POST /umap/{name}?settings={"neighbors": 50}   -> its progress, line by line

The child lives as long as the answer: who goes away, or cancels, ends it. UMAP compiles itself the
first time it runs on a machine, which takes up to a minute; `warm_up` does that in the background
as soon as the app has its first visitor.
"""

import asyncio
import json
import subprocess
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from dataclasses import asdict
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from vae.bundle import ATLAS
from vae.errors import InputError
from vae.files import cache_folder, prune
from vae.project import Umap
from vae.ui.jobs.part import Part, configured, line, settings
from vae.ui.library import read_card
from vae.ui.pool import ROOT, give_way
from vae.ui.routes.heavy import Asked

KEPT = 200_000_000  # bytes of maps on disk: some two thousand; those used last stay


def maps_folder() -> Path:
    """Where maps that somebody asked for are kept."""
    return cache_folder("maps")


def map_path(atlas: str, wanted: Umap) -> Path:
    """The file of the map with these settings of the atlas with this SHA-256."""
    key = json.dumps([atlas, asdict(wanted)], sort_keys=True)
    return maps_folder() / f"{sha256(key.encode()).hexdigest()[:24]}.safetensors"


def existing(asked: Asked) -> Part | None:
    """The answer where the map is there. Raises InputError as `map_of`."""
    _, path = map_of(asked)
    if path.is_file():
        path.touch()  # it is in use
        return line(words="This map was made before.", map=path.name)
    return None


def map_of(asked: Asked) -> tuple[Umap, Path]:
    """What is asked for, and its file. Raises InputError: a damaged model, settings that fail."""
    wanted = configured(Umap, settings(asked.query))
    return wanted, map_path(read_card(asked.folder).files[ATLAS], wanted)


async def making(asked: Asked) -> AsyncIterator[Part]:
    """Lines of JSON {"share", "words"}; the last is {"words", "map": its file}."""
    if part := existing(asked):  # while we waited
        yield part
        return
    wanted, path = map_of(asked)
    async with aclosing(followed(asked.folder.resolve(), wanted, path)) as parts:
        async for part in parts:
            yield part
    await asyncio.to_thread(prune, maps_folder(), "*.safetensors*", KEPT)


async def followed(folder: Path, wanted: Umap, path: Path) -> AsyncIterator[Part]:
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
            raise InputError(f"UMAP stopped: {why[-1] if why else 'no reason given'}")
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.terminate()


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "vae", "project", *arguments]


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
