"""What a job answers with, and how it reads what was asked.

A job is (the model's folder, the body, the query) -> Iterator[Part]. It runs in a process of its
own, where nothing of the server is loaded.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from vae.errors import InputError

LINES = "application/x-ndjson"


class Part(NamedTuple):
    """A piece of an answer; the kind of the first one is the answer's."""

    media: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


def line(**said: Any) -> Part:
    """One JSON object of an answer that comes line by line."""
    return Part(LINES, json.dumps(said).encode() + b"\n")


def whole(data: Any) -> Part:
    """An answer that is one JSON value."""
    return Part("application/json", json.dumps(data, separators=(",", ":")).encode())


def settings(query: Mapping[str, str]) -> dict[str, Any]:
    try:
        given = json.loads(query.get("settings", "{}"))
    except (ValueError, RecursionError) as why:
        raise InputError(f"The settings are not readable as JSON ({why}).") from why
    if not isinstance(given, dict):
        raise InputError("The settings must be names with values.")
    return {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}


def configured(kind: Callable, values: dict[str, Any]):
    """A configuration from the browser. Raises InputError for a name that it has not."""
    try:
        return kind(**values)
    except TypeError as why:
        raise InputError(f"There is no such setting ({why}).") from why
