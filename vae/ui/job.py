"""A UMAP made on request: a process of its own, which reports, can be stopped, and is cached.

UMAP compiles itself the first time it runs on a machine, which takes up to a minute; `warm_up`
does that in the background as soon as the app has its first visitor.
"""

import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import platformdirs

from vae.errors import InputError
from vae.project import Umap

AT_ONCE = 2  # maps made at the same time, for all visitors together
makers: list[subprocess.Popen] = []


def maps_folder() -> Path:
    """Where maps that somebody asked for are kept."""
    return Path(platformdirs.user_cache_dir("vae-atelier")) / "maps"


def map_path(atlas: str, settings: Umap) -> Path:
    """The file of the map with these settings of the atlas with this SHA-256."""
    key = json.dumps([atlas, asdict(settings)], sort_keys=True)
    return maps_folder() / f"{sha256(key.encode()).hexdigest()[:24]}.safetensors"


class Job:
    """One visitor's request for a map of one model."""

    def __init__(self, folder: Path, atlas: str):
        self.folder, self.atlas = folder.resolve(), atlas
        self.process: subprocess.Popen | None = None
        self.path: Path | None = None  # of the map on show; None is the shipped one
        self.wanted: Path | None = None
        self.share = 0.0
        self.message = ""

    @property
    def running(self) -> bool:
        return self.process is not None

    def report(self, root: str) -> dict:
        """What the browser is told."""
        self.collect()
        state = "running" if self.running else "idle"
        return {
            "job": {"state": state, "share": self.share, "message": self.message},
            "coordinates": f"{root}/maps/{self.path.name}" if self.path else None,
        }

    def answer(self, request: dict) -> None:
        """Do what the browser asked for; a request that cannot be met is a message."""
        try:
            match request.get("act"):
                case "run":
                    self.run(Umap(**request.get("settings", {})))
                case "cancel":
                    self.cancel()
                case "reset":
                    self.path, self.message = None, ""
        except (InputError, TypeError) as why:
            self.message = str(why)

    def run(self, settings: Umap) -> None:
        self.cancel()
        self.wanted = map_path(self.atlas, settings)
        if self.wanted.is_file():
            self.path, self.message = self.wanted, "This map was made before."
            return
        if sum(p.poll() is None for p in makers) >= AT_ONCE:
            self.message = "Others are having maps made; try again in a minute."
            return
        flags = [f"--{k.replace('_', '-')}={v}" for k, v in asdict(settings).items()]
        self.share, self.message = 0.0, waiting()
        self.process = start(str(self.folder), *flags, "--out", str(self.wanted), "--json")
        makers[:] = [p for p in makers if p.poll() is None] + [self.process]
        threading.Thread(target=self.follow, args=[self.process], daemon=True).start()

    def follow(self, process: subprocess.Popen) -> None:
        """Read the child's progress, one JSON object a line."""
        for line in process.stdout:
            share = json.loads(line)["share"]
            if process is self.process:
                self.share, self.message = share, f"{round(100 * share)} % of the layout"

    def collect(self) -> None:
        """Take the result of a child that has ended."""
        if self.process is None or self.process.poll() is None:
            return
        ended, self.process = self.process, None
        if ended.returncode == 0:
            self.path, self.message = self.wanted, "Done. The map is kept on this computer."
        else:
            why = ended.stderr.read().strip().splitlines()
            self.message = f"UMAP stopped: {why[-1] if why else 'no reason given'}"

    def cancel(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process, self.message = None, "Cancelled; the map is as it was."


def start(*arguments: str) -> subprocess.Popen:
    """`python -m vae project …` as a quiet child, gentle to whoever is dragging meanwhile."""
    command = [sys.executable, "-m", "vae", "project", *arguments]
    root = Path(__file__).parents[2]
    pipe = subprocess.PIPE
    child = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, cwd=root)
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, child.pid, 10)
    return child


warmth: subprocess.Popen | None = None


def warm_up() -> None:
    """Let UMAP compile itself in the background, once for each version of it on a machine."""
    global warmth
    stamp = maps_folder() / warm_stamp()
    if warmth is None and not stamp.exists():
        warmth = start("--warm", "--out", str(stamp))


def warm_stamp() -> str:
    """The name of the file that says that this UMAP has been compiled on this machine."""
    return f"umap-{version('umap-learn')}-numba-{version('numba')}.warm"


def waiting() -> str:
    if warmth is not None and warmth.poll() is None:
        return "UMAP is compiling itself for this computer; that happens once and takes a minute."
    return "Reading neighbourhoods …"
