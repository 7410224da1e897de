"""A model file in the page: the same model, or a sentence; and nothing of it leaves the browser."""

from base64 import b64encode
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import numpy as np
import pytest
from playwright.sync_api import expect

from vae.bundle import CARD, WEIGHTS
from vae.pack import pack

from .conftest import ROOT
from .hand import drag, greys, until

OPEN = ".atelier[data-page={}]:not([aria-busy])"
READ = """async ([name, base64]) => {
  const { openPackage } = await import("/live/io/package.js");
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  try {
    const { files, ...model } = await openPackage(new File([bytes], name));
    const each = await Promise.all(Object.entries(files).map(async ([name, url]) =>
      [name, (await (await fetch(url)).blob()).size]));
    return { ...model, sizes: Object.fromEntries(each) };
  } catch (error) {
    return error.constructor.name === "InputError" ? error.message : String(error.stack);
  }
}"""


def entries(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def zipped(files: dict[str, bytes], compression: int = ZIP_STORED, comment: bytes = b"") -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        archive.comment = comment
    return file.getvalue()


def read(page, data: bytes):
    return page.evaluate(READ, ["mine.vae", b64encode(data).decode()])


@pytest.fixture(scope="module")
def files(models) -> dict[str, bytes]:
    return entries(models / "odd")


def test_what_python_packs_the_page_reads(page, models, files, tmp_path):
    pack(models / "odd", tmp_path / "odd.vae")
    sizes = {name: len(data) for name, data in files.items()}
    for data in ((tmp_path / "odd.vae").read_bytes(), zipped(files, comment=b"a comment")):
        model = {"name": "mine", "title": "<b>odd</b>", "bytes": len(data), "sizes": sizes}
        assert read(page, data) == model


def test_a_bad_file_is_refused_in_a_sentence(page, files):
    card = files[CARD].decode()
    bad = {
        "is no .vae file, is damaged": b"nothing",
        "it must hold bundle.json": zipped(files | {"more.txt": b""}),
        "it must hold bundle.json, weights": zipped({f"../{k}": v for k, v in files.items()}),
        "is compressed or encrypted": zipped(files, ZIP_DEFLATED),
        "is not readable as JSON": zipped(files | {CARD: b"{"}),
        "format 99, newer": zipped(
            files | {CARD: card.replace('"format": 2', '"format": 99').encode()}
        ),
        "is damaged in weights": zipped(files | {WEIGHTS: files[WEIGHTS][:-1] + b"?"}),
    }
    for why, data in bad.items():
        assert why in read(page, data)


def test_no_changed_or_missing_byte_makes_another_model(page, files):
    data, rng = zipped(files), np.random.default_rng(0)
    whole = read(page, data)
    for at in rng.integers(0, len(data), 40).tolist():
        changed = bytearray(data)
        changed[at] ^= 1 << at % 8
        for broken in (bytes(changed), data[:at]):
            said = read(page, broken)
            assert said == whole or (isinstance(said, str) and said.startswith("mine.vae"))
            assert broken != data[:at] or said != whole


def test_a_dropped_model_is_live_without_python_and_python_is_a_choice_away(visit, tmp_path):
    pack(ROOT / "assets" / "digits-2d", tmp_path / "sheet-of-mine.vae")
    page, sent = visit("models", ready=OPEN.format("models")), []
    page.on("request", lambda r: sent.append(r.url) if r.method == "POST" else None)
    page.get_by_label("A .vae file").set_input_files(tmp_path / "sheet-of-mine.vae")
    page.locator(OPEN.format("explore")).wait_for()
    assert page.get_by_label("model", exact=True).input_value() == "sheet-of-mine"
    expect(page.locator(".dim")).to_have_count(2)
    before = greys(page, ".frame canvas")
    drag(page, page.locator(".dim input[type=range]").first, (0.5, 0.7), (0.9, 0.7))
    until(page, lambda: (greys(page, ".frame canvas") != before).any())
    for title, key in [("Morph", "morph"), ("Sheet", "sheet"), ("Train", "train")]:
        page.get_by_role("link", name=title, exact=True).click()
        page.locator(OPEN.format(key)).wait_for()
        assert page.locator("[role=alert]").count() == 0
    expect(page.locator(".absent")).to_contain_text("Training needs Python")
    page.get_by_label("model", exact=True).select_option("digits")
    page.locator(OPEN.format("models")).wait_for()
    assert sent == []
