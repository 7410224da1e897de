"""Every term of the interface is in the glossary, by one sentence, and no other is."""

import json
import re
from pathlib import Path

import pytest

LIVE = Path(__file__).parents[1] / "vae" / "live"
GLOSSARY = LIVE / "core" / "terms.js"
TERMS = json.loads(GLOSSARY.read_text("utf-8").partition("TERMS = ")[2].removesuffix(";\n"))
FORMS = {form: term for term, entry in TERMS.items() for form in entry["forms"]}

COMMENT = re.compile(r"^\s*//[^\n]*|^(?:import|export)\b[^\n]*\bfrom \"[^\n]*", re.M)
STRING = re.compile(r'"((?:\\.|[^"\\\n])*)"|`((?:\\.|[^`\\])*)`')
HOLE = re.compile(r"\$\{[^}]*\}")
OWN = ("core/terms.js", "core/glossary.js", "core/torch.js", "widgets/icons.js")  # no texts


def texts(path: Path) -> list[str]:
    """What a script says: its strings of letters, without what is filled in."""
    found = STRING.findall(COMMENT.sub("", path.read_text("utf-8")))
    return [text for one, other in found if (text := HOLE.sub(" ", one or other)).strip()]


SCRIPTS = [p for p in sorted(LIVE.rglob("*.js")) if p.relative_to(LIVE).as_posix() not in OWN]
INTERFACE = [text for path in SCRIPTS for text in texts(path)]
SENTENCES = [text for text in INTERFACE if " " in text.strip()]


def stands(form: str, text: str) -> bool:
    flags = 0 if len(form) == 1 or re.search(r"[A-Z]", form) else re.IGNORECASE
    return bool(re.search(rf"(?<!\w){re.escape(form)}(?!\w)", text, flags))


def known(words: str) -> bool:
    return any(stands(form, words) for form in FORMS)


# Formats, units and names that need no explanation, and what is said of programs.
PLAIN = {"PNG", "GIF", "JPEG", "WebP", "TIFF", "JSON", "CSV", "HTML", "MB", "NaN", "DATA", "QR"}
PLAIN |= {"FOLDER", "PyTorch", "ZIP"}
ABBREVIATION = re.compile(r"[A-Z][A-Za-z]*[A-Z][A-Za-z]*|\b[A-Za-z]?[αβγδεθλμσφχ](?:-\w+)?")
PATH_DATA = re.compile(r"[MmLlHhVvAaCcZz0-9 .,-]+")  # of drawings in SVG


def abbreviations() -> set[str]:
    said = [text for text in SENTENCES if not PATH_DATA.fullmatch(text)]
    return {word for text in said for word in ABBREVIATION.findall(text)} - PLAIN


def test_abbreviations_and_greek_letters_of_the_interface_are_explained():
    assert [word for word in sorted(abbreviations()) if not known(word)] == []


NAMES = {  # tables whose names a page shows, and how a name stands there
    "core/paths.js": r'^    name: "([^"]+)"',
    "map/projections.js": r'title: "([A-Z]+)"',
    "widgets/head.js": r'\["\w+", "([^"]+)", \d\]',
}


@pytest.mark.parametrize("script", NAMES)
def test_the_names_of_a_table_are_explained(script):
    names = re.findall(NAMES[script], (LIVE / script).read_text("utf-8"), re.M)
    assert names
    assert [name for name in names if not known(name)] == []


@pytest.mark.parametrize("term", TERMS)
def test_a_term_stands_in_the_interface(term):
    assert any(stands(form, text) for form in TERMS[term]["forms"] for text in INTERFACE)


@pytest.mark.parametrize("term", TERMS)
def test_a_term_has_one_sentence(term):
    says = TERMS[term]["says"]
    assert says.endswith(".")
    assert not re.search(r"[.!?] [A-Z]", says.replace("et al.", "et al"))
    assert len(says) <= 170


def test_a_form_belongs_to_one_term():
    assert len(FORMS) == sum(len(entry["forms"]) for entry in TERMS.values())


def test_a_moving_picture_is_one_that_there_is():
    pictures = (LIVE / "widgets/termpicture.js").read_text("utf-8")
    drawn = re.search(r"PICTURES = \{ (.+) \}", pictures)[1].split(", ")
    assert {entry["moves"] for entry in TERMS.values() if "moves" in entry} == set(drawn)
