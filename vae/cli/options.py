"""What the commands share: how options are made from dataclasses, and how progress is shown."""

import inspect
import math
from collections.abc import Callable, Collection
from contextlib import contextmanager
from dataclasses import Field, fields
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

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

from vae.errors import InputError

out, err = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)

BundlePath = Annotated[Path, typer.Argument(help="folder of a trained model, as assets/digits")]
Split = Annotated[Literal["train", "validation", "test"], typer.Option(help="part of the data set")]
Seed = Annotated[int, typer.Option(help="the same seed gives the same result")]
Threads = Annotated[int, typer.Option(min=1, help="processor threads")]


def options(**configs: Callable[..., Any]):
    """Replace a command's parameter by an option for each field of its dataclass.

    `@options(config=Train)` gives the command --steps, --batch, …, with the defaults and help texts
    that stand beside the thing itself, and calls it with `config=Train(steps=…, batch=…)`.
    """
    made = {name: [option(f, kind) for f in fields(kind)] for name, kind in configs.items()}
    return replaced(made, lambda name, values: configs[name](**values))


def changes(without: Collection[str] = (), **configs: type):
    """Like `options`, for settings whose defaults a model decides.

    `@changes(own=Prepare, without=["size"])` gives the command an option for each other field, and
    calls it with `own={…}`, which holds what the user named.
    """
    made = {
        name: [option(f, kind, optional=True) for f in fields(kind) if f.name not in without]
        for name, kind in configs.items()
    }
    return replaced(made, lambda _, values: {k: v for k, v in values.items() if v is not None})


def replaced(made: dict[str, list[inspect.Parameter]], combine: Callable[[str, dict], Any]):
    """A decorator: each parameter named in `made` becomes those, and `combine` its value."""

    def decorate(command):
        signature = inspect.signature(command)
        kept = [p for name, p in signature.parameters.items() if name not in made]
        parameters = [*kept, *(p for group in made.values() for p in group)]

        @wraps(command)
        def wrapper(**values):
            for name, group in made.items():
                values[name] = combine(name, {p.name: values.pop(p.name) for p in group})
            return command(**values)

        wrapper.__signature__ = signature.replace(parameters=parameters)
        wrapper.__annotations__ = {p.name: p.annotation for p in parameters}
        return wrapper

    return decorate


def option(f: Field, config: type, optional: bool = False) -> inspect.Parameter:
    """A field of the dataclass `config` as a keyword parameter that Typer turns into an option.

    `optional`: its default is None, for "as the model has it".
    """
    choices = f.metadata.get("choices")
    kind = get_type_hints(config)[f.name]
    if choices and isinstance(choices[0], str):
        kind = Literal[choices]
    limits = {k: f.metadata[k] for k in ("min", "max") if k in f.metadata}
    note = typer.Option(help=f.metadata["help"], **limits)
    return inspect.Parameter(
        f.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None if optional else f.default,
        annotation=Annotated[kind | None if optional else kind, note],
    )


def check_finite(**numbers: float) -> None:
    """Limits let NaN pass, which compares as neither less nor more."""
    for name, value in numbers.items():
        if not math.isfinite(value):
            raise InputError(f"{name} must be a finite number, not {value}.")


@contextmanager
def bars():
    """Progress bars on standard error, one for each title; yields a function that moves one."""
    columns = [SpinnerColumn(), TextColumn("{task.description}"), BarColumn()]
    columns += [MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.fields[note]}")]
    with Progress(*columns, console=err) as bar:
        tasks = {}

        def show(title: str, done: float, total: float | None, note: str = "") -> None:
            if title not in tasks:
                tasks[title] = bar.add_task(title, total=total, note="")
            bar.update(tasks[title], completed=done, note=note)

        yield show


@contextmanager
def progress(title: str, total: float | None = None):
    """A progress bar on standard error; yields a function that moves it."""
    with bars() as show:
        show(title, 0, total)
        yield lambda done, note="": show(title, done, total, note)


def one_of(registry, name: str, what: str):
    """A registry's member. Raises InputError that lists the others."""
    if name not in registry:
        raise InputError(f"There is no {what} {name!r}; known are {', '.join(registry)}.")
    return registry[name]
