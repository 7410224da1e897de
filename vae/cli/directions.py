"""Commands that use what some examples have and others lack: direction, apply, analogy."""

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from vae import latent
from vae.bundle import Bundle
from vae.cli.codes import Name, Names, codes, drawn, one_each, save_json, weights
from vae.cli.files import check_target, refuse, save_png, targets
from vae.cli.options import BundlePath, changes, check_finite, out
from vae.cli.pictures import DECIDED, PixelScale
from vae.data.prepare import Prepare, as_model_wants
from vae.directions import Direction, from_json, to_json
from vae.errors import InputError
from vae.files import make_folder, replace
from vae.film import check_size, contact

app = typer.Typer()

SIGNIFICANT = 2  # standard deviations beyond chance
EXAMPLES = "a class of the data set, as 4, or pictures: files, folders or patterns; repeat for more"


@app.command()
@changes(own=Prepare, without=DECIDED)
def direction(
    folder: BundlePath,
    having: Annotated[list[str], typer.Option("--with", help=f"examples that have it: {EXAMPLES}")],
    lacking: Annotated[
        list[str], typer.Option("--without", help=f"examples that lack it: {EXAMPLES}")
    ],
    out_file: Annotated[Path, typer.Option("--out", help="a .json file")] = Path("direction.json"),
    *,
    own: dict[str, Any],
) -> None:
    """Find the direction from examples that lack something to examples that have it.

    Says how well it tells examples apart that did not help to find it, and whether it is more than
    chance. A class stands for its held-out examples.

    Example: python -m vae direction assets/digits --with 4 --without 9 --out direction.json
    """
    from vae import bundle
    from vae.directions import direction

    check_target(out_file, folder, [".json"], [*having, *lacking])
    opened = bundle.load(folder)
    wanted = as_model_wants(opened.card.prepare, **own)
    found = direction(*(examples(words, opened, wanted) for words in (having, lacking)))
    replace(out_file, f"{to_json(found, weights(opened))}\n".encode())
    for line in worth(found):
        out.print(line, highlight=False)
    out.print(f"Wrote {out_file}.")


def examples(words: list[str], opened: Bundle, wanted: Prepare) -> np.ndarray:
    """The codes (N, D) of classes and pictures. Raises InputError where one cannot be used."""
    classes = opened.card.data.get("classes", ())
    known, others = [w for w in words if w in classes], [w for w in words if w not in classes]
    for word in others:
        if word.isalnum() and not Path(word).exists():  # not a path, not a pattern
            raise InputError(
                f"{word} is neither a picture nor a class; "
                f"classes of this model are {', '.join(classes) or 'unknown'}."
            )
    found, refused = codes(others, opened, wanted) if others else ([], [])
    refuse(refused)
    rows = np.isin(opened.atlas.label, [classes.index(w) for w in known])
    held = opened.atlas.mean[rows]
    return np.concatenate([held, np.array([z for _, z, _ in found]).reshape(-1, held.shape[1])])


def worth(found: Direction) -> list[str]:
    """What the figures of a direction mean, a sentence each."""
    beyond = found.alignment > SIGNIFICANT * found.random_alignment
    means = "the examples agree on it" if beyond else "which may be chance"
    return [
        f"{found.n_with:,} examples with, {found.n_without:,} without.",
        f"AUC {found.auc:.3f}: of two examples that did not help to find the direction, the one "
        f"with it lies further along in {100 * found.auc:.1f} % of all pairs (50 % is chance).",
        f"Alignment {found.alignment:.3f}, where chance gives ±{found.random_alignment:.4f}: "
        f"{means}.",
    ]


@app.command()
@changes(own=Prepare, without=DECIDED)
def apply(
    folder: BundlePath,
    direction: Annotated[Path, typer.Argument(help="a file that `direction` wrote")],
    pictures: Names,
    strength: Annotated[
        list[float],
        typer.Option(help="times the direction; 0 is the reconstruction; repeat for a row"),
    ] = [1.0],  # noqa: B006 (Typer copies it)
    out_folder: Annotated[Path, typer.Option("--out", help="folder for the results")] = Path(
        "applied"
    ),
    scale: PixelScale = 4,
    *,
    own: dict[str, Any],
) -> None:
    """Give a direction to pictures: each result is a PNG named after its picture.

    Example: python -m vae apply assets/digits direction.json photographs/ --strength 1 --out moved
    """
    from vae import bundle

    for value in strength:
        check_finite(**{"--strength": value})
    opened = bundle.load(folder)
    vector = read_direction(direction, opened).vector
    check_size(len(strength), *opened.model.config.image[1:], scale)
    found, refused = codes(pictures, opened, as_model_wants(opened.card.prepare, **own))
    names = targets([Path(name) for name, _, _ in found], out_folder)
    for (_, z, _), path in zip(found, names, strict=True):
        make_folder(out_folder)
        row = drawn(opened.model, z + np.outer(strength, vector))
        save_png(path, contact(row, len(row), scale))
    if names:
        out.print(f"Wrote {len(names)} to {out_folder}.")
    refuse(refused)


def read_direction(path: Path, opened: Bundle) -> Direction:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeError) as why:
        raise InputError(f"{path} cannot be read as text ({why}).") from why
    return from_json(text, weights(opened), opened.model.config.latent)


@app.command()
@changes(own=Prepare, without=DECIDED)
def analogy(
    folder: BundlePath,
    a: Name,
    b: Name,
    c: Name,
    out_file: Annotated[
        Path, typer.Option("--out", help="a .png file, or a .json file with the code")
    ] = Path("analogy.png"),
    scale: PixelScale = 4,
    *,
    own: dict[str, Any],
) -> None:
    """Draw what is to C as B is to A.

    Example: python -m vae analogy assets/digits @3 @2 @1 --out d.png
    """
    from vae import bundle

    suffix = check_target(out_file, folder, [".png", ".json"], [a, b, c])
    opened = bundle.load(folder)
    ends = one_each([a, b, c], opened, as_model_wants(opened.card.prepare, **own))
    d = latent.analogy(*(end.z for end in ends))
    if suffix == ".json":
        save_json(out_file, opened, folder, z=d.tolist())
    else:
        save_png(out_file, contact(drawn(opened.model, d[None]), 1, scale))
    out.print(f"Wrote {out_file}.")
