"""Plans for teachers: what a class does in how many minutes, each with its page or step.

    ---
    title: Twenty minutes
    goal: See what a variational autoencoder does.
    ---
    5 tour.1 The first three steps, a pupil at the projector.
    3 generate?seed=1 Take new pictures.

A place is a step of a lesson, or a page as links have it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

from vae.errors import InputError
from vae.lessons.lesson import Lesson
from vae.lessons.reading import PATHS
from vae.pages import PAGES

PLANS = Path(__file__).with_name("plans")


@dataclass(frozen=True)
class Part:
    minutes: int
    step: str  # of a lesson, as 1.3; empty where it is a page
    page: str  # a key of PAGES; empty where it is a step
    query: str  # of the page
    words: str


@dataclass(frozen=True)
class Plan:
    title: str
    goal: str
    parts: list[Part]

    @property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.parts)


def course(lessons: list[Lesson]) -> dict[str, list]:
    """What the browser is given."""
    return {"lessons": lessons, "plans": plans(lessons)}


def plans(lessons: Iterable[Lesson]) -> list[Plan]:
    """The shipped plans, the shortest first.

    Raises:
        InputError: a line is no part of a plan, or its place is none.
    """
    steps = {f"{one.key}.{i}" for one in lessons for i in range(1, len(one.steps) + 1)}
    return sorted((plan(path, steps) for path in PLANS.glob("*.md")), key=lambda one: one.minutes)


def plan(path: Path, steps: set[str]) -> Plan:
    begin, title, goal, end, *lines = path.read_text("utf-8").splitlines()
    if (begin, end) != ("---", "---"):
        raise InputError(f"{path.name} begins with a title and a goal between two “---”.")
    said = [line.partition(": ")[2] for line in (title, goal)]
    return Plan(*said, [part(line, steps, path.name) for line in lines if line.strip()])


def part(line: str, steps: set[str], name: str) -> Part:
    minutes, place, words = (*line.split(maxsplit=2), "", "", "")[:3]
    if not (minutes.isdecimal() and words):
        raise InputError(f"{name}: “{line}” is not minutes, a place, and what to do.")
    if place in steps:
        return Part(int(minutes), place, "", "", words)
    path, _, query = place.partition("?")
    if path not in PATHS:
        raise InputError(f"{name}: “{place}” is neither a step of a lesson nor a page.")
    page = PATHS[path]
    for field, _ in parse_qsl(query):
        if field not in PAGES[page].fields:
            raise InputError(f"{name}: the page {PAGES[page].title} has no field “{field}”.")
    return Part(int(minutes), "", page, query, words)
