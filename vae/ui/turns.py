"""Whose turn it is to train: one at a time, in the order in which they were asked for.

A process goes on when the server that started it has ended. Any server finds it by its lock, which
the process was born with: so there is no moment at which two could be started.
"""

import os
import subprocess
import sys
import threading
from time import sleep

from vae.files import make_folder
from vae.ui.pool import ONE_THREAD, ROOT, give_way
from vae.ui.trainings import POSIX, Training, Turn, alone, trainings


def advance() -> subprocess.Popen | None:
    """Begin the training that is next, where none is under way."""
    with alone():
        each = trainings()
        if any(one.alive() for one in each):
            return None
        waiting = [one for one in each if one.state == "waiting"]
        return begin(min(waiting, key=lambda one: one.turn.since)) if waiting else None


def begin(one: Training) -> subprocess.Popen:
    """Start its process, which has the lock from before it is born until it is no more."""
    import fcntl

    alive = os.open(one.folder / "alive", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(alive, fcntl.LOCK_EX)  # at once, but for who only looks
        make_folder(one.workplace)
        (one.workplace / "request").unlink(missing_ok=True)
        with (one.folder / "log.txt").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "vae", *one.asked.command],
                cwd=one.model.parent,
                env={**os.environ, **ONE_THREAD, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[alive],
                start_new_session=True,  # Ctrl+C is for the server
            )
    finally:
        os.close(alive)
    give_way(process.pid)
    one.put(Turn(one.turn.since, begun=True, process=process.pid))
    return process


class Line(threading.Thread):
    """Begins one training after the other, as long as there are any."""

    def __init__(self):
        super().__init__(daemon=True)
        self.process: subprocess.Popen | None = None

    def run(self) -> None:
        while any(one.state in ("training", "waiting") for one in trainings()):
            if self.process is None or self.process.poll() is not None:
                self.process = advance()
            sleep(0.5)
        if self.process is not None:
            self.process.wait()  # what it had locked is free, so it has ended


line: Line | None = None


def wake() -> None:
    """See to it that who waits is not forgotten, also after the server has started anew."""
    global line
    if POSIX and (line is None or not line.is_alive()):
        line = Line()
        line.start()
