"""Commands that go through the latent space: morph, traverse, manifold."""

import csv
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
import typer

from vae import latent
from vae.bundle import Bundle
from vae.cli.codes import WAYS, drawn, one_each, save_json
from vae.cli.files import check_target, save_png
from vae.cli.options import BundlePath, changes, check_finite, one_of, options, out, progress
from vae.cli.pictures import DECIDED, PixelScale
from vae.code import free
from vae.data.prepare import Prepare, as_model_wants
from vae.errors import InputError
from vae.files import replace
from vae.film import WRITERS, Film, check_size, contact, order, write
from vae.paths import PATHS, Profile, Walk, World, images, profile, times, walk

app = typer.Typer()

FILMS = list(WRITERS)
MARGIN = 0.25  # of the plane around its three codes, as a share of their extent
GAP = 1  # pixel between the pictures of a figure


# ---- morph


@app.command()
@options(config=Film)
@changes(own=Prepare, without=DECIDED)
def morph(
    folder: BundlePath,
    keys: Annotated[
        list[str], typer.Argument(metavar="FROM TO [MORE …]", help=f"2 to 8 key frames: {WAYS}")
    ],
    path: Annotated[Literal[*PATHS], typer.Option(help="how to go from key to key")] = "slerp",
    steps: Annotated[int, typer.Option(max=10_000, help="frames, both ends among them")] = 33,
    start: Annotated[
        float, typer.Option("--from", help="where to begin: 0 is the first key, less is before it")
    ] = 0.0,
    stop: Annotated[
        float, typer.Option("--to", help="where to end: 1 is the last key, more is beyond it")
    ] = 1.0,
    out_file: Annotated[
        Path, typer.Option("--out", help="a .gif, .webp, .mp4, .png (a strip), .json or .csv file")
    ] = Path("walk.gif"),
    *,
    config: Film,
    own: dict[str, Any],
) -> None:
    """Go from picture to picture through the latent space.

    JSON and CSV hold the codes, how far the image moves with each step, and how far each code is
    from the nearest known one.

    Example: python -m vae morph assets/digits @3 @18 --path geodesic --bounce --out walk.gif
    """
    from vae import bundle
    from vae.data.base import to_bytes

    check_finite(**{"--from": start, "--to": stop})
    suffix = check_target(out_file, folder, [*FILMS, ".json", ".csv"], keys)
    opened = bundle.load(folder)
    if suffix in FILMS:
        check_film(suffix, steps, opened.model.config.image, config)
    ends = one_each(keys, opened, as_model_wants(opened.card.prepare, **own))
    t = start * (len(ends) - 1) + (stop - start) * times(len(ends), steps)
    world = World(lambda z: opened.model.decode(z).mean, opened.atlas.mean)
    walked = watched(path, np.array([end.z for end in ends]), world, t)
    if suffix in FILMS:
        write(out_file, to_bytes(images(walked, world.decode)), config)
    elif suffix == ".csv":
        replace(out_file, table(t, walked, profile(walked, world)).encode())
    else:
        named = [{"name": name, "z": z.tolist()} for name, z, _ in ends]
        frames = spelled(t, walked, profile(walked, world))
        save_json(out_file, opened, folder, path=path, keys=named, **frames)
    out.print(f"Wrote {len(t)} frames to {out_file}.")


def check_film(suffix: str, steps: int, image: tuple[int, int, int], config: Film) -> None:
    """Before minutes of work: raise InputError where the film would be too large to write."""
    _, h, w = image
    if suffix == ".png":
        check_size(1, h, steps * w, config.scale)
    else:
        check_size(len(order(steps, config)), h, w, config.scale)


def watched(path: str, keys: np.ndarray, world: World, t: np.ndarray) -> Walk:
    """`walk`, showing the legs done and, as one may take long, the images that they asked for."""
    legs, asked = 0, 0
    with progress(path, len(keys) - 1) as show:

        def decode(z):
            nonlocal asked
            asked += len(z)
            show(legs, f"{asked:,} images decoded")
            return world.decode(z)

        def leg(z0, z1, world, t):
            nonlocal legs
            walked = PATHS[path](z0, z1, world, t)
            legs += 1
            show(legs, f"{asked:,} images decoded")
            return walked

        return walk(leg, keys, World(decode, world.codes), t)


def spelled(t: np.ndarray, walked: Walk, facts: Profile) -> dict[str, Any]:
    """A walk for JSON, which has no NaN: null where there is no number."""
    frames = [
        [{"weight": w, "z": z} for w, z in zip(weights, codes, strict=True)]
        for weights, codes in zip(walked.weights.tolist(), walked.codes.tolist(), strict=True)
    ]
    far = [None if np.isnan(d) else d for d in facts.distance.tolist()]
    about = {"change": facts.change.tolist(), "length": facts.length.tolist(), "distance": far}
    return {"times": t.tolist(), "frames": frames, "profile": about}


def table(t: np.ndarray, walked: Walk, facts: Profile) -> str:
    """A walk as CSV, a row for each frame; where images are blended, with all their codes."""
    n, m, d = walked.codes.shape
    blended = [""] if m == 1 else [f"{k}_" for k in "ab"]
    names = [f"{of}{what}" for of in blended for what in ["weight", *(f"z_{j}" for j in range(d))]]
    cells = np.concatenate([walked.weights[..., None], walked.codes], -1).reshape(n, m * (1 + d))
    text = StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(["frame", "time", *names, "change", "length", "distance"])
    change = [np.nan, *facts.change]  # the first frame comes from nowhere
    for i, row in enumerate(zip(t, *cells.T, change, facts.length, facts.distance, strict=True)):
        rows.writerow([i, *("" if np.isnan(v) else f"{v:.9g}" for v in row)])
    return text.getvalue()


# ---- traverse


@app.command()
@options(config=Film)
@changes(own=Prepare, without=DECIDED)
def traverse(
    folder: BundlePath,
    start: Annotated[
        str | None,
        typer.Argument(metavar="PICTURE", help=f"where to start: {WAYS}; or the origin"),
    ] = None,
    span: Annotated[
        float, typer.Option(min=0.01, max=100, help="how far to either side, in the prior's sigma")
    ] = 3.0,
    columns: Annotated[int, typer.Option(min=2, max=1000, help="values of a dimension")] = 11,
    every: Annotated[bool, typer.Option("--all", help="also dimensions that are not used")] = False,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help="a dimension by name or number, as smile or z10; repeatable"),
    ] = None,
    out_file: Annotated[
        Path,
        typer.Option(
            "--out", help="a .png (a figure), .gif, .webp or .mp4 (a film), or .json file"
        ),
    ] = Path("traversals.png"),
    *,
    config: Film,
    own: dict[str, Any],
) -> None:
    """Change one dimension of a code at a time: a row for each, the highest rate first, or those
    asked for.

    A film shows the columns one after another, all rows side by side.

    Example: python -m vae traverse assets/digits @3 --span 3 --columns 11 --out figure.png
    """
    from vae import bundle

    check_finite(**{"--span": span})
    suffix = check_target(out_file, folder, [*FILMS, ".json"], [start] if start else [])
    opened = bundle.load(folder)
    prior = opened.model.prior()
    middle, sigma = (v.numpy().astype(np.float64) for v in (prior.mean, prior.stddev))
    z = middle
    if start:
        ((_, z, _),) = one_each([start], opened, as_model_wants(opened.card.prepare, **own))
    name, unit, worth = worth_of(opened)
    called = titles(opened)
    rows = chosen(called, only) if only else dimensions(opened, worth, every)
    values = np.linspace(-span, span, columns)
    said = [f"{called[j]}  {worth[j]:.2f} {unit}" for j in rows]
    if suffix == ".json":
        about = [{"dimension": j, name: worth[j]} for j in rows]
        save_json(out_file, opened, folder, base=z.tolist(), values=values.tolist(), rows=about)
    else:
        check_size(len(rows) * columns, *opened.model.config.image[1:], config.scale)
        along = [latent.traverse(z, j, middle[j] + sigma[j] * values) for j in rows]
        x = drawn(opened.model, np.concatenate(along))
        if suffix == ".png":
            figure = contact(x, columns, config.scale, GAP)
            save_png(out_file, labelled(figure, said))
        else:
            write(out_file, together(x, columns), config)
    out.print(f"Wrote {len(rows)} x {columns} to {out_file}: {', '.join(said)}.")


class Worth(NamedTuple):
    """How much each dimension says."""

    name: str
    unit: str
    values: list[float]


def worth_of(opened: Bundle) -> Worth:
    """Each dimension's mean rate over the held-out examples; where codes have none, how far apart
    it lets them lie."""
    from vae.atlas import posteriors

    code, atlas = opened.card.code, opened.atlas
    if not code.has_rate:
        return Worth("variance", "of variance", atlas.mean.var(0).tolist())
    rates = posteriors(atlas, code).rate_per_dim(opened.model.prior())
    return Worth("rate", "nats", rates.mean(0).tolist())


def dimensions(opened: Bundle, worth: list[float], every: bool) -> list[int]:
    """By falling worth, without choices.

    Raises:
        InputError: none is used, and not all are asked for.
    """
    from vae.metrics.codes import active

    code = opened.card.code
    used = (active(opened.atlas.mean) | every) & free(code)
    rows = [int(j) for j in np.argsort(worth)[::-1] if used[j]]
    if not rows:
        raise InputError("No dimension of this model is used; --all shows them all the same.")
    return rows


def titles(opened: Bundle) -> dict[int, str]:
    """What each dimension with a slider is called: by its name, if it has one."""
    named = {name.dimension: name.name for name in opened.card.names}
    return {int(j): named.get(int(j), f"z{j}") for j in np.flatnonzero(free(opened.card.code))}


def chosen(called: dict[int, str], only: list[str]) -> list[int]:
    """The dimensions that were asked for, in their order.

    Raises:
        InputError: there is none of that name.
    """
    numbers = {name: j for j, title in called.items() for name in (title, f"z{j}", str(j))}
    return [one_of(numbers, name, "dimension") for name in only]


def together(x, columns: int) -> np.ndarray:
    """Images of rows and `columns` (R * T, C, H, W) as frames, each one column: (T, C, H', W')."""
    parts = x.unflatten(0, (-1, columns)).unbind(1)
    sheets = np.stack([np.asarray(contact(part, gap=GAP)) for part in parts])
    return sheets[:, None] if sheets.ndim == 3 else sheets.transpose(0, 3, 1, 2)


def labelled(figure, labels: list[str]):
    """A picture with a margin on its left, in which each of its rows has its label."""
    from PIL import Image, ImageDraw, ImageFont

    row = figure.height / len(labels)
    font = ImageFont.load_default(max(8, min(24, row / 3)))
    margin = round(max(map(font.getlength, labels)) + font.size)
    page = Image.new(figure.mode, (margin + figure.width, figure.height), "white")
    page.paste(figure, (margin, 0))
    draw = ImageDraw.Draw(page)
    for i, label in enumerate(labels):
        draw.text((font.size / 2, (i + 0.5) * row), label, "black", font, anchor="lm")
    return page


# ---- manifold


@app.command()
@changes(own=Prepare, without=DECIDED)
def manifold(
    folder: BundlePath,
    n: Annotated[int, typer.Option(min=2, max=200, help="pictures in a row")] = 20,
    through: Annotated[
        tuple[str, str, str] | None,
        typer.Option(metavar="A B C", help=f"the plane through three codes, each {WAYS}"),
    ] = None,
    out_file: Annotated[Path, typer.Option("--out", help="a .png or .json file")] = Path(
        "manifold.png"
    ),
    scale: PixelScale = 2,
    *,
    own: dict[str, Any],
) -> None:
    """Draw a plane of the latent space as one sheet of pictures.

    Two dimensions as a whole, each picture the same share of the prior (figure 4 of Auto-Encoding
    Variational Bayes, Kingma & Welling, 2013); of more, the plane through three codes.

    Example: python -m vae manifold assets/digits --through @3 @2 @1 --n 20 --out sheet.png
    """
    from vae import bundle

    suffix = check_target(out_file, folder, [".png", ".json"], list(through or []))
    opened = bundle.load(folder)
    if through is None:
        codes = whole(opened, n)
    else:
        ends = one_each(list(through), opened, as_model_wants(opened.card.prepare, **own))
        codes = spread(n, *(end.z for end in ends))
    rows, columns, d = codes.shape
    if suffix == ".json":
        save_json(out_file, opened, folder, rows=rows, columns=columns, codes=codes.tolist())
    else:
        check_size(rows * columns, *opened.model.config.image[1:], scale)
        save_png(out_file, contact(drawn(opened.model, codes.reshape(-1, d)), columns, scale))
    out.print(f"Wrote {columns} x {rows} pictures to {out_file}.")


def whole(opened: Bundle, n: int) -> np.ndarray:
    """All of a two-dimensional latent space: (n, n, 2), the first row on top."""
    if (d := opened.model.config.latent) != 2:
        raise InputError(
            f"This model has {d} dimensions, not 2; "
            "name three codes whose plane to draw, as --through @3 @2 @1."
        )
    code = opened.card.code
    if code.prior.kind != "normal" or not free(code).all():
        raise InputError(
            "The whole of a model can be drawn where its prior is N(0, I); "
            "name three codes whose plane to draw, as --through @3 @2 @1."
        )
    return latent.quantile_grid(n)[::-1]


def spread(n: int, *three: np.ndarray) -> np.ndarray:
    """The plane around three codes in cells of one size, `n` in a row: (rows, n, D)."""
    plane = latent.plane(*three)
    marks = plane.place(np.array(three))
    low, high = marks.min(0), marks.max(0)
    margin = MARGIN * (high - low).max()
    (left, low), (right, high) = low - margin, high + margin
    rows = max(1, round(n * (high - low) / (right - left)))
    xs, ys = (np.arange(k) + 0.5 for k in (n, rows))
    places = latent.grid(left + (right - left) * xs / n, high - (high - low) * ys / rows)
    return plane.lift(places)
