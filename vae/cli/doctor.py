"""The command that examines a model: doctor."""

import json
from pathlib import Path
from typing import Annotated

import typer

from vae.cli.options import Threads, out

app = typer.Typer()

STYLES = {"SKIPPED": "dim", "FINE": "green", "NOTE": "cyan", "WARNING": "yellow", "ERROR": "red"}


@app.command()
def doctor(
    folder: Annotated[Path, typer.Argument(help="folder of a trained model, whole or not")],
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
    data: Annotated[
        bool, typer.Option(help="also hold the model against its data set, where that is here")
    ] = True,
    threads: Threads = 1,
) -> None:
    """Say what is wrong with a model: what was measured, why it matters and what to try.

    Nothing is downloaded. The exit code is 0 where all is well, 1 after a warning, and 2 after an
    error: a model that is damaged or cannot be used.

    Example: python -m vae doctor assets/digits
    """
    import torch

    from vae.tasks.doctor import Severity, examine, local_source

    torch.set_num_threads(threads)
    report = examine(folder, local_source(folder) if data else None)
    if as_json:
        print(json.dumps(report.plain(), indent=1, ensure_ascii=False))
    else:
        for finding in report.findings:
            show(finding, Severity.NOTE)
        out.print(ending(report, Severity.NOTE), markup=False, highlight=False)
    raise typer.Exit(max(0, report.severity - Severity.NOTE))


def show(finding, least) -> None:
    """A line, and below it why it matters and what to try where there is something to do."""
    word = finding.severity.name
    out.print(f"{word.lower():>8}", style=STYLES[word], end="  ")
    out.print(f"{finding.check}: {finding.measured}", markup=False, highlight=False)
    if finding.severity >= least:
        out.print(f"{'':10}Why: {finding.why}", markup=False, highlight=False)
        out.print(f"{'':10}Try: {finding.advice}", markup=False, highlight=False)


def ending(report, least) -> str:
    n = len(report.at_least(least))
    return f"{n} finding{'s' * (n != 1)}." if n else "Nothing was found."
