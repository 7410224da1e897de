"""The quick way to serve the app: uvicorn on sockets of its own.

`streamlit run` binds a socket for which asyncio does not switch Nagle's algorithm off, so that an
answer waits some 40 ms for the browser's delayed acknowledgement; uvicorn's own sockets do not.
"""

import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
import uvicorn

from vae.errors import InputError
from vae.ui import classroom, library, network, permission, pool
from vae.ui.guard import NAMES
from vae.ui.session import root

TERMINATED = 128 + signal.SIGTERM  # as shells say it
ANYWHERE = "0.0.0.0"
LOCAL = ("127.0.0.1", ANYWHERE)


def serve(app):
    """The command that serves `app`, with its options."""

    def command(
        models: Annotated[
            list[Path] | None,
            typer.Argument(help="models to open first: .vae files, or folders"),
        ] = None,
        port: Annotated[int, typer.Option(help="the first free one from here on")] = 8501,
        address: Annotated[
            str | None,
            typer.Option(help="where it listens; 0.0.0.0, as with --class, lets others in"),
        ] = None,
        host: Annotated[
            list[str] | None, typer.Option(help="a name it answers for, as behind a proxy")
        ] = None,
        nice: Annotated[
            int, typer.Option(help="how far heavy work gives way to pages", min=0, max=19)
        ] = pool.nice,
        class_: Annotated[
            bool, typer.Option("--class", help="let a class in the same network send pictures")
        ] = False,
        train_for_all: Annotated[
            bool, typer.Option("--train-for-all", help="others than this machine may train too")
        ] = False,
        browser: Annotated[bool, typer.Option(help="open the page")] = True,
    ) -> None:
        """Open VAE Atelier in the browser."""
        if host:
            os.environ[NAMES] = ",".join(host)
        if train_for_all:
            os.environ[permission.FOR_ALL] = "1"
        pool.nice = nice
        with opened(models) if models else nullcontext():
            address = address or (ANYWHERE if class_ else "127.0.0.1")
            port = free_port(address, port)
            url = f"http://{'localhost' if address in LOCAL else address}:{port}"
            print(f"VAE Atelier is open at {url}  (Ctrl+C stops it)", flush=True)
            first = open_class(address, port, url, host) if class_ else url
            if browser:
                threading.Timer(1, webbrowser.open, [first]).start()
            run(app, address, port)

    return command


@contextmanager
def opened(models: list[Path]) -> Iterator[None]:
    """The app knows these models; what it unpacks of them goes when it ends."""
    with TemporaryDirectory(prefix="vae-atelier-") as workplace:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))  # rather than die at once
        try:
            library.open_first(models, Path(workplace))
        except InputError as why:
            raise SystemExit(str(why)) from why
        yield


def reached_at(address: str) -> str:
    """How phones reach an app that listens at `address`. Raises InputError where they cannot."""
    if address in ("127.0.0.1", "localhost", "::1"):
        raise InputError(f"No phone can reach {address}, which is this computer: leave it out.")
    return network.lan_address() if address == ANYWHERE else address


def open_class(address: str, port: int, url: str, names: list[str] | None) -> str:
    """Begin a class and say where it is; the address of the teacher's page."""
    try:
        reached = names[0] if names else reached_at(address)
    except InputError as why:
        raise SystemExit(str(why)) from why
    one = classroom.begin(f"http://{reached}:{port}{root()}", url + root())
    print(
        f"The class is open. Your page, for you alone: {one.teach}\n"
        f"Phones in the same network: {one.join}\n"
        f"Everyone in this network who has the room code {one.room.code} can send pictures.",
        flush=True,
    )
    return one.teach


def run(app, address: str, port: int) -> None:
    """Serve until Ctrl+C."""
    uvicorn.run(
        app,
        host=address,
        port=port,
        log_level="warning",
        access_log=False,
        ws="websockets-sansio",
        timeout_keep_alive=75,  # seconds: who comes back asks over the same connection
        timeout_graceful_shutdown=3,  # Ctrl+C does not wait for a film
    )


def free_port(address: str, port: int) -> int:
    """`port`, or the first free one of the hundred after it."""
    for candidate in range(port, port + 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, candidate))
                return candidate
            except OSError:
                continue
    raise SystemExit(f"No free port between {port} and {port + 99} on {address}.")
