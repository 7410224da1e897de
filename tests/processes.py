"""Copies of this process, to be killed or kept from something."""

import multiprocessing
import os
import warnings

import pytest

FORK = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def forked(f, *args) -> multiprocessing.Process:
    """Run `f` in a copy of this process, which saves importing everything anew."""
    process = multiprocessing.get_context("fork").Process(target=f, args=args, daemon=True)
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # Python 3.12 on
        process.start()
    return process


def finish(process: multiprocessing.Process, code: int = 0) -> None:
    process.join(60)
    assert process.exitcode == code


def limit_files(size: int) -> None:
    """From here on no file of this process may become larger, as on a disk that is full."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
