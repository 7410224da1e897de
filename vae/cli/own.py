"""Training on a folder of your own pictures: what they become, and what a training would do."""

from collections.abc import Collection
from dataclasses import fields, replace
from functools import partial
from pathlib import Path

from vae.cli.options import bars, err, out
from vae.data.folder import Pictures
from vae.suggested import suggested

SHEET = 64  # pictures on a sheet
LISTED = 10  # files that cannot be used
OPTIONS = {"name", *(field.name for field in fields(Pictures))}


def source_of(data: str, name: str, pictures: Pictures, given: Collection[str]):
    """A data set by its name, or the pictures in a folder; `given`: the options that the user gave.

    Raises:
        InputError: there is neither, `name` is taken, or an option is of folders only.
    """
    from vae.data import DATASETS, data_set
    from vae.errors import InputError

    folder = Path(data)
    if data not in DATASETS and folder.exists():
        name = name or name_of(folder)
        if name in DATASETS:
            raise InputError(f"There is a data set {name!r} already; give these pictures a --name.")
        return pictures_of(folder, name, pictures)
    source = data_set(data)
    if wrong := [option for option in given if option in OPTIONS]:
        raise InputError(f"--{wrong[0]} is of a folder of pictures; {data} is a data set.")
    return source


def name_of(folder: Path) -> str:
    """The folder's or file's own name, with a hyphen for what a name cannot have."""
    import re

    whole = folder.resolve()
    return re.sub(r"[^\w.]+", "-", whole.stem if whole.is_file() else whole.name).strip("-.")


def pictures_of(folder: Path, name: str, pictures: Pictures):
    from vae.data.folder import about, prepared

    with bars() as show:
        source = prepared(folder, name, pictures, partial(show, "pictures"))
    refused = about(name).refused
    if refused:
        err.print(f"{len(refused):,} files cannot be used:", markup=False, highlight=False)
    for sentence in refused[:LISTED]:
        err.print(f"  {sentence}", markup=False, highlight=False)
    return source


def completed(design, source, given: Collection[str]):
    """The design, with what the user did not give chosen by a folder's pictures."""
    from vae.data.folder import about

    if not source.version:
        return design
    for choice in suggested(source.image, about(source.name).between):
        if next(iter(choice)) not in given:  # the rest of a choice only goes with its first
            design = replace(design, **{k: v for k, v in choice.items() if k not in given})
    return design


def rehearse(run) -> None:
    """Say what a run would do, after a few steps; write nothing but a sheet of pictures."""
    from vae.data.base import sheet
    from vae.data.folder import about
    from vae.files import make_folder
    from vae.runs import rehearsal

    path, source = run.folder.with_name(run.folder.name + ".png"), run.data
    tried = rehearsal(run)
    make_folder(path.parent)
    sheet(source.load("train").x[:SHEET], gap=2).save(path)
    lines = {
        "pictures": f"{tried.training:,} to train on, {tried.validation:,} held out, "
        f"{tried.test:,} for the test",
        "left out": left_out(about(source.name)) if source.version else "nothing",
        "classes": ", ".join(source.classes) or "none",
        "become": f"{' x '.join(map(str, source.image))} (channels x height x width): {path}",
        "design": f"{run.design.net}, width {run.design.width}, {run.design.latent} dimensions, "
        f"{run.design.likelihood} likelihood: {tried.weights:,} weights",
        "time": f"at most {duration(tried.seconds * run.config.steps)}: {run.config.steps:,} steps "
        f"of {1000 * tried.seconds:.0f} ms, as measured; then the map",
        "memory": peak(),
        "model": str(run.folder),
    }
    for what, value in lines.items():
        out.print(f"{what:<9} {value}", markup=False, highlight=False)


def left_out(about) -> str:
    return f"{about.duplicates:,} duplicates, {len(about.refused):,} files that cannot be used"


def duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    minutes = seconds / 60
    return f"{minutes:.0f} minutes" if minutes < 90 else f"{minutes / 60:.1f} hours"


def peak() -> str:
    """The most memory that this process has had, which has taken a few steps."""
    import sys

    try:
        import resource
    except ImportError:
        return "is not measured on this system"
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes elsewhere
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return f"{used / 1e6:,.0f} MB in these steps"
