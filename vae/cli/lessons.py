"""The commands for who writes lessons: lesson check, lesson names."""

from pathlib import Path
from typing import Annotated

import typer

from vae.cli.options import err, out

HELP = """Lessons of your own: check, names.

Example: python -m vae lesson check mine.md
"""
app = typer.Typer()
group = typer.Typer(help=HELP, no_args_is_help=True)
app.add_typer(group, name="lesson")


@group.command()
def check(
    paths: Annotated[list[Path], typer.Argument(metavar="FILE…", help="text files of lessons")],
) -> None:
    """Say what is wrong with lessons, line by line. The exit code is 2 where something is.

    Example: python -m vae lesson check 9-mine.md
    """
    from vae.lessons.reading import problems

    sentences = [sentence for path in paths for sentence in problems(path)]
    for sentence in sentences:
        err.print(sentence, style="red", markup=False, highlight=False)
    if sentences:
        raise typer.Exit(2)
    out.print(f"{len(paths)} lesson{'s' * (len(paths) != 1)}, nothing wrong.")


@group.command()
def names() -> None:
    """List what a lesson may open, wait for and measure.

    Example: python -m vae lesson names
    """
    from vae.lessons.names import MEASURES, PREDICATES
    from vae.pages import PAGES

    for page in PAGES.values():
        show(f":open: {page.path}?", ", ".join(page.fields) or "no fields")
    for name, entry in PREDICATES.items():
        show(f":do: {' '.join((name, 'field', *entry.takes))}", entry.says)
    for name, entry in MEASURES.items():
        show(f"{{{' '.join((name, *entry.takes))}}}", entry.says)


def show(name: str, says: str) -> None:
    out.print(f"{name:<36} {says}", markup=False, highlight=False)
