"""The command line: `python -m vae --help`.

Each command is a few calls of the library; heavy imports stand inside the command that needs them.
Options that configure something come from its dataclass (`options`). A refusal (`InputError`) is
printed as its sentence and ends with exit code 2. A file of commands is one line in `FILES`.
"""

import sys
import warnings

import typer

from vae.cli import (
    ancestors,
    anomaly,
    archives,
    bundles,
    classes,
    directions,
    doctor,
    features,
    labels,
    lessons,
    models,
    pages,
    pictures,
    walks,
)
from vae.cli.options import err
from vae.errors import InputError

FILES = (
    models,
    ancestors,
    pictures,
    walks,
    directions,
    classes,
    anomaly,
    archives,
    features,
    labels,
    bundles,
    doctor,
    lessons,
    pages,
)

app = typer.Typer(
    name="vae",
    help="A workshop for latent spaces: train, measure and use variational autoencoders.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for file in FILES:
    app.add_typer(file.app)


def main() -> None:
    warnings.formatwarning = lambda message, *_, **__: f"note: {message}\n"
    try:
        app()
    except InputError as refusal:
        err.print(str(refusal), style="red", markup=False, highlight=False)
        sys.exit(2)
