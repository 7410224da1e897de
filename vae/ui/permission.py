"""Who may train: pages that are opened on this very machine, or with `--train-for-all` everybody.

A training takes a processor for minutes and leaves files. So a class that reads the app over the
network looks on; who sits at the machine, or has let the others in, trains.
"""

import ipaddress
import os

from starlette.requests import Request

from vae.errors import InputError

FOR_ALL = "VAE_TRAIN_FOR_ALL"
REFUSAL = (
    "Only pages that are opened on the machine of the app, at http://localhost, may train there. "
    "Who runs it lets everybody train with `python app.py --train-for-all`."
)


def may_train(request: Request) -> bool:
    """A proxy on this machine hands requests on from elsewhere, but under another name."""
    if os.environ.get(FOR_ALL):
        return True
    host = request.url.hostname or ""
    return bool(request.client) and is_own(request.client.host) and is_own(host)


def is_own(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check(request: Request) -> None:
    """Raises InputError where this page may not."""
    if not may_train(request):
        raise InputError(REFUSAL)
