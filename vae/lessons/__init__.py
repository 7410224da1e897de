"""Lessons: text files whose steps set the state of a page, ask for a prediction, wait for what is
done there, and then measure.

    ---
    title: A cloud, not a point
    question: What does the encoder say of a picture?
    models: digits, digits-2d
    ---

    ## A title, with which a step begins

    Markdown: paragraphs, lists and tables, and {rate digits @4} for a number that is measured.

    :open: inside?of=@4&sigma=0.5
    :predict: How many nats does its code cost?
    :choice: below 20 = Fewer than 20
    :choice: 20 and more = More
    :answer: rate digits @4
    :do: is sigma 0
    What to do, until the page's state is as the line above says.
    :reveal: It costs {rate digits @4} nats.
    :explain: Why, in your own words?

Every part of a step may be left out, but for its title. The browser side is in live/lessons/.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from vae.errors import InputError
from vae.lessons.lesson import Lesson
from vae.lessons.reading import read

TEXTS = Path(__file__).with_name("texts")
OWN = "VAE_LESSONS"  # the environment's folders of further lessons


def files() -> list[Path]:
    """The shipped lessons, then those in `$VAE_LESSONS`."""
    more = (Path(p) for p in os.environ.get(OWN, "").split(os.pathsep) if p)
    return [path for folder in (TEXTS, *more) for path in within(folder)]


def within(folder: Path) -> list[Path]:
    """The lessons of one folder, in their order."""
    return sorted(folder.glob("*.md"), key=counted)


def counted(path: Path) -> list[str | int]:
    """By which 2-b comes before 10-a."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", path.name)]


def usable(paths: Iterable[Path]) -> tuple[list[Lesson], list[str]]:
    """The lessons in these files, and a sentence for each file that is none."""
    lessons, refusals = {}, []
    for path in paths:
        try:
            lesson = read(path)
            if lesson.key in lessons:
                raise InputError(
                    f"{path.name} begins with “{lesson.key}” as another lesson's file does: "
                    "links could not tell the two apart."
                )
            lessons[lesson.key] = lesson
        except InputError as why:
            refusals.append(f"A lesson is left out. {why}")
    return [*lessons.values()], refusals
