"""A figure is never alone: it comes with what it takes to repeat it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    value: float
    unit: str
    n: int  # examples
    seed: int
    k: int | None = None  # samples for each example
    stderr: float | None = None  # of the mean over examples
    note: str = ""
    control: float | None = None  # the same figure of what the note says, to compare with
