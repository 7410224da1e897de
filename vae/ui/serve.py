"""The quick way to serve the app: uvicorn on sockets of its own.

`streamlit run` binds a socket for which asyncio does not switch Nagle's algorithm off, so that an
answer waits some 40 ms for the browser's delayed acknowledgement; uvicorn's own sockets do not.
"""

import os
import socket
import threading
import webbrowser
from typing import Annotated

import typer
import uvicorn

from vae.ui import pool
from vae.ui.guard import NAMES

LOCAL = ("127.0.0.1", "0.0.0.0")


def serve(app):
    """The command that serves `app`, with its options."""

    def command(
        port: Annotated[int, typer.Option(help="the first free one from here on")] = 8501,
        address: Annotated[str, typer.Option(help="0.0.0.0 lets a class in")] = "127.0.0.1",
        host: Annotated[
            list[str] | None, typer.Option(help="a name it answers for, as behind a proxy")
        ] = None,
        nice: Annotated[
            int, typer.Option(help="how far heavy work gives way to pages", min=0, max=19)
        ] = pool.nice,
        browser: Annotated[bool, typer.Option(help="open the page")] = True,
    ) -> None:
        """Open VAE Atelier in the browser."""
        if host:
            os.environ[NAMES] = ",".join(host)
        pool.nice = nice
        chosen = free_port(address, port)
        url = f"http://{'localhost' if address in LOCAL else address}:{chosen}"
        print(f"VAE Atelier is open at {url}  (Ctrl+C stops it)", flush=True)
        if browser:
            threading.Timer(1, webbrowser.open, [url]).start()
        uvicorn.run(
            app,
            host=address,
            port=chosen,
            log_level="warning",
            access_log=False,
            ws="websockets-sansio",
            timeout_keep_alive=75,  # seconds: who comes back asks over the same connection
            timeout_graceful_shutdown=3,  # Ctrl+C does not wait for a film
        )

    return command


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
