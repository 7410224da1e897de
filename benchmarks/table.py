"""What all benchmarks share: how they are called, a line about the machine, markdown tables."""

import json
import os
import platform
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from statistics import fmean, median, quantiles, stdev
from typing import Annotated

import typer

from vae.errors import InputError
from vae.files import replace

ROOT = Path(__file__).parents[1]
DIGITS = ROOT / "assets" / "digits"

Json = Annotated[Path | None, typer.Option("--json", help="also write notes and tables here")]


def run(main: Callable[..., None]) -> None:
    """`main` as the command of its module: its parameters are the options. A refusal ends it."""
    command = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    command.command(help=sys.modules[main.__module__].__doc__.split("\n")[0])(main)
    try:
        command()
    except InputError as refusal:
        sys.exit(str(refusal))


def machine() -> str:
    """Processor cores, system and versions, as one line."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("torch", "streamlit"))
    busy = f", load average {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else ""
    return (
        f"{os.cpu_count()} cores{busy}; {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, {packages}"
    )


def p95(values: list[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def spread(values: list[float]) -> str:
    """ "median, p95" of milliseconds."""
    return f"{median(values):.1f}, {p95(values):.1f}" if values else "–"


def average(values: list[float]) -> str:
    """ "mean ± standard error"; of a single value none is known."""
    error = f" ± {stdev(values) / len(values) ** 0.5:.2f}" if len(values) > 1 else ""
    return f"{fmean(values):.2f}{error}"


def show(notes: list[str], *tables: list[dict], file: Path | None) -> None:
    """Print the notes and each table's rows as markdown; write all as JSON where asked to."""
    print(*notes, sep="  \n")
    for rows in tables:
        print("\n| " + " | ".join(rows[0]) + " |")
        print("|---" * len(rows[0]) + "|")
        for row in rows:
            print("| " + " | ".join(map(str, row.values())) + " |")
    if file:
        text = json.dumps({"notes": notes, "tables": tables}, indent=1, ensure_ascii=False)
        replace(file, f"{text}\n".encode())
