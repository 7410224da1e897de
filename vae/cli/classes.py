"""Commands of a conditional model: restyle."""

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from vae.card import Card
from vae.cli.codes import Names, codes, drawn
from vae.cli.files import check_target, refuse, save_png
from vae.cli.options import BundlePath, changes, one_of, out
from vae.cli.pictures import DECIDED, PixelScale
from vae.code import Code, one_hot, slices
from vae.data.prepare import Prepare, as_model_wants
from vae.errors import InputError

app = typer.Typer()


@app.command()
@changes(own=Prepare, without=DECIDED)
def restyle(
    folder: BundlePath,
    names: Names,
    given: Annotated[
        str,
        typer.Option(help="the class that the pictures are read as; else the model's own guess"),
    ] = "",
    out_file: Annotated[Path, typer.Option("--out", help="the sheet (.png)")] = Path("styles.png"),
    scale: PixelScale = 4,
    *,
    own: dict[str, Any],
) -> None:
    """Draw the same style as each class: all ten digits in this handwriting.

    Only a conditional model can: one trained with --condition. A row of the sheet is one picture's
    reconstruction, and then its code with each class. Says how probable the likeliest class is.

    Example: python -m vae restyle assets/digits-class photograph.jpg @7 --out styles.png
    """
    from vae import bundle
    from vae.film import contact

    check_target(out_file, folder, [".png"], names)
    opened = bundle.load(folder)
    if not opened.card.code.is_conditional:
        raise InputError(f"{folder} is no conditional model; train one with --condition.")
    classes = opened.card.data["classes"]
    label = {name: k for k, name in enumerate(classes)}
    y = one_of(label, given, "class") if given else None
    found, refused = codes(names, opened, as_model_wants(opened.card.prepare, **own), y)
    for name, z, _ in found:
        out.print(f"{name}: {guess(opened.card, z)}", highlight=False, markup=False)
    if found:
        z = np.concatenate([styled(opened.card.code, each.z) for each in found])
        save_png(out_file, contact(drawn(opened.model, z), len(classes) + 1, scale))
        out.print(f"Wrote {out_file}: each code as it is, and as {', '.join(classes)}.")
    refuse(refused)


def guess(card: Card, z: np.ndarray) -> str:
    """The likeliest class of a code, and how probable it is."""
    weights = z[dict(slices(card.code))[card.code.choice]]
    k = int(weights.argmax())
    return f"{card.data['classes'][k]} ({100 * weights[k]:.1f} %)"


def styled(code: Code, z: np.ndarray) -> np.ndarray:
    """The code `z` (D,), and the same with each class in turn: (1 + classes, D)."""
    choice = code.choice
    each = np.tile(z, (choice.size, 1))
    each[:, dict(slices(code))[choice]] = one_hot(np.arange(choice.size), choice.size)
    return np.concatenate([z[None], each])
