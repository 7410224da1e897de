"""Commands that make one file of a model, a model of it, and its page: pack, unpack, card."""

from pathlib import Path
from typing import Annotated

import typer

from vae.cli.files import check_target
from vae.cli.options import BundlePath, out
from vae.pack import SUFFIX

app = typer.Typer()


@app.command()
def pack(
    folder: BundlePath,
    out_file: Annotated[
        Path | None, typer.Option("--out", help=f"a {SUFFIX} file; by default the model's name")
    ] = None,
) -> None:
    """Write a model as one file, to send or to keep; `python app.py digits.vae` opens it.

    Example: python -m vae pack assets/digits --out digits.vae
    """
    from vae import pack

    target = out_file or Path(f"{folder.resolve().name}{SUFFIX}")
    check_target(target, folder, [SUFFIX], [])
    pack.pack(folder, target)
    out.print(f"Wrote {target}, {target.stat().st_size / 1e6:.1f} MB.")


@app.command()
def unpack(
    file: Annotated[Path, typer.Argument(help=f"a {SUFFIX} file")],
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="folder for the model; by default the file's name")
    ] = None,
) -> None:
    """Write the model in a file that `pack` wrote as a folder, the same byte for byte.

    Example: python -m vae unpack digits.vae --out models/digits
    """
    from vae import pack

    folder = out_folder or Path(file.stem)
    card = pack.unpack(file, folder)
    out.print(f"Wrote “{card.title}” to {folder}.", highlight=False)


@app.command()
def card(
    folder: BundlePath,
    out_file: Annotated[
        Path | None, typer.Option("--out", help="a Markdown file; by default README.md in it")
    ] = None,
) -> None:
    """Write what a model is, how good and how it was trained, as a page for the Hugging Face hub.

    Example: python -m vae card assets/digits
    """
    from vae.bundle import read_card
    from vae.files import replace
    from vae.modelcard import markdown

    text = markdown(read_card(folder), folder.resolve().name)
    target = out_file or folder / "README.md"
    replace(target, text.encode())
    out.print(f"Wrote {target}.", highlight=False)
