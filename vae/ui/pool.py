"""The processes that do the heavy work, so that nobody who drags or opens a page waits for it.

    async with aclosing(POOL.run("film", folder, body, query)) as parts:
        async for part in parts: ...

A process is used again and again, because loading torch takes seconds. Whoever stops reading ends
the job after its present part; where that takes longer than a second, the process is ended, as is
one that has once held much memory.
"""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from subprocess import PIPE
from typing import Any

import anyio

from vae.errors import InputError
from vae.ui.jobs.part import Part
from vae.ui.jobs.worker import Message, read, write

ROOT = Path(__file__).parents[2]
GRACE = 1.0  # seconds for a part that nobody waits for any more
MOST = 700_000_000  # bytes that a process may have held and still be used again
nice = 10  # of 19, the lowest priority; `app.py --nice` sets it
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class Worker:
    """One process of `vae.ui.jobs.worker`, spoken to from a thread of its own."""

    def __init__(self):
        command = [sys.executable, "-m", "vae.ui.jobs.worker"]
        # On a busy machine a second thread slows such small work down.
        environment = {**os.environ, **ONE_THREAD}
        self.process = subprocess.Popen(command, stdin=PIPE, stdout=PIPE, cwd=ROOT, env=environment)
        give_way(self.process.pid)
        self.thread = ThreadPoolExecutor(1)
        self.last: Future[Message] = Future()
        self.under_way = False  # a job waits to be asked for more

    def ask(self, head: dict[str, Any], body: bytes = b"") -> Future[Message]:
        self.last = self.thread.submit(self.exchange, head, body)
        return self.last

    def exchange(self, head: dict[str, Any], body: bytes) -> Message:
        try:
            write(self.process.stdin, head, body)
            head, data = read(self.process.stdout)
        except (EOFError, OSError) as why:
            raise RuntimeError("A process that works for the app has ended by itself.") from why
        self.under_way = "media" in head
        return head, data

    async def settled(self) -> bool:
        """Let a job that is under way end. Whether the process may be used again."""
        head = {}
        if not self.last.cancelled():  # else nobody has asked yet
            head, _ = await asyncio.wrap_future(self.last)
        if self.under_way:
            head, _ = await asyncio.wrap_future(self.ask({"more": False}))
        return head.get("end", 0) < MOST

    def end(self) -> None:
        self.process.kill()
        self.thread.shutdown(wait=True)  # its reading ends with the process
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(BrokenPipeError):
                pipe.close()
        self.process.wait()


class Pool:
    """Workers that are idle. How many there are at a time is for the lines to say."""

    def __init__(self):
        self.idle: list[Worker] = []
        self.lock = threading.Lock()

    def take(self) -> Worker:
        with self.lock:
            while self.idle:
                worker = self.idle.pop()
                if worker.process.poll() is None:
                    return worker
                worker.end()
        return Worker()

    async def give_back(self, worker: Worker) -> None:
        again = False
        try:
            with anyio.move_on_after(GRACE):
                again = await worker.settled()
        except RuntimeError:
            again = False  # it has ended, and the request has its answer
        if again:
            with self.lock:
                self.idle.append(worker)
        else:
            await asyncio.to_thread(worker.end)

    async def run(
        self, job: str, folder: Path, body: bytes, query: Mapping[str, str]
    ) -> AsyncIterator[Part]:
        """The parts of a job's answer. Raises InputError as the job, RuntimeError if it fails."""
        worker = self.take()
        try:
            call = worker.ask({"job": job, "folder": str(folder), "query": dict(query)}, body)
            head, data = await asyncio.wrap_future(call)
            while "media" in head:
                yield Part(head["media"], data, head["headers"])
                head, data = await asyncio.wrap_future(worker.ask({"more": True}))
            if "refused" in head:
                raise InputError(head["refused"])
            if "failed" in head:
                raise RuntimeError(f"The job {job} failed; the log says why.")
        finally:
            with anyio.CancelScope(shield=True):
                await self.give_back(worker)

    def warm_up(self) -> None:
        """Have a process ready that has loaded torch."""
        with self.lock:
            if not self.idle:
                worker = Worker()
                worker.ask({"job": "warm", "folder": "", "query": {}})
                self.idle.append(worker)

    def close(self) -> None:
        with self.lock:
            while self.idle:
                self.idle.pop().end()


POOL = Pool()


def give_way(process: int) -> None:
    """Give a process a lower priority: somebody may be dragging meanwhile."""
    if nice and hasattr(os, "setpriority"):
        with suppress(ProcessLookupError):  # it may have ended already
            os.setpriority(os.PRIO_PROCESS, process, nice)
