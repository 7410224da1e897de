"""The command line: `python -m vae --help`.

Each command is a few calls of the library; heavy imports stand inside the command that needs them.
Options that configure something come from its dataclass (`options`). A refusal (`InputError`) is
printed as its sentence and ends with exit code 2.
"""

import inspect
import json
import shlex
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import asdict, fields
from functools import wraps
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from vae.errors import InputError
from vae.models.gaussian import Design
from vae.project import Umap
from vae.train import Train

app = typer.Typer(
    name="vae",
    help="A workshop for latent spaces: train, measure and use variational autoencoders.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
out, err = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)

BundlePath = Annotated[Path, typer.Argument(help="folder of a trained model, as assets/digits")]
Split = Annotated[Literal["train", "test"], typer.Option(help="part of the data set")]
Seed = Annotated[int, typer.Option(help="the same seed gives the same result")]
Threads = Annotated[int, typer.Option(min=1, help="processor threads")]


def main() -> None:
    warnings.formatwarning = lambda message, *_, **__: f"note: {message}\n"
    try:
        app()
    except InputError as refusal:
        err.print(str(refusal), style="red", markup=False, highlight=False)
        sys.exit(2)


def options(**configs: Callable[[], type]):
    """Replace a command's parameter by an option for each field of its dataclass.

    `@options(config=Train)` gives the command --steps, --batch, …, with the defaults and help texts
    that stand beside the thing itself, and calls it with `config=Train(steps=…, batch=…)`.
    """

    def decorate(command):
        signature = inspect.signature(command)
        kept = [p for name, p in signature.parameters.items() if name not in configs]
        made = [option(f) for kind in configs.values() for f in fields(kind)]

        @wraps(command)
        def wrapper(**values):
            for name, kind in configs.items():
                values[name] = kind(**{f.name: values.pop(f.name) for f in fields(kind)})
            return command(**values)

        wrapper.__signature__ = signature.replace(parameters=[*kept, *made])
        wrapper.__annotations__ = {p.name: p.annotation for p in [*kept, *made]}
        return wrapper

    return decorate


def option(f) -> inspect.Parameter:
    """A dataclass field as a keyword parameter that Typer turns into an option."""
    choices = f.metadata.get("choices")
    kind = Literal[choices] if choices else f.type
    limits = {k: f.metadata[k] for k in ("min", "max") if k in f.metadata}
    note = typer.Option(help=f.metadata["help"], **limits)
    return inspect.Parameter(
        f.name, inspect.Parameter.KEYWORD_ONLY, default=f.default, annotation=Annotated[kind, note]
    )


@contextmanager
def progress(title: str, total: float | None = None):
    """A progress bar on standard error; yields a function that moves it."""
    columns = [SpinnerColumn(), TextColumn("{task.description}"), BarColumn()]
    columns += [MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.fields[note]}")]
    with Progress(*columns, console=err) as bar:
        task = bar.add_task(title, total=total, note="")
        yield lambda done, note="": bar.update(task, completed=done, note=note)


def one_of(registry, name: str, what: str):
    """A registry's member. Raises InputError that lists the others."""
    if name not in registry:
        raise InputError(f"There is no {what} {name!r}; known are {', '.join(registry)}.")
    return registry[name]


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
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(save({"umap": xy}))
    part.replace(path)


@app.command()
def sample(
    folder: BundlePath,
    out_file: Annotated[Path, typer.Option("--out", help="the picture to write")] = Path(
        "samples.png"
    ),
    n: Annotated[int, typer.Option(min=1, max=10_000, help="images")] = 64,
    temperature: Annotated[float, typer.Option(min=0, help="scale of the prior")] = 1.0,
    scale: Annotated[int, typer.Option(min=1, max=64, help="squares for each pixel")] = 4,
    seed: Seed = 0,
) -> None:
    """Draw images from the prior into one contact sheet.

    Example: python -m vae sample assets/digits --n 100 --temperature 0.8 --out samples.png
    """
    import torch
    from torch import Generator

    from vae import bundle
    from vae.data.base import sheet

    model = bundle.load(folder).model
    z = model.prior().sample(n, generator=Generator().manual_seed(seed)) * temperature
    sheet(model.decode(z).mean.clamp(0, 1).mul(255).round().to(torch.uint8), scale).save(out_file)
    out.print(f"Wrote {n} images to {out_file}.")


@app.command()
def encode(
    folder: BundlePath,
    pictures: Annotated[
        list[Path] | None, typer.Argument(help="pictures; without any, a data set is encoded")
    ] = None,
    data: Annotated[str, typer.Option(help="data set; by default the model's own")] = "",
    split: Split = "test",
    n: Annotated[int, typer.Option(min=1, help="the first n images")] = 1_000_000,
    out_file: Annotated[
        Path | None, typer.Option("--out", help="a .npz, .csv or .json file, instead of the screen")
    ] = None,
) -> None:
    """Encode pictures or a data set: posterior mean and scale, rate and distortion of each.

    Example: python -m vae encode assets/digits photograph.jpg

    Example: python -m vae encode assets/digits --split test --out codes.csv
    """
    from vae import bundle
    from vae.atlas import encode_all

    check_suffix(out_file)
    model, atlas, card, _ = bundle.load(folder)
    if pictures:
        x, about, refused = prepare_pictures(pictures, card.prepare)
    else:
        x, refused = held_images(data or card.data["name"], model, split)[:n], []
        about = {"picture": [f"{split} {i}" for i in range(len(x))]}
    if len(x):
        codes = encode_all(model, x)
        price, usual = codes["rate"] + codes["distortion"], atlas.rate + atlas.distortion
        about["percentile"] = [float(100 * (usual < p).mean()) for p in price]
        write_codes(out_file, about, codes)
    if refused:
        raise InputError("\n".join(refused))


def held_images(name: str, model, split: str):
    """A data set's images (N, C, H, W) uint8, if the model takes them."""
    from vae.data import DATASETS

    source = one_of(DATASETS, name, "data set")
    if source.image != model.config.image:
        raise InputError(
            f"{source.title} has images of {source.image}; this model takes {model.config.image}."
        )
    return source.load(split).x


def prepare_pictures(paths: list[Path], settings: dict):
    """Pictures as the model's input (N, C, H, W) uint8, what to say of them, and the refusals."""
    import numpy as np
    import torch

    from vae.data.prepare import Prepare, open_picture, prepare

    wanted = Prepare(**{**settings, "size": tuple(settings["size"])})
    inputs, about, refused = [], {"picture": [], "notes": []}, []
    for path in paths:
        try:
            prepared = prepare(open_picture(path), wanted)
        except InputError as why:
            refused.append(f"{path}: {why}")
            continue
        inputs.append(prepared.x)
        about["picture"].append(str(path))
        about["notes"].append(" ".join(prepared.notes))
    return torch.from_numpy(np.array(inputs)), about, refused


def check_suffix(path: Path | None) -> None:
    if path is not None and path.suffix not in (".npz", ".csv", ".json"):
        raise InputError(f"{path} must end in .npz, .csv or .json.")


def write_codes(path: Path | None, about: dict[str, list], codes: dict) -> None:
    """One row for each picture: what it is, then its mean and scale (D,), rate and distortion."""
    import numpy as np

    if path is not None and path.suffix == ".npz":
        np.savez_compressed(path, **about, **codes)
    elif path is not None and path.suffix == ".csv":
        write_csv(path, about, codes)
    else:
        nats = {"rate": "rate_nats", "distortion": "distortion_nats"}
        columns = {**about, **{nats.get(k, k): v.tolist() for k, v in codes.items()}}
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        text = json.dumps(rows, indent=1, ensure_ascii=False)
        print(text) if path is None else path.write_text(text + "\n", "utf-8")
    if path is not None:
        out.print(f"Wrote {len(codes['mean'])} codes to {path}.")


def write_csv(path: Path, about: dict[str, list], codes: dict) -> None:
    import csv

    d = codes["mean"].shape[1]
    names = [f"{what}_{j}" for what in ("mean", "scale") for j in range(d)]
    with path.open("w", newline="", encoding="utf-8") as f:
        table = csv.writer(f)
        table.writerow([*about, *names, "rate_nats", "distortion_nats"])
        for i, row in enumerate(zip(*about.values(), strict=True)):
            numbers = [*codes["mean"][i], *codes["scale"][i], codes["rate"][i]]
            table.writerow([*row, *(f"{v:.7g}" for v in [*numbers, codes["distortion"][i]])])
