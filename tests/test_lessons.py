"""Lessons as files: the shipped ones are whole; what is wrong with one is said with its line."""

import json
from pathlib import Path

import pytest
from commands import call
from test_glossary import ABBREVIATION, PLAIN, known
from typer.testing import CliRunner

from vae import cli
from vae.errors import InputError
from vae.lessons import TEXTS, counted, files, usable, within
from vae.lessons.names import MEASURES, PREDICATES
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
    assert [one["key"] for one in json.loads(lessons().body)] == [
        path.stem.partition("-")[0] for path in SHIPPED
    ]


def test_lessons_come_in_the_order_of_their_numbers():
    names = ["1-b.md", "2-a.md", "10-a.md", "10-b.md"]
    assert sorted(map(Path, reversed(names)), key=counted) == [Path(name) for name in names]


def test_the_readme_lists_each_with_its_question():
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    for lesson in map(read, SHIPPED):
        assert f"| {lesson.key} {lesson.title} | {lesson.question} |" in readme


def test_a_whole_lesson_is_read(written):
    path = written(WHOLE)
    assert problems(path) == []
    lesson = read(path)
    first, second = lesson.steps
    assert lesson.key == "1"
    assert first.words == [
        ["p", "Words with ", ["measure", "rate", "digits", "@3"], " nats,", " ", "on two lines."]
    ]
    assert (first.page, first.model, first.query) == ("inside", "digits", "of=@3&sigma=0.5")
    assert [(c.low, c.high) for c in first.predict.choices] == [
        (None, 2), (2, 5), (5, 5), (6, None),
    ]  # fmt: skip
    assert first.predict.choices[1].words == [["em", "More"]]
    assert first.do.predicate == ["is", "sigma", "0"]
    assert first.explain == ["Why?"]
    assert (second.page, second.query) == ("inside", None)
    assert (second.predict.number.max, second.predict.number.unit) == (10, "nats")
    assert second.reveal == [["ul", ["li", ["measure", "rate", "digits", "@3"]]]]


WRONG = [
    ("---\ntitle", "title", 1, "begins with lines of title, question and models"),
    ("question: A question?\n", "", 1, "The lesson's question is missing."),
    ("question: A question?", "colour: red", 3, "first lines are title, question, models"),
    ("## A step", "# A step", 7, "Text stands in a step"),
    ("inside?", "outside?", 12, "There is no page “outside”; known are explore, your-image"),
    ("&sigma=", "&sugar=", 12, "The page Inside has no field “sugar”; known are of, seed"),
    ("of=@3&", "drawing=@3&", 12, "no field “drawing”"),
    ("of=@3&", "model=faces&", 12, "“faces” is none of the lesson's models, digits."),
    ("{rate digits @3} nats", "{rat digits @3}", 9, "There is no measure “rat”; known are rate"),
    ("{rate digits @3} nats", "{rate digits}", 9, "“rate” takes model, example, not “digits”"),
    ("{rate digits @3} nats", "{rate digits 3}", 9, "“3”, given to “rate”, is no example."),
    ("{rate digits @3} nats", "{rate faces @3}", 9, "“faces” is none of the lesson's models"),
    ("on two lines", "on {rat} lines", 10, "There is no measure “rat”"),
    ("Words with", "<b>Words</b> with", 9, "Markdown's html inline is not for lessons."),
    ("on two lines", "on [two](x) lines", 10, "Markdown's link is not for lessons."),
    (":choice: below 2 =", ":choice: under 2 =", 14, "A choice is written as"),
    (":choice: 5 =", ":choice: 4 =", 16, "shares numbers with one before it"),
    (":choice: 6 and more", ":choice: 3 and more", 17, "shares numbers with one before it"),
    (":answer: rate digits @3\n:do", ":do", 13, "needs an “:answer:”"),
    (":answer: rate digits @3\n:do", ":answer: rated\n:do", 18, "no measure “rated”"),
    (":do: is sigma", ":do: was sigma", 19, "There is no predicate “was”; known are is"),
    (":do: is sigma", ":do: is sugar", 19, "no field “sugar”; known are of, seed"),
    (":do: is sigma 0", ":do: is sigma", 19, "The predicate “is” takes text, not “”."),
    ("Move it.\n", "", 19, "What is to be done stands in the lines after “:do:”."),
    (":reveal: It is {rate digits @3}.\n", "", 7, "A prediction needs a “:reveal:”"),
    (":explain:", ":explane:", 22, "“:explane:” is no part of a step; known are open"),
    (":explain: Why?", ":do: is sigma 1\nAgain.", 22, "“:do:” stands in this step already."),
    (":number: 0 to 10 nats", "", 26, "either a “:choice:” for each answer or a “:number:”"),
    ("0 to 10 nats", "10 to 0 nats", 27, "A number is written as “0 to 10 nats”"),
    (":predict: How many?\n", "", 26, "“:number:” needs a “:predict:”"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "sentence"), WRONG)
def test_what_is_wrong_is_one_sentence_with_its_line(written, old, new, line, sentence):
    assert old in WHOLE
    path = written(WHOLE.replace(old, new, 1))
    found = problems(path)
    assert any(one.startswith(f"{path}, line {line}: ") and sentence in one for one in found), found
    with pytest.raises(InputError):
        read(path)


@pytest.mark.parametrize("kept", range(len(WHOLE.splitlines())))
def test_any_beginning_of_a_lesson_is_read_or_refused_by_sentences(written, kept):
    path = written("\n".join(WHOLE.splitlines()[:kept]))
    assert all(one.endswith(".") for one in problems(path))


def test_a_file_that_is_no_lesson_is_left_out_with_a_sentence(written):
    good, bad = written(WHOLE), written("nothing", "2-b.md")
    found, refusals = usable([good, bad, written(WHOLE, "1-c.md")])
    assert [lesson.key for lesson in found] == ["1"]
    assert "2-b.md, line 1: A lesson begins" in refusals[0]
    assert "1-c.md begins with “1” as another lesson's file does" in refusals[1]


def test_the_command_says_what_is_wrong_and_where(written):
    assert "nothing wrong" in call("lesson", "check", *SHIPPED)
    bad = written(WHOLE.replace("is sigma", "was sigma"))
    result = CliRunner().invoke(cli.app, ["lesson", "check", str(bad), str(SHIPPED[0])])
    assert result.exit_code == 2
    assert "line 19: There is no predicate “was”" in result.output


def test_the_command_lists_all_names():
    said = call("lesson", "names")
    assert all(name in said for name in (*MEASURES, *PREDICATES, "inside?", "sigma"))
