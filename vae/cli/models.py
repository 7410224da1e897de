"""Commands that make and measure models: info, train, evaluate, project."""

import json
import shlex
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from vae.cli.files import make_folder
from vae.cli.options import BundlePath, Seed, Threads, one_of, options, out, progress
from vae.errors import InputError
from vae.files import replace
from vae.models.gaussian import Design
from vae.project import Umap
from vae.train import Train

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
    table.add_row("family", f"{card.family}, {model['latent']} latent dimensions")
    table.add_row("likelihood", model["likelihood"])
    table.add_row("images", " x ".join(map(str, model["image"])) + " (channels x height x width)")
    table.add_row("trained on", f"{data['title']}, {data['split']} split, n = {data['n']}")
    table.add_row("licence of the data", data["licence"])
    table.add_row("trained by", card.training.get("command", "unknown"))
    for name, m in card.metrics.items():
        table.add_row(name.replace("_", " "), describe(m))
    out.print(table)


def describe(m: dict) -> str:
    """A measured figure with all that belongs to it."""
    error = f" ± {m['stderr']:.2f}" if m.get("stderr") else ""
    samples = f", K = {m['k']}" if m.get("k") else ""
    note = f", {m['note']}" if m.get("note") else ""
    return f"{m['value']:.4g}{error} {m['unit']} (n = {m['n']}{samples}, seed {m['seed']}{note})"


@app.command()
@options(design=Design, config=Train)
def train(
    data: Annotated[str, typer.Argument(help="what to train on: mnist, fashion or digits")],
    out_folder: Annotated[Path, typer.Option("--out", help="folder for the trained model")],
    design: Design,
    config: Train,
    title: Annotated[str, typer.Option(help="name that the app shows")] = "",
    save_every: Annotated[int, typer.Option(min=1, help="steps between checkpoints")] = 1000,
    threads: Threads = 1,
    accelerator: Annotated[str, typer.Option(help="cpu, cuda, mps, … (Lightning Fabric)")] = "cpu",
    devices: Annotated[int, typer.Option(min=1, help="devices on each machine")] = 1,
    nodes: Annotated[int, typer.Option(min=1, help="machines")] = 1,
    precision: Annotated[str, typer.Option(help="as Fabric names it")] = "32-true",
) -> None:
    """Train a model and write it as a bundle.

    The same command goes on with an interrupted run.

    Example: python -m vae train mnist --out models/mine --latent 16 --steps 20000
    """
    import torch

    from vae import train as training
    from vae.bundle import check_target
    from vae.data import DATASETS
    from vae.distributions import LIKELIHOODS
    from vae.models import MODELS

    source = one_of(DATASETS, data, "data set")
    check_target(out_folder)
    torch.set_num_threads(threads)
    fabric = training.on(
        accelerator=accelerator, devices=devices, num_nodes=nodes, precision=precision
    )
    images, held_out = source.load("train"), source.load("test")
    torch.manual_seed(config.seed)  # the weights to begin with
    family = "gaussian"
    model = MODELS[family](design.config(source.image))
    run = training.start(model, config)
    checkpoint = out_folder.with_name(out_folder.name + ".training") / "checkpoint.safetensors"
    first = training.load(checkpoint, run, config, data) if checkpoint.is_file() else 0

    binary = LIKELIHOODS[design.likelihood].binary
    steps = training.fit(run, images.x, config, binary, fabric, first)
    with progress("training", config.steps) as show:
        watch = Watch(config.batch)
        for step in steps:
            if line := watch.line(step):
                show(step.number, line)
            if fabric.is_global_zero and step.number % save_every == 0:
                training.save(checkpoint, run, config, step.number, data)
    if not fabric.is_global_zero:
        return
    training.save(checkpoint, run, config, config.steps, data)
    card = new_card(title or source.title, family, design, config, source, images, held_out)
    write_bundle(out_folder, run.ema.module.cpu(), held_out, card)
    out.print(f"Wrote {out_folder}. Next: python -m vae evaluate {out_folder}")


class Watch:
    """Averages of the last steps, for the progress bar."""

    def __init__(self, batch: int, every: int = 100):
        self.batch, self.every = batch, every
        self.begin, self.terms = time.perf_counter(), []

    def line(self, step) -> str:
        """Every so many steps one line of figures, else nothing."""
        self.terms.append((step.rate, step.distortion))
        if len(self.terms) < self.every:
            return ""
        now, n = time.perf_counter(), len(self.terms)
        rate, distortion = (sum(map(float, column)) / n for column in zip(*self.terms, strict=True))
        speed = n * self.batch / (now - self.begin)
        self.begin, self.terms = now, []
        return (
            f"ELBO {-(rate + distortion):.2f} = -(rate {rate:.2f} + distortion {distortion:.2f}) "
            f"nats, {speed:,.0f} images/s"
        )


def new_card(title: str, family: str, design: Design, config: Train, source, images, held_out):
    from vae.bundle import Card

    return Card(
        title=title,
        description=f"{design.latent} latent dimensions, trained on {source.title}.",
        family=family,
        model=asdict(design.config(source.image)),
        data={
            "name": source.name,
            "title": source.title,
            "licence": source.licence,
            "source": source.source,
            "classes": list(source.classes),
            "split": "train",
            "n": len(images.x),
            "checksums": images.checksums,
        },
        training={**asdict(config), "command": shlex.join(["python", "-m", "vae", *sys.argv[1:]])},
        atlas={"split": "test", "n": len(held_out.x), "umap": asdict(Umap())},
        prepare={"size": source.image[1:], "channels": source.image[0], **source.prepare},
    )


def write_bundle(folder: Path, model, held_out, card) -> None:
    """Lay the held-out codes out and save everything."""
    from vae import bundle
    from vae.atlas import survey

    with progress("map of the held-out codes (UMAP)", 100) as show:
        atlas = survey(model.eval(), held_out, Umap(), lambda share: show(round(100 * share)))
    bundle.save(folder, model, atlas, card)


@app.command()
def evaluate(
    folder: BundlePath,
    n: Annotated[int, typer.Option(min=2, help="held-out images, the first n")] = 10_000,
    k: Annotated[int, typer.Option(min=1, help="importance samples for each image")] = 1000,
    seed: Seed = 0,
    threads: Threads = 1,
) -> None:
    """Measure ELBO, rate, distortion, NLL, active units and the map; write them into the bundle.

    Example: python -m vae evaluate assets/digits --k 1000
    """
    import torch

    from vae import bundle
    from vae.data import DATASETS
    from vae.metrics import METRICS, UNITS, Measure
    from vae.metrics.likelihood import per_image, prepared, summarize
    from vae.metrics.maps import lift_error, trustworthiness

    torch.set_num_threads(threads)
    model, atlas, card, _ = bundle.load(folder)
    source = one_of(DATASETS, card.data["name"], "data set")
    x = prepared(source.load(card.atlas["split"]).x[:n], model.likelihood.binary, seed)
    rows = []
    with progress("images", len(x)) as show:
        for row in per_image(model, x, k, seed):
            rows.append(row)
            show(len(rows))
    measured = summarize(torch.stack(rows), k, seed)
    q = model.encode(x)
    for name, metric in METRICS.items():
        value = metric(q.mean.numpy(), q.stddev.numpy())
        measured[name] = Measure(value, UNITS[name], n=len(x), seed=seed)
    measured["umap_trustworthiness"] = trustworthiness(atlas.mean, atlas.umap, 5000, seed)
    measured["umap_lift_error"] = lift_error(atlas.mean, atlas.umap, 1000, seed)
    card = bundle.with_metrics(folder, {name: asdict(m) for name, m in measured.items()})
    for name in measured:
        out.print(f"{name:>22}  {describe(card.metrics[name])}")


@app.command()
@options(config=Umap)
def project(
    folder: Annotated[
        Path | None, typer.Argument(help="folder of a trained model, as assets/digits")
    ] = None,
    out_file: Annotated[
        Path | None, typer.Option("--out", help="write the coordinates here (.safetensors)")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="progress as JSON lines")] = False,
    warm: Annotated[bool, typer.Option(help="only let UMAP compile itself")] = False,
    *,
    config: Umap,
) -> None:
    """Lay a model's held-out codes out anew with UMAP, and say how far the map can be trusted.

    Example: python -m vae project assets/digits --neighbors 50 --min-dist 0.3 --out map.safetensors
    """
    import numpy as np

    from vae.bundle import read_atlas, read_card
    from vae.metrics.maps import trustworthiness
    from vae.project import umap

    if warm:
        xy = umap(np.random.default_rng(0).normal(size=(200, 4)), Umap())
        return write_map(out_file, xy)
    if folder is None:
        raise InputError("Name the folder of a trained model, as assets/digits.")
    read_card(folder)
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
        trust = asdict(trustworthiness(atlas.mean, xy, 5000, config.seed))
        out.print(f"trustworthiness {describe(trust)}")
    write_map(out_file, xy)


def write_map(path: Path | None, xy) -> None:
    """Coordinates (N, 2) as safetensors, whole or not at all."""
    from safetensors.numpy import save

    if path is None:
        return
    make_folder(path.parent)
    replace(path, save({"umap": xy}))
