"""Commands that make and measure models: info, train, evaluate, name, price, project."""

import json
import shlex
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from vae.cli import own
from vae.cli.options import BundlePath, Seed, Threads, bars, err, options, out, progress
from vae.code import free, summary
from vae.data.folder import Pictures
from vae.errors import InputError
from vae.files import make_folder, replace
from vae.modelcard import describe
from vae.models.vae import Design
from vae.project import Umap
from vae.train import Devices, Train

FIRST = 1000  # images for an NLL with many samples
CLASS_SAMPLES = 16  # of each class, by which a conditional model tells them apart

app = typer.Typer()


@app.command()
def info(folder: BundlePath) -> None:
    """Say what a model is, how it was trained and how well it measured.

    Example: python -m vae info assets/digits
    """
    from vae.bundle import read_card

    card = read_card(folder)
    model, data = card.model, card.data
    table = Table(title=card.title, caption=card.description, show_header=False)
    table.add_row("family", f"{card.family}, {free(card.code).sum()} latent dimensions")
    table.add_row("code", summary(card.code))
    noise = card.training.get("noise")
    table.add_row("likelihood", model["likelihood"] + (f", noise {noise}" if noise else ""))
    table.add_row("images", " x ".join(map(str, model["image"])) + " (channels x height x width)")
    table.add_row("trained on", f"{data['title']}, {data['split']} split, n = {data['n']}")
    if held_out := data.get("validation"):
        table.add_row("weights chosen by", f"{held_out} training images held out")
    table.add_row("licence of the data", data["licence"])
    table.add_row("trained by", card.training.get("command", "unknown"))
    for name, m in card.metrics.items():
        table.add_row(name.replace("_", " "), describe(m))
    out.print(table)


@app.command()
@options(design=Design, config=Train, devices=Devices, pictures=Pictures)
def train(
    context: typer.Context,
    data: Annotated[
        str,
        typer.Argument(
            help="what to train on: mnist, fashion, frey, digits, sprites, faces, or a folder "
            "of pictures, whose subfolders are classes, or a .npy, .npz or .parquet file"
        ),
    ],
    design: Design,
    config: Train,
    devices: Devices,
    pictures: Pictures,
    out_folder: Annotated[
        Path | None,
        typer.Option("--out", help="folder for the trained model; else models/ and the name"),
    ] = None,
    name: Annotated[
        str, typer.Option(help="of a folder's pictures; else the folder's own name")
    ] = "",
    by: Annotated[
        str,
        typer.Option(help="the known factor of a drawn set whose values are the classes: glasses"),
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="only say what would be done, and how long it takes")
    ] = False,
    title: Annotated[str, typer.Option(help="name that the app shows")] = "",
    save_every: Annotated[int, typer.Option(min=1, help="steps between checkpoints")] = 1000,
    base: Annotated[
        Path | None,
        typer.Option(
            "--from", help="a model of the same networks to begin with; it stays as it is"
        ),
    ] = None,
    record: Annotated[
        bool, typer.Option("--record", help="keep how its map forms, for the page Train")
    ] = False,
    threads: Threads = 1,
) -> None:
    """Train a model and write it as a bundle.

    The same command continues an interrupted run. With --from a trained model goes on learning: on
    other images, or together with a learned prior. For a folder's pictures, a network and a
    likelihood are chosen that suit them, unless you name others; --dry-run says which.

    Example: python -m vae train mnist --out models/mine --latent 16 --steps 20000
    """
    import torch

    from vae.recording import recorded
    from vae.runs import Run

    torch.set_num_threads(threads)
    given = options_given(context)
    source = own.source_of(data, name, pictures, given)
    source = source.classed_by(by) if by else source
    run = Run(
        data=source,
        folder=out_folder or Path("models") / source.name,
        design=own.completed(design, source, given),
        config=config,
        devices=devices,
        title=title,
        command=shlex.join(["python", "-m", "vae", *sys.argv[1:]]),
        save_every=save_every,
        base=base,
    )
    if dry_run:
        own.rehearse(run)
    else:
        follow(run, recorded(run) if record else iter(run))


def options_given(context: typer.Context) -> list[str]:
    """Those that the user gave."""
    return [k for k in context.params if context.get_parameter_source(k).name != "DEFAULT"]


def follow(run, events: Iterator) -> None:
    """Carry a run out and show what happens."""
    from vae.runs import Surveyed, Written
    from vae.train import Step

    err.print(began(next(events)))
    watch, last = Watch(run.config.batch), None
    with bars() as show:
        for event in events:
            match event:
                case Step() if line := watch.line(event):
                    show("training", event.number, run.config.steps, line)
                case Surveyed(share):
                    show("map of the test images' codes (UMAP)", round(100 * share), 100)
                case Written():
                    last = event
    if last:  # else this is not the first of several processes
        out.print(ended(last))


def began(event) -> str:
    at = f", from step {event.state.step:,} on" if event.state.step else ""
    return f"Training on {event.images:,} images, {event.validation:,} held out{at}."


def ended(event) -> str:
    training, folder = event.card.training, event.folder
    best, which, quoted = training["best"], "", shlex.quote(str(folder))
    if best:
        which = f" of step {best['step']:,} (validation {best['validation']:.2f} nats)"
    return (
        f"Took {training['taken']:,} of {training['steps']:,} steps and kept the weights{which}.\n"
        f"Wrote {folder}. To measure it: python -m vae evaluate {quoted}; "
        f"to open it: python app.py {quoted}"
    )


class Watch:
    """Averages of the last steps, for the progress bar."""

    def __init__(self, batch: int, every: int = 100):
        self.batch, self.every = batch, every
        self.begin, self.terms, self.validation = time.perf_counter(), [], ""

    def line(self, step) -> str:
        """Every so many steps one line of figures, else nothing."""
        if step.validation is not None:
            self.validation = f", validation {step.validation:.2f}"
        self.terms.append((step.rate, step.distortion))
        if len(self.terms) < self.every:
            return ""
        now, n = time.perf_counter(), len(self.terms)
        rate, distortion = (sum(map(float, column)) / n for column in zip(*self.terms, strict=True))
        speed = n * self.batch / (now - self.begin)
        self.begin, self.terms = now, []
        return (
            f"ELBO {-(rate + distortion):.2f} = -(rate {rate:.2f} + distortion {distortion:.2f}) "
            f"nats{self.validation}, {speed:,.0f} images/s"
        )


@app.command()
def evaluate(
    folder: BundlePath,
    n: Annotated[int, typer.Option(min=2, help="held-out images, the first n")] = 10_000,
    k: Annotated[int, typer.Option(min=1, help="importance samples for each image")] = 1000,
    also_k: Annotated[
        int,
        typer.Option(min=0, help=f"also the NLL with so many, as 5000, of {FIRST:,} images; 0: no"),
    ] = 0,
    seed: Seed = 0,
    threads: Threads = 1,
) -> None:
    """Measure ELBO, rate, distortion, NLL, active units and the map; write them into the bundle.

    Also how far reconstructions are from their pictures.
    Where the images have classes, also how good samples look to a small classifier of them.
    A conditional model is measured given the class, and how often it knows the class itself.
    Where the images' factors are known, as of sprites, also MIG, DCI, SAP and the FactorVAE score.

    Example: python -m vae evaluate assets/digits --k 1000
    """
    import torch

    from vae import bundle
    from vae.data import data_set_of
    from vae.metrics import METRICS, UNITS, Measure
    from vae.metrics.classes import accuracies
    from vae.metrics.codes import standardized
    from vae.metrics.likelihood import prepared, unmeasured
    from vae.metrics.maps import lift_error, neighbours_kept, trustworthiness
    from vae.metrics.pixels import pixel_error

    torch.set_num_threads(threads)
    opened = bundle.load(folder)
    model, atlas, card, _ = opened
    source = data_set_of(card.data)
    images = source.load(card.atlas.split)
    x = prepared(images.x[:n], model.likelihood.binary, seed)
    y = images.y[:n] if card.code.has_choice else None
    measured = likelihoods(model, x, k, seed, y)
    if also_k:
        more = likelihoods(model, x[:FIRST], also_k, seed, y)
        measured |= {f"{name}_{also_k}": m for name, m in more.items() if name == "nll"}
    if y is not None:
        measured |= accuracies(model, x, y, CLASS_SAMPLES, seed)
    measured["pixel_error"] = pixel_error(model, x, seed)
    numbers = free(card.code)  # a class is no dimension
    codes = [v[:, numbers] for v in standardized(model.encode(x), model.prior())]
    for name, metric in METRICS.items():
        value = metric(*codes)
        measured[name] = Measure(value, UNITS[name], n=len(x), seed=seed)
    measured |= of_samples(opened, source, n, seed)
    if source.factors:
        measured |= of_factors(model, source.factors, images.take(slice(n)), seed)
    measured["umap_trustworthiness"] = trustworthiness(atlas.mean, atlas.umap, 5000, seed)
    measured["umap_neighbours_kept"] = neighbours_kept(atlas.mean, atlas.umap, 5000, seed)
    measured["umap_lift_error"] = lift_error(atlas.mean, atlas.umap, 1000, seed)
    card = bundle.with_metrics(folder, {name: asdict(m) for name, m in measured.items()})
    for name in measured:
        out.print(f"{name:>25}  {describe(card.metrics[name])}")
    if why := unmeasured(card.code):
        out.print(why)


def likelihoods(model, x, k: int, seed: int, y=None) -> dict:
    """Rate, distortion, ELBO and NLL of images, of the classes `y` if the model knows them, while a
    bar shows how far it is."""
    import torch

    from vae.metrics.likelihood import per_image, summarize

    rows = []
    with progress("images", len(x)) as show:
        for row in per_image(model, x, k, seed, y):
            rows.append(row)
            show(len(rows))
    return summarize(torch.stack(rows), k, seed, "" if y is None else "given the class")


def of_samples(opened, source, n: int, seed: int) -> dict:
    """How good samples are; nothing, and a sentence, where that cannot be known."""
    from vae.metrics.samples import FEWEST, measured

    if not source.classes:
        out.print("These images have no classes, so nothing is said of samples.")
    elif n < FEWEST:
        out.print(f"How good samples are needs {FEWEST} images or more; it is left out.")
    else:
        try:
            return measured(opened, source, n, seed)
        except InputError as why:
            out.print(str(why))
    return {}


def of_factors(model, factors, images, seed: int) -> dict:
    """Figures of disentanglement; none, and a sentence, where there are too few images."""
    from vae.metrics.disentanglement import FEWEST, measured, represent

    if len(images.x) < FEWEST:
        out.print(f"Figures of disentanglement need {FEWEST} images or more; they are left out.")
        return {}
    known = images.x.numpy(), images.factors.numpy()
    return measured(represent(encoder(model, seed), factors, *known, seed), seed)


def encoder(model, seed: int):
    """uint8 images (N, C, H, W) -> posterior means (N, D) in units of the prior, as arrays."""
    import torch

    from vae.metrics.codes import standardized
    from vae.metrics.likelihood import prepared

    def encode(images):
        x = prepared(torch.from_numpy(images), model.likelihood.binary, seed)
        return standardized(model.encode(x), model.prior())[0]

    return encode


@app.command()
def name(folder: BundlePath, seed: Seed = 0, threads: Threads = 1) -> None:
    """Name the dimensions that clearly are one property of the pictures.

    A property is a known factor, where the data set has such, or of strokes, as digits are, their
    ink, width, height or slant. The app shows the names at the sliders.

    Example: python -m vae name models/mine
    """
    import numpy as np
    import torch

    from vae import bundle
    from vae.data import data_set_of
    from vae.metrics.names import correlations, names, properties

    torch.set_num_threads(threads)
    model, _, card, _ = bundle.load(folder)
    source = data_set_of(card.data)
    encode, found = encoder(model, seed), []
    strokes = bool(card.prepare.get("digits"))
    for split in ("validation", card.atlas.split):
        images = source.load(split)
        known = properties(images, source.factors, strokes)
        if not known:
            raise InputError(f"Nothing is known of the images of {source.title} to name it by.")
        codes = np.concatenate([encode(part.numpy()) for part in images.x.split(1000)])
        found.append(correlations(codes, known))
    named = names(*found, list(known), len(codes))
    bundle.with_entries(folder, names=named)
    for one in named:
        out.print(f"z{one.dimension}  {one.name}  {one.correlation:+.2f}")
    out.print(f"{len(named)} of {card.code.size} dimensions have a name.")


@app.command()
def price(folder: BundlePath, threads: Threads = 1) -> None:
    """Measure what the held-out examples cost a model, and write it into the model's atlas.

    Rate, distortion and surprise of each, as the app and `encode` measure a picture's. Codes and
    maps stay as they are. Training does it too: this is for a model that is older than surprise.

    Example: python -m vae price models/mine
    """
    import torch

    from vae import bundle
    from vae.atlas import columns, encode_all
    from vae.data import data_set_of

    torch.set_num_threads(threads)
    model, atlas, card, _ = bundle.load(folder)
    source = data_set_of(card.data)
    with progress("images", len(atlas.index)) as show:
        known = encode_all(model, source.load(card.atlas.split).x[atlas.index], show)
    bundle.with_columns(folder, columns(known))
    n, mean = len(atlas.index), known["surprise"].mean()
    out.print(f"Wrote {n} prices into {folder}; surprise is {mean:.2f} nats on average.")


@app.command()
@options(config=Umap)
def project(
    folder: Annotated[
        Path | None, typer.Argument(help="folder of a trained model, as assets/digits")
    ] = None,
    out_file: Annotated[
        Path | None,
        typer.Option("--out", help="the map: coordinates (.safetensors) or a page (.html)"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="progress as JSON lines")] = False,
    warm: Annotated[bool, typer.Option(help="only let UMAP compile itself")] = False,
    *,
    config: Umap,
) -> None:
    """Lay a model's examples out anew with UMAP, and say how far the map can be trusted.

    Example: python -m vae project assets/digits --neighbors 50 --min-dist 0.3 --out map.html
    """
    import numpy as np

    from vae.bundle import read_atlas, read_card
    from vae.metrics.maps import neighbours_kept, trustworthiness
    from vae.plots import map_page
    from vae.project import umap

    if warm:
        xy = umap(np.random.default_rng(0).normal(size=(200, 4)), Umap())
        return write_map(out_file, xy)
    if folder is None:
        raise InputError("Name the folder of a trained model, as assets/digits.")
    card = read_card(folder)
    atlas, _ = read_atlas(folder)
    if as_json:
        lines = sys.stdout  # as it is now: `umap` silences what UMAP itself prints
        xy = umap(
            atlas.mean,
            config,
            lambda share: print(json.dumps({"share": share}), file=lines, flush=True),
        )
    else:
        with progress("UMAP", 100) as show:
            xy = umap(atlas.mean, config, lambda share: show(round(100 * share)))
        for name, metric in (
            ("trustworthiness", trustworthiness),
            ("neighbours kept", neighbours_kept),
        ):
            out.print(f"{name} {describe(asdict(metric(atlas.mean, xy, 5000, config.seed)))}")
    if out_file is not None and out_file.suffix == ".html":
        return write_page(out_file, map_page(xy, atlas, card.data["classes"], card.title))
    write_map(out_file, xy)


def write_page(path: Path, text: str) -> None:
    make_folder(path.parent)
    replace(path, text.encode())


def write_map(path: Path | None, xy) -> None:
    """Coordinates (N, 2) as safetensors, whole or not at all."""
    from safetensors.numpy import save

    if path is None:
        return
    make_folder(path.parent)
    replace(path, save({"umap": xy}))
