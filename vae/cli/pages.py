"""Commands that write pages: export-html."""

from pathlib import Path
from typing import Annotated

import typer

from vae.cli.files import check_target
from vae.cli.options import BundlePath, out
from vae.files import replace

app = typer.Typer()


@app.command()
def export_html(
    folder: BundlePath,
    out_file: Annotated[
        Path | None, typer.Option("--out", help="a .html file; by default the model's name")
    ] = None,
) -> None:
    """Write a model and the app's pages as one HTML file that needs no server and no network.

    Example: python -m vae export-html assets/digits --out digits.html
    """
    from vae.export import page

    target = out_file or Path(f"{folder.resolve().name}.html")
    check_target(target, folder, [".html"], [])
    made = page(folder).encode()
    replace(target, made)
    out.print(f"Wrote {target}, {len(made) / 1e6:.1f} MB: open it in a browser.")
