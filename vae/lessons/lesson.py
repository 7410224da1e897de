"""What a lesson is, as the browser is given it."""

from dataclasses import dataclass

# Text, or an element as [tag, node, …]; a number to measure is ["measure", name, argument, …].
Node = str | list


@dataclass(frozen=True)
class Choice:
    """An answer that is right where the measured number is in [low, high); `high` equal to `low`
    is that number alone, None has no end."""

    low: float | None
    high: float | None
    words: list[Node]


@dataclass(frozen=True)
class Number:
    """An answer that is a number of so many `unit`."""

    min: float
    max: float
    unit: str


@dataclass(frozen=True)
class Prediction:
    """A question whose answer is measured: with choices, or a number."""

    question: list[Node]
    choices: list[Choice]
    number: Number | None
    answer: list[str]  # a measure and its arguments


@dataclass(frozen=True)
class Task:
    """What is to be done, and the predicate of the page's state that says whether it was."""

    predicate: list[str]  # its name, the field of the state, further arguments
    words: list[Node]


@dataclass(frozen=True)
class Step:
    title: str
    words: list[Node]
    page: str  # a key of PAGES
    model: str
    query: str | None  # what the page's link says; None leaves the page as the step before left it
    predict: Prediction | None
    do: Task | None
    reveal: list[Node] | None
    explain: list[Node] | None


@dataclass(frozen=True)
class Lesson:
    key: str  # the first part of its file's name; in links
    title: str
    question: str
    models: list[str]  # that it needs, by name; pictures are drawn by the first
    steps: list[Step]
