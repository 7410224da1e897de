"""Commands about codes as features: probe."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from vae.cli.files import check_target
from vae.cli.options import BundlePath, Seed, Threads, out, progress
from vae.data.base import Images
from vae.files import replace
from vae.seeds import Use, permutation

POOL = 20_000  # training images of which some have labels

app = typer.Typer()


@app.command()
def probe(
    folder: BundlePath,
    labels: Annotated[
        list[int] | None, typer.Option(min=2, help="how many images have labels; may be repeated")
    ] = None,
    draws: Annotated[int, typer.Option(min=1, help="draws of which images have labels")] = 5,
    n: Annotated[int, typer.Option(min=2, help="test images, the first n")] = 10_000,
    out_file: Annotated[
        Path | None, typer.Option("--out", help="also write all figures here (.json)")
    ] = None,
    seed: Seed = 0,
    threads: Threads = 1,
) -> None:
    """Say what codes are worth as features, beside pixels and as many principal components.

    For each number of labels (100 and 1000 if none is given): how well the nearest neighbours and a
    linear reader tell the class of test images, or the factors of drawn ones.

    Example: python -m vae probe assets/digits --labels 100 --labels 1000
    """
    import torch

    from vae import bundle
    from vae.data import data_set_of
    from vae.tasks.probe import READERS, readings, targets_of, views_of

    if out_file is not None:
        check_target(out_file, folder, [".json"], [])
    torch.set_num_threads(threads)
    opened = bundle.load(folder)
    source = data_set_of(opened.card.data)
    pool, test = some(source.load("train"), seed), source.load("test").take(slice(n))
    counts = tuple(labels or (100, 1000))
    targets = targets_of(source, pool, test)
    views, found = views_of(opened, pool, test), []
    with progress("figures", len(targets) * len(counts) * len(views) * len(READERS)) as show:
        for target in targets:
            for reading in readings(views, target, counts, draws, seed):
                found.append(reading)
                show(len(found))
    about = {"n": len(test.x), "draws": draws, "seed": seed}
    out.print(table(found, f"{opened.card.title}: n = {len(test.x)}, {draws} draws, seed {seed}"))
    if out_file is not None:
        whole = {"readings": [reading._asdict() for reading in found], **about}
        replace(out_file, json.dumps(whole, indent=1).encode())


def some(images: Images, seed: int) -> Images:
    return images.take(permutation(len(images.x), Use.PROBE, seed)[:POOL])


def table(found: list, caption: str) -> Table:
    """A row for each target, reader and number of labels; a column for each view."""
    views = list(dict.fromkeys(reading.view for reading in found))
    rows = {}
    for reading in found:
        key = (reading.target, reading.unit, reading.reader, f"{reading.labels:,}")
        rows.setdefault(key, {})[reading.view] = f"{reading.score:.3f} ± {reading.spread:.3f}"
    made = Table("read", "figure", "by", "labels", *views, caption=caption)
    for key, cells in rows.items():
        made.add_row(*key, *(cells[view] for view in views))
    return made
