"""The trainings of the app: a folder each, in which all of it stands.

    <the user's data>/trainings/<id>/
        asked.json         what somebody has asked for: an `Asked`
        turn.json          whether its turn has come: a `Turn`
        alive              locked by the process that trains, for as long as it lives
        log.txt            what that process says
        run/               where it works:
            model.training/    its checkpoint, and the record of what it has done (record.py)
            model/             the finished model, until somebody keeps it
        kept.json          the name under which somebody has kept it

One trains at a time, the others wait in the order in which they came (turns.py). Nothing here needs
torch, nor to have started the process that trains.
"""

import os
import shlex
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from time import sleep, time
from typing import Any

import msgspec
from filelock import FileLock
from msgspec import Struct

from vae import bundle
from vae.errors import InputError
from vae.files import data_folder, make_folder, replace, writing
from vae.record import FINISH, PAUSE, status
from vae.ui import library

MOST = 20  # trainings of which there is a folder
POSIX = os.name == "posix"  # elsewhere a lock is not inherited
ONLY_POSIX = "Training on this page needs Linux or macOS; python -m vae train works everywhere."


class Asked(Struct, frozen=True):
    title: str
    data: str  # the title of the data set
    steps: int
    command: list[str]  # after python -m vae
    visitor: str  # a browser
    when: float


class Turn(Struct, frozen=True):
    since: float  # when it was put into the line
    begun: bool = False
    process: int = 0


def root() -> Path:
    return data_folder("trainings")


@dataclass(frozen=True)
class Training:
    folder: Path

    @property
    def id(self) -> str:
        return self.folder.name

    @property
    def model(self) -> Path:
        return self.folder / "run" / "model"

    @property
    def workplace(self) -> Path:
        return self.folder / "run" / "model.training"

    @property
    def record(self) -> Path:
        return self.workplace / "record"

    @property
    def asked(self) -> Asked:
        return msgspec.json.decode((self.folder / "asked.json").read_bytes(), type=Asked)

    @property
    def turn(self) -> Turn:
        return msgspec.json.decode((self.folder / "turn.json").read_bytes(), type=Turn)

    def put(self, turn: Turn) -> None:
        replace(self.folder / "turn.json", msgspec.json.encode(turn))

    @property
    def kept(self) -> str:
        """The name under which its model was kept, if it was."""
        with suppress(FileNotFoundError):
            return msgspec.json.decode((self.folder / "kept.json").read_bytes())
        return ""

    @property
    def request(self) -> str:
        with suppress(FileNotFoundError):
            return (self.workplace / "request").read_text("utf-8")
        return ""

    @property
    def state(self) -> str:
        """kept, training, done, waiting, paused, or ended, as one that was killed."""
        if self.kept:
            return "kept"
        if self.alive():
            return "training"
        if (self.model / bundle.CARD).is_file():
            return "done"
        if not self.turn.begun:
            return "waiting"
        return "paused" if self.request == PAUSE else "ended"

    def alive(self) -> bool:
        """Whether a process trains here."""
        import fcntl

        with (self.folder / "alive").open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False


def trainings() -> list[Training]:
    """All, in the order in which they were asked for."""
    folders = [path.parent for path in root().glob("[!.]*/asked.json")]
    return sorted(map(Training, folders), key=lambda one: (one.asked.when, one.id))


def training_of(name: str) -> Training:
    """Raises InputError where there is none of that name."""
    for one in trainings():
        if one.id == name:
            return one
    raise InputError("This training is not here any more.")


@contextmanager
def alone() -> Iterator[None]:
    """Keep all others from changing what trains and what waits."""
    make_folder(root())
    with writing(root()), FileLock(root() / ".lock"):
        yield


# ---- what somebody may ask for


def create(folder: Path, asked: Asked) -> Training:
    """Put a training at the end of the line; `folder` is the one of all of them.

    Raises:
        InputError: there are too many, or no room.
    """
    with alone():
        if len(trainings()) >= MOST:
            raise InputError(f"There are {MOST} trainings here already: remove one of them first.")
        name = token_hex(6)
        new = Training(folder / f".{name}")
        make_folder(new.folder)
        (new.folder / "alive").touch()
        new.put(Turn(since=time()))
        replace(new.folder / "asked.json", msgspec.json.encode(asked))
        return Training(new.folder.rename(folder / name))


def pause(one: Training) -> None:
    """Let it end at its next checkpoint, or leave the line."""
    with alone():
        expect(one, "training", "waiting")
        make_folder(one.workplace)
        replace(one.workplace / "request", PAUSE.encode())
        one.put(Turn(one.turn.since, begun=True, process=one.turn.process))


def finish(one: Training) -> None:
    """Let it take no more steps, and make the model from what there is."""
    with alone():
        expect(one, "training")
        replace(one.workplace / "request", FINISH.encode())


def go_on(one: Training) -> None:
    """Put it at the end of the line again; it continues from its checkpoint."""
    with alone():
        expect(one, "paused", "ended")
        (one.workplace / "request").unlink(missing_ok=True)
        one.put(Turn(since=time()))


def keep(one: Training, name: str, title: str) -> None:
    """Put the model among the user's own, under `name`, whole.

    Raises:
        InputError: it is not finished, or the name is taken, or none.
    """
    from vae.data.folder import NAME

    if not NAME.fullmatch(name):
        raise InputError(f"{name!r} cannot name a model: use letters, digits, '.', '_' and '-'.")
    with alone():
        expect(one, "done")
        target = library.own_folder() / name
        if name in library.folders() or target.exists():
            raise InputError(f"There is a model “{name}” already; choose another name.")
        bundle.with_entries(one.model, title=title or name)
        make_folder(target.parent)
        with writing(target):
            one.model.rename(target)
        replace(one.folder / "kept.json", msgspec.json.encode(name))


def remove(one: Training) -> None:
    """End its process, and forget all of it but a model that was kept."""
    with alone():
        if one.alive():
            with suppress(ProcessLookupError):
                os.kill(one.turn.process, signal.SIGKILL)
            while one.alive():
                sleep(0.01)
        shutil.rmtree(one.folder.rename(one.folder.with_name(f".{one.id}")))


def expect(one: Training, *states: str) -> None:
    if one.state not in states:
        raise InputError(f"This is no longer possible: the training is {one.state}.")


# ---- what there is to see


def seen(one: Training, visitor: str) -> dict[str, Any]:
    """A training as the page shows it."""
    asked, state = one.asked, one.state
    return {
        "id": one.id,
        "title": asked.title,
        "data": asked.data,
        "command": shlex.join(["python", "-m", "vae", *asked.command]),
        "yours": asked.visitor == visitor,
        "state": state,
        "kept": one.kept,
        "why": why_ended(one) if state == "ended" else "",
        "since": one.turn.since,
        **status(one.record, asked.steps),
    }


def why_ended(one: Training) -> str:
    """What its process said last, where that is why it ended."""
    with suppress(FileNotFoundError):
        lines = (one.folder / "log.txt").read_text("utf-8", "replace").strip().splitlines()
        if lines and not lines[-1].startswith(("Training on", "training")):
            return lines[-1]
    return "Its process has ended; it can go on from its last checkpoint."
