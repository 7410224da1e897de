"""One HTML file that holds a whole explorer."""

import json
import re
from base64 import b64decode, b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace

from vae import export
from vae.bundle import ATLAS, CARD, WEIGHTS, find, read_card, write_card
from vae.card import plain
from vae.errors import InputError
from vae.ui import library

LOADS = {"src", "srcset", "href", "action", "data", "poster", "background", "formaction"}
STATIC = re.compile(r"""^(?:import|export)\s*(?:[\w*{}\s,$]*\bfrom\s*)?["']([^"'\n]+)["']""", re.M)
DYNAMIC = re.compile(r"""\bimport\(\s*["']([^"']+)""")


class Reader(HTMLParser):
    """Elements with their attributes, and the text within each script, style and title."""

    def __init__(self, text: str):
        super().__init__()
        self.elements, self.texts = [], []  # a text ends with the first end tag after it
        self.within = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self.texts.append("")
        self.within = True

    def handle_endtag(self, tag):
        self.within = False

    def handle_data(self, data):
        if self.within:
            self.texts[-1] += data

    def inside(self, tag: str, **attributes) -> list[str]:
        return [
            text
            for (name, has), text in zip(self.elements, self.texts, strict=True)
            if name == tag and attributes.items() <= has.items()
        ]


def inline(url: str) -> bytes:
    """What a data URL holds."""
    kind, text = url.split(",", 1)
    assert kind.startswith("data:")
    assert kind.endswith(";base64")
    return b64decode(text)


def modules(reader: Reader) -> dict[str, str]:
    (imports,) = reader.inside("script", type="importmap")
    return {k: inline(v).decode() for k, v in json.loads(imports)["imports"].items()}


def imported(text: str) -> set[str]:
    return {*STATIC.findall(text), *DYNAMIC.findall(text)}


@pytest.fixture(scope="module")
def folder():
    return find(library.ASSETS)["digits"]


@pytest.fixture(scope="module")
def made(folder):
    return export.page(folder)


@pytest.fixture(scope="module")
def reader(made):
    return Reader(made)


def test_it_goes_by_mail(made):
    assert len(made.encode()) <= 12_000_000


def test_it_holds_the_three_files(reader, folder):
    content = json.loads(*reader.inside("script", id="content"))
    assert content["model"] == "digits"
    for name in (CARD, WEIGHTS, ATLAS):
        assert b64decode(content["files"][name]) == (folder / name).read_bytes()


def test_it_holds_every_module_and_style(reader):
    scripts = {path.relative_to(export.LIVE) for path in export.LIVE.rglob("*.js")}
    assert modules(reader).keys() == {f"atelier/{path.as_posix()}" for path in scripts}
    (style,) = reader.inside("style")
    assert all(sheet.read_text("utf-8") in style for sheet in export.LIVE.rglob("*.css"))
    assert style.index("/* Morph */") > style.index(".atelier .pick")  # a page's own rules win


def test_every_import_is_in_the_map(reader):
    known = modules(reader)
    wanted = {name: imported(text) for name, text in known.items()}
    assert not {n: w - known.keys() for n, w in wanted.items() if w - known.keys()}
    (start,) = reader.inside("script", type="module")
    assert imported(start) == {"atelier/standalone.js"}
    assert "atelier/local.js" in wanted["atelier/standalone.js"]


def test_nothing_in_it_leads_elsewhere(reader):
    loads = [(tag, has) for tag, has in reader.elements if LOADS & has.keys()]
    assert not loads
    assert not [tag for tag, _ in reader.elements if tag in ("link", "base", "iframe", "img")]
    (style,) = reader.inside("style")
    assert "url(" not in style
    assert "@import" not in style
    policy = next(has["content"] for _, has in reader.elements if "http-equiv" in has)
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy
    assert "*" not in policy


def test_its_own_scripts_run_and_no_other(reader):
    policy = next(has["content"] for _, has in reader.elements if "http-equiv" in has)
    rule = next(part.split() for part in policy.split("; ") if part.startswith("script-src"))
    runs = [
        text
        for text, (tag, has) in zip(reader.texts, reader.elements, strict=True)
        if tag == "script" and has.get("type") != "application/json"
    ]
    sums = [b64encode(sha256(text.encode()).digest()).decode() for text in runs]
    assert [word for word in rule if "sha256" in word] == [f"'sha256-{sum}'" for sum in sums]
    assert "'unsafe-inline'" not in rule


TITLES = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!-- <script>",
    "</title></style>{style}&amp;",
    "quotes \" ' and a line\u2028end",
]


@pytest.mark.parametrize("title", TITLES)
def test_a_title_is_text(saved, title):
    write_card(saved, plain(replace(read_card(saved), title=title)))
    reader = Reader(export.page(saved))
    (words,) = reader.inside("title")
    assert words == f"{title} – VAE Atelier"
    content = json.loads(*reader.inside("script", id="content"))
    assert content["title"] == title
    tags = [tag for tag, _ in reader.elements]
    assert "img" not in tags
    assert tags.count("script") == 3


def test_a_page_too_large_is_refused(folder, monkeypatch):
    monkeypatch.setattr(export, "MOST", 2_000_000)
    with pytest.raises(InputError, match=r"would have \d+\.\d MB; the limit is 2 MB") as refusal:
        export.page(folder)
    assert str(refusal.value).startswith("The page of Handwritten digits")


@pytest.mark.parametrize("name", [WEIGHTS, ATLAS])
def test_a_damaged_bundle_is_refused(saved, name):
    raw = bytearray((saved / name).read_bytes())
    raw[-1] ^= 1
    (saved / name).write_bytes(raw)
    with pytest.raises(InputError, match=f"{name} is damaged: its SHA-256 differs"):
        export.page(saved)


def test_a_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(InputError, match="There is no model"):
        export.page(tmp_path)
