"""Coroutines in tests that share their process with a browser's."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio


def run(f: Callable, *arguments) -> Any:
    """What the coroutine function `f` returns, in a thread of its own: in this one a loop may run
    already, Playwright's."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(anyio.run, f, *arguments).result()
