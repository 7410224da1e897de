"""The page Bits: what a drawing costs, the grid, the chain, and the file that Python restores."""

import re

import numpy as np
import pytest
from commands import call
from PIL import Image
from playwright.sync_api import expect

from vae.bundle import read_atlas
from vae.tasks.compress import file
from vae.tasks.compress.pictures import best_grid

from .conftest import ROOT
from .hand import address, downloaded, greys, painted, state, until

OPEN = ".atelier[data-page=bits]:not([aria-busy])"
DIGITS = ROOT / "assets" / "digits"


@pytest.fixture
def page(visit):
    page = visit("bits?model=digits", ready=OPEN)
    expect(page.locator(".chain p")).to_contain_text("12 pictures are")
    return page


def parts(page) -> list[float]:
    """Bits of the code, got back, of the pixels, and their sum, once the hand rests."""
    painted(page)
    expect(page.locator(".total")).to_contain_text("of 8 codes")
    values = [*page.locator(".price dd").all_inner_texts(), page.locator(".total").inner_text()]
    return [float(re.match(r"[\d.]+", value)[0]) for value in values]


def chained(page) -> int:
    """Bits of the chain."""
    return int(re.search(r"are (\d+) bits", page.locator(".chain p").inner_text())[1])


def set_grid(page, bits: int) -> None:
    page.locator(".slider input").fill(str(bits))
    until(page, lambda: state(page)["grid"] == bits)


def test_a_price_is_its_parts(page):
    code, back, pixels, total = parts(page)
    assert total == pytest.approx(code - back + pixels, abs=0.2)
    each = [float(v.replace("−", "-")) for v in page.locator(".dims .value").all_inner_texts()]
    assert sum(each) == pytest.approx(code - back, abs=0.05 * len(each) + 0.1)
    page.get_by_role("button", name="a face").click()
    until(page, lambda: parts(page)[3] > 2 * total)


def test_a_coarse_grid_and_a_fine_one_are_dear_and_undo_brings_the_best_one_back(page):
    best, before, whole = state(page)["grid"], parts(page), chained(page)
    assert best == best_grid(read_atlas(DIGITS)[0].scale[:500], 12)
    set_grid(page, 12)
    until(page, lambda: parts(page)[0] > before[0])
    until(page, lambda: chained(page) > whole)
    set_grid(page, 0)
    until(page, lambda: parts(page)[0] < before[0])
    until(page, lambda: chained(page) > 1.1 * whole)
    assert "grid=0" in address(page)
    page.keyboard.press("z")
    page.keyboard.press("z")
    until(page, lambda: parts(page) == before)


def test_other_pictures_follow_yours_and_the_link_has_them(page):
    last = ".chain .links canvas >> nth=0"
    before = greys(page, last)
    page.keyboard.press("r")
    until(page, lambda: (greys(page, last) != before).any())
    assert f"seed={state(page)['seed']}" in address(page)


def test_the_file_is_restored_by_python_and_by_the_page(page, tmp_path):
    held = downloaded(page, page.locator(".do-save")).path()
    call("decompress", DIGITS, held, "--out", tmp_path / "back")
    with Image.open(tmp_path / "back" / "0.png") as picture:
        assert np.array_equal(np.ravel(picture), greys(page, ".draws figure canvas"))
    assert len(list((tmp_path / "back").iterdir())) == 12
    page.locator(".archive input").set_input_files(held)
    expect(page.locator(".archive [role=status]")).to_contain_text("12 pictures in")
    assert np.array_equal(greys(page, ".back canvas >> nth=0"), greys(page, ".draws figure canvas"))


def test_python_s_file_is_opened_and_an_altered_one_is_refused(page, tmp_path):
    Image.fromarray(np.eye(28, dtype=np.uint8) * 255).save(tmp_path / "line.png")
    out = tmp_path / "line.vaez"
    call("compress", DIGITS, tmp_path / "line.png", "--out", out)
    page.locator(".archive input").set_input_files(out)
    expect(page.get_by_role("img", name="line")).to_be_visible()
    assert np.array_equal(greys(page, ".back canvas"), np.eye(28).ravel() * 255)
    data = bytearray(out.read_bytes())
    data[-3] ^= 1
    assert file.opened(bytes(data)).about.n == 1
    out.write_bytes(data)
    page.locator(".archive input").set_input_files(out)
    expect(page.locator(".notices")).to_contain_text("cut short or altered")
    assert page.locator(".back canvas").count() == 1


def test_a_file_of_another_model_is_refused_by_its_title(page, tmp_path):
    Image.new("L", (28, 28)).save(tmp_path / "a.png")
    call(
        "compress", ROOT / "assets" / "digits-2d", tmp_path / "a.png", "--out", tmp_path / "a.vaez"
    )
    page.locator(".archive input").set_input_files(tmp_path / "a.vaez")
    expect(page.locator(".notices")).to_contain_text("Handwritten digits on a sheet")
