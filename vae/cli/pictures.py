"""Commands that take or make pictures: encode, reconstruct, refine, sample."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from vae.bundle import Bundle
from vae.cli.codes import WAYS, drawn, one_each
from vae.cli.files import (
    FORMATS,
    check_target,
    listed,
    prepared,
    refuse,
    save_png,
    targets,
    write_codes,
)
from vae.cli.options import (
    BundlePath,
    Seed,
    Split,
    Threads,
    changes,
    check_finite,
    err,
    one_of,
    options,
    out,
    progress,
)
from vae.code import free, settled
from vae.data.prepare import Prepare, as_model_wants
from vae.errors import InputError
from vae.files import make_folder, replace
from vae.tasks.refine import Refine

app = typer.Typer()

BEYOND = "beyond what this model can price"
DECIDED = ("size", "channels", "digits")  # by the model
SomePictures = Annotated[
    list[str], typer.Argument(help="pictures: files, folders or patterns as 'scans/*.png'")
]
PixelScale = Annotated[int, typer.Option("--scale", min=1, max=64, help="squares for each pixel")]


@app.command()
@changes(own=Prepare, without=DECIDED)
def encode(
    folder: BundlePath,
    pictures: Annotated[
        list[str] | None,
        typer.Argument(
            help="pictures: files, folders or patterns; without any, a data set is encoded"
        ),
    ] = None,
    data: Annotated[str, typer.Option(help="data set; by default the model's own")] = "",
    split: Split = "test",
    n: Annotated[int, typer.Option(min=1, help="the first n images of the data set")] = 1_000_000,
    out_file: Annotated[
        Path | None, typer.Option("--out", help="a .npz, .csv or .json file, instead of the screen")
    ] = None,
    *,
    own: dict[str, Any],
) -> None:
    """Encode pictures or a data set: posterior mean and scale, rate, distortion and surprise.

    How pictures are prepared is the model's choice unless an option says otherwise.

    Example: python -m vae encode assets/digits photographs/ --rotate 90

    Example: python -m vae encode assets/digits --split test --out codes.csv
    """
    from vae import bundle
    from vae.atlas import encode_all

    if out_file is not None:
        check_target(out_file, folder, FORMATS, [])
    model, atlas, card, _ = bundle.load(folder)
    if pictures:
        x, about, refused = prepared(pictures, as_model_wants(card.prepare, **own))
    else:
        x, refused = held_images(card, split, data)[:n], []
        about = {"picture": [f"{split} {i}" for i in range(len(x))]}
    if len(x):
        codes = encode_all(model, x)
        usual = atlas.named().get("surprise")
        if usual is None:
            err.print(f"Percentiles are left out: python -m vae price {folder} measures them.")
        else:
            about["percentile"] = [float(100 * (usual < p).mean()) for p in codes["surprise"]]
        write_codes(out_file, about, codes)
        if n_beyond := int(codes["beyond"].sum()):
            err.print(f"{n_beyond} of {len(x)} are {BEYOND}: they have no price.")
    refuse(refused)


def held_images(card, split: str, name: str = ""):
    """Images (N, C, H, W) uint8 of a model's own data set, or of one that it takes."""
    from vae.data import data_set, data_set_of

    source, image = data_set(name) if name else data_set_of(card.data), tuple(card.model["image"])
    if source.image != image:
        raise InputError(f"{source.title} has images of {source.image}; this model takes {image}.")
    return source.load(split).x


@app.command()
@changes(own=Prepare, without=DECIDED)
def reconstruct(
    folder: BundlePath,
    pictures: Annotated[
        list[str] | None,
        typer.Argument(
            help="pictures: files, folders or patterns; without any, images of the model's data set"
        ),
    ] = None,
    split: Split = "test",
    n: Annotated[int, typer.Option(min=1, help="the first n images of the data set")] = 16,
    out_folder: Annotated[Path, typer.Option("--out", help="folder for the results")] = Path(
        "reconstructions"
    ),
    scale: PixelScale = 4,
    *,
    own: dict[str, Any],
) -> None:
    """Draw each picture beside what the model makes of it: input, reconstruction, difference.

    Each result is a PNG named after its picture; of a data set one sheet, named after the split.

    Example: python -m vae reconstruct assets/digits photographs/ --out reconstructions --scale 8

    Example: python -m vae reconstruct assets/digits --split test --n 32
    """
    from vae import bundle
    from vae.data.base import sheet, to_unit

    model, _, card, _ = bundle.load(folder)
    if pictures:
        x, about, refused = prepared(pictures, as_model_wants(card.prepare, **own))
        names, sheets = targets([Path(p) for p in about["picture"]], out_folder), x.split(1)
    else:
        x, refused = held_images(card, split)[:n], []
        names, sheets = [out_folder / f"{split}.png"], [x]
    for images, path in zip(sheets, names, strict=True):
        make_folder(out_folder)
        save_png(path, sheet(beside(model, to_unit(images)), scale))
    if names:
        out.print(f"Wrote {len(x)} to {out_folder}: input, reconstruction, difference.")
    refuse(refused)


def beside(model, x):
    """Pictures (N, C, H, W) in [0, 1], what the model makes of each, and the difference, in a row:
    (N, C, H, 3 W) uint8."""
    import torch

    from vae.data.base import to_bytes
    from vae.metrics.pixels import reconstructed

    made = reconstructed(model, x)
    return to_bytes(torch.cat([x, made, (x - made).abs()], -1))


@app.command()
@options(config=Refine)
@changes(own=Prepare, without=DECIDED)
def refine(
    folder: BundlePath,
    pictures: SomePictures,
    out_file: Annotated[
        Path | None, typer.Option("--out", help="write both codes of each picture here (.json)")
    ] = None,
    threads: Threads = 1,
    *,
    config: Refine,
    own: dict[str, Any],
) -> None:
    """Look for a better posterior than the encoder's, picture by picture.

    Prints the ELBO of both and the gain: a lower bound on the amortization gap.

    Example: python -m vae refine assets/digits photograph.jpg --steps 300 --out codes.json
    """
    import torch

    from vae import bundle
    from vae.data.base import to_unit

    if out_file is not None:
        check_target(out_file, folder, [".json"], [])
    torch.set_num_threads(threads)
    model, _, card, _ = bundle.load(folder)
    x, about, refused = prepared(pictures, as_model_wants(card.prepare, **own))
    rows = []
    with progress("steps", config.steps * len(x)) as show:
        for name, image in zip(about["picture"], to_unit(x).split(1), strict=True):
            rows.append({"picture": name, **refined(model, image, config, show, len(rows))})
    for row in rows:
        out.print(said(row), highlight=False, markup=False)
    if out_file is not None and rows:
        replace(out_file, listed(rows))
    refuse(refused)


def refined(model, x, config: Refine, show: Callable[[int], None], done: int) -> dict[str, Any]:
    """One picture (1, C, H, W) refined, as a row for JSON; `done` pictures came before it."""
    from torch import Generator

    from vae.tasks.refine import gain, refine

    for now in refine(model, x, config):
        show(done * config.steps + now.step)
    # Another seed than the search had, so that the gain is not measured on what it was chosen by.
    won = gain(model, x, now.posterior, Generator().manual_seed(config.seed + 1))
    before, after = (known(model, x, elbo) for elbo in (won.before, won.after))
    value, stderr = (None, None) if before is None else (won.nats, won.stderr)
    codes = {"encoder": model.encode(x), "refined": now.posterior}
    return {
        "elbo_nats": {"encoder": before, "refined": after},
        "gain_nats": {"value": value, "stderr": stderr},
        **{
            k: {"mean": q.mean[0].tolist(), "scale": q.stddev[0].tolist()} for k, q in codes.items()
        },
        "settings": asdict(config),
    }


def known(model, x, elbo: float) -> float | None:
    """An ELBO, nats, of a picture (1, C, H, W), if the model can price the picture."""
    from vae.objective import ceiling

    return elbo if -elbo <= ceiling(model.likelihood, x.numel()) else None


def said(row: dict[str, Any]) -> str:
    elbo, gain = row["elbo_nats"], row["gain_nats"]
    before, after = (BEYOND if v is None else f"{v:.2f} nats" for v in elbo.values())
    if gain["value"] is None:
        return f"{row['picture']}: {before}" + ("" if before == after else f" -> ELBO {after}")
    return (
        f"{row['picture']}: ELBO {elbo['encoder']:.2f} -> {after}, "
        f"gain {gain['value']:.2f} ± {gain['stderr']:.2f} nats"
    )


@app.command()
@changes(own=Prepare, without=DECIDED)
def sample(
    folder: BundlePath,
    out_file: Annotated[Path, typer.Option("--out", help="the .png file to write")] = Path(
        "samples.png"
    ),
    n: Annotated[int, typer.Option(min=1, max=10_000, help="images")] = 64,
    source: Annotated[
        str,
        typer.Option(
            help="where codes come from: prior; aggregate, which is where examples lie; or a class"
        ),
    ] = "prior",
    temperature: Annotated[
        float, typer.Option(min=0, help="scale of what codes are drawn from")
    ] = 1.0,
    around: Annotated[
        str | None, typer.Option(help=f"draw variations, the first of them unchanged, of {WAYS}")
    ] = None,
    radius: Annotated[
        float, typer.Option(min=0, help="how far variations lie, in the prior's sigma")
    ] = 0.5,
    scale: PixelScale = 4,
    seed: Seed = 0,
    *,
    own: dict[str, Any],
) -> None:
    """Draw images from the prior, from where examples lie, or around a picture, into one sheet.

    A class is a Gaussian fitted to its held-out examples' codes, as the model knows no classes; a
    conditional model draws its own.

    Example: python -m vae sample assets/digits --source aggregate --n 100 --out samples.png

    Example: python -m vae sample assets/digits --around photograph.png --radius 0.5
    """
    from vae import bundle
    from vae.film import check_size, contact

    if around and source != "prior":
        raise InputError(f"Draw from {source} or around {around}: choose one of the two.")
    check_finite(**{"--temperature": temperature, "--radius": radius})
    check_target(out_file, folder, [".png"], [around] if around else [])
    opened = bundle.load(folder)
    check_size(n, *opened.model.config.image[1:], scale)
    if around:
        (center,) = one_each([around], opened, as_model_wants(opened.card.prepare, **own))
        z, words = variations(opened, center.z, radius, n, seed), f"around {center.name}"
    else:
        z, words = drawn_from(source, opened, temperature, n, seed)
    save_png(out_file, contact(drawn(opened.model, z), scale=scale))
    out.print(f"Wrote {n} images to {out_file}, {words}.", highlight=False, markup=False)


def of_class(model, label: int, t: float, n: int, seed: int) -> np.ndarray:
    """Codes (n, D) of one class from the prior of a conditional model."""
    from torch import Generator, full

    prior = model.prior(full((n,), label)).stretched(t)
    return prior.sample(generator=Generator().manual_seed(seed)).numpy()


def variations(opened: Bundle, z: np.ndarray, radius: float, n: int, seed: int) -> np.ndarray:
    """The code `z` (D,) itself, then others around it, of the same class if it has one: (n, D)."""
    from torch import Generator, randn

    eps = randn(n - 1, len(z), generator=Generator().manual_seed(seed)).numpy()
    sigma = opened.model.prior().stddev.numpy() * free(opened.card.code)
    return np.concatenate([z[None], z + radius * sigma * eps])


def drawn_from(source: str, opened: Bundle, t: float, n: int, seed: int) -> tuple[np.ndarray, str]:
    """Codes (n, D), stretched by `t` from their middle, and what they were drawn from."""
    from torch import Generator

    from vae.mixture import mixture

    if source == "prior":
        prior, generator = opened.model.prior(), Generator().manual_seed(seed)
        return prior.stretched(t).sample(n, generator=generator).numpy(), "from the prior"
    classes = {name: k for k, name in enumerate(opened.card.data.get("classes", ()))}
    label = one_of({"prior": None, "aggregate": None} | classes, source, "source")
    if label is not None and opened.card.code.is_conditional:
        return of_class(opened.model, label, t, n, seed), f"of class {source}, from the prior"
    if label is None:
        fitted = mixture(opened.atlas.mean, opened.atlas.scale)
        words = f"from {len(fitted.weights)} Gaussians fitted to the codes of held-out examples"
    else:
        rows = opened.atlas.label == label  # the data have classes, so the examples have labels
        if rows.sum() < 2:
            raise InputError(f"There are too few held-out examples of {source} to fit a Gaussian.")
        fitted = mixture(opened.atlas.mean[rows], opened.atlas.scale[rows], 1)
        words = (
            f"from a Gaussian fitted to the codes of the {rows.sum():,} held-out examples of "
            f"{source}; the model itself knows no classes"
        )
    stretched = fitted._replace(cholesky=t * fitted.cholesky)
    # Any seed that torch takes; NumPy wants none below 0.
    z = stretched.sample(n, np.random.default_rng(seed % 2**64))
    return settled(opened.card.code, z), words
