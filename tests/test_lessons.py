"""Lessons as files: the shipped ones are whole; what is wrong with one is said with its line."""

import json

import pytest
from test_glossary import ABBREVIATION, PLAIN, known

from vae.lessons import TEXTS, files, usable, within
from vae.lessons.reading import problems, read
from vae.ui.library import folders
from vae.ui.routes.lessons import lessons

SHIPPED = within(TEXTS)
WHOLE = """---
title: A title
question: A question?
models: digits
---

## A step

Words with {rate digits @3} nats,
on two lines.

:open: inside?of=@3&sigma=0.5
:predict: How much?
:choice: below 2 = Little
:choice: 2 to 5 = *More*
:choice: 5 = Five
:choice: 6 and more = Much
:answer: rate digits @3
:do: is sigma 0
Move it.
:reveal: It is {rate digits @3}.
:explain: Why?

## Another

:predict: How many?
:number: 0 to 10 nats
:answer: rate digits @3
:reveal:
- {rate digits @3}
"""


@pytest.fixture
def written(tmp_path):
    """A function that writes a lesson and returns its path."""

    def write(text, name="1-a.md"):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return write


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_lesson_is_whole(path):
    assert problems(path) == []
    lesson = read(path)
    assert 4 <= len(lesson.steps) <= 6
    assert set(lesson.models) <= folders().keys()
    assert all(step.predict or step.do or step.reveal for step in lesson.steps)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_its_abbreviations_and_greek_letters_are_in_the_glossary(path):
    text = path.read_text("utf-8")
    assert [w for w in sorted({*ABBREVIATION.findall(text)} - PLAIN) if not known(w)] == []


def test_all_shipped_lessons_stand_side_by_side():
    assert len(usable(files())[0]) == len(SHIPPED)
    assert [one["key"] for one in json.loads(lessons().body)["lessons"]] == [
        path.stem.partition("-")[0] for path in SHIPPED
    ]
