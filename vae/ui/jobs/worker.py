"""A process that does one job after another: `python -m vae.ui.jobs.worker`.

It reads a message {"job", "folder", "query"} with a body, answers with one part, and makes the next
part when it is asked for more: so it never runs ahead of its reader, and ends between two parts
when nobody does. A message is a line of JSON with the length of what follows. Pictures that
strangers send are opened here, so the server reads nothing else from here, and no pickle.
"""

import json
import os
import re
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

from vae.errors import InputError
from vae.ui.jobs import examinations, exports, mixtures, pictures, trainings, walks
from vae.ui.jobs.part import Part

Message = tuple[dict[str, Any], bytes]
STATUS = Path("/proc/self/status")


def warm(folder: Path, body: bytes, query: dict) -> Iterator[Part]:
    """Load torch, so that the first one who asks does not wait for it."""
    import torch  # noqa: F401

    yield from ()


JOBS: dict[str, Callable[..., Iterator[Part]]] = {
    "warm": warm,
    "picture": pictures.picture,
    "preparations": pictures.preparations,
    "examples": pictures.examples,
    "refinement": pictures.refinement,
    "geodesic": walks.geodesic,
    "film": walks.film,
    "mixture": mixtures.mixture,
    "export": exports.export,
    "doctor": examinations.doctor,
    "training settings": trainings.settings,
    "training": trainings.ask,
    "training pictures": trainings.pictures,
    "training film": trainings.film,
}


def write(pipe: BinaryIO, head: dict[str, Any], body: bytes = b"") -> None:
    pipe.write(json.dumps(head | {"size": len(body)}).encode() + b"\n")
    pipe.write(body)
    pipe.flush()


def read(pipe: BinaryIO) -> Message:
    """The next message. Raises EOFError where the other side is gone."""
    first = pipe.readline()
    if not first.endswith(b"\n"):
        raise EOFError
    head = json.loads(first)
    body = pipe.read(head.pop("size"))
    return head, body


def work(asked: Message, calls: BinaryIO, answers: BinaryIO) -> None:
    """Answer one request, part by part; the last message says how it ended."""
    head, body = asked
    parts, end = JOBS[head["job"]](Path(head["folder"]), body, head["query"]), {}
    try:
        for part in parts:
            write(answers, {"media": part.media, "headers": part.headers}, part.body)
            if not read(calls)[0]["more"]:
                break
    except InputError as why:
        end = {"refused": str(why)}
    except (EOFError, BrokenPipeError):
        raise  # the server is gone
    except Exception:  # into the log, as a server does; the next job may do better
        traceback.print_exc()
        end = {"failed": True}
    finally:
        parts.close()
    write(answers, {"end": peak(), **end})


def peak() -> int:
    """The most memory that this process has held, in bytes; 0 where the system does not say.

    On Linux `ru_maxrss` also counts what the process held that started this one.
    """
    if STATUS.is_file() and (held := re.search(r"^VmHWM:\s*(\d+) kB", STATUS.read_text(), re.M)):
        return 1024 * int(held[1])
    if find_spec("resource") is None:
        return 0
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the server, which then lets go
    calls, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints goes to the log
    try:
        while True:
            work(read(calls), calls, answers)
    except (EOFError, BrokenPipeError):
        return


if __name__ == "__main__":
    main()
