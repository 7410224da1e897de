"""A conditional model: the same code as each class, on Explore and from one's own drawing."""

import numpy as np
import pytest
import torch
from playwright.sync_api import expect
from toys import CLASSES, save

from vae import bundle
from vae.data.base import to_bytes

from .hand import address, greys, painted, state, until

CODE = "c1,0.5,-1,0.25"
DRAW = "[...document.querySelectorAll('.drawings button')].at(-1).click()"


@pytest.fixture(scope="module")
def model(models):
    return bundle.load(save(models, "conditional")).model


def row(page, k: int) -> str:
    return f".class-row button:nth-child({k + 1}) canvas"


def expect_row(page, model, z) -> None:
    """The pictures are the code `z` as each class."""
    with torch.no_grad():
        each = model.decode(torch.tensor([z] * len(CLASSES)), torch.arange(len(CLASSES)))
    want = to_bytes(each.mean).flatten(1).numpy().astype(int)
    for k in range(len(CLASSES)):
        until(page, lambda k=k: np.abs(greys(page, row(page, k)) - want[k]).max() <= 1)


def test_each_class_of_a_code_is_drawn_and_a_press_takes_it(visit, model):
    page = visit(f"explore?model=conditional&z={CODE}")
    buttons = page.locator(".class-row button")
    assert [text.split("\n")[0] for text in buttons.all_inner_texts()] == list(CLASSES)
    expect_row(page, model, [0, 1, 0, 0, 0.5, -1, 0.25])
    buttons.nth(3).click()
    expect(buttons.nth(3)).to_have_attribute("aria-pressed", "true")
    assert state(page)["code"]["z"] == [0, 0, 0, 1, 0.5, -1, 0.25]
    assert "z=c3,0.5,-1,0.25" in address(page).replace("%2C", ",")
    page.keyboard.press("2")
    assert state(page)["code"]["z"][:4] == [0, 1, 0, 0][::-1]
    page.keyboard.press("z")
    page.keyboard.press("z")
    assert state(page)["code"]["z"][:4] == [0, 1, 0, 0]


def test_the_row_follows_a_slider(visit, model):
    page = visit(f"explore?model=conditional&z={CODE}")
    page.locator(".sliders input[type=range]").first.focus()
    before = state(page)["code"]["z"]
    page.keyboard.press("Shift+ArrowRight")
    after = state(page)["code"]["z"]
    assert before != after
    expect_row(page, model, after)


def drawn_row(page) -> np.ndarray:
    """The greys of the row's four pictures."""
    return np.stack([greys(page, row(page, k)) for k in range(4)])


def test_a_drawing_is_redrawn_as_each_class_and_read_as_asked(visit, model):
    page = visit("your-image?model=conditional")
    page.evaluate(DRAW)
    page.locator(".styles:not(.empty)").wait_for()
    page.wait_for_timeout(500)
    own = drawn_row(page)
    read_as = page.get_by_label("read as")
    read_as.select_option(CLASSES[2])
    assert state(page)["given"] == 2
    assert "class=2" in address(page)
    expect(page.locator(".class-row [aria-pressed=true]")).to_contain_text(CLASSES[2])
    page.wait_for_timeout(500)
    as_two = drawn_row(page)
    read_as.select_option(CLASSES[0])
    until(page, lambda: (drawn_row(page) != as_two).any())
    page.keyboard.press("z")
    page.keyboard.press("z")
    assert state(page)["given"] is None
    until(page, lambda: (drawn_row(page) == own).all())
    page.locator(".class-row button").nth(1).click()
    page.locator(".atelier[data-page=explore]:not([aria-busy])").wait_for()
    painted(page)
    until(page, lambda: "z=c1" in address(page))
    until(page, lambda: np.abs(greys(page, ".view canvas.picture") - own[1]).max() <= 1)


def test_a_class_that_is_not_there_is_refused_in_a_sentence(visit, model):
    page = visit("your-image?model=conditional&class=9")
    expect(page.locator(".notices")).to_contain_text("class is not usable")
    assert state(page)["given"] is None
    page = visit("explore?model=conditional&z=c9,0,0,0")
    expect(page.locator(".notices")).to_contain_text("whose classes are c0 to c3")


def test_a_model_without_classes_has_no_row(visit):
    page = visit("your-image?model=digits")
    assert page.locator(".class-row").count() == 0


def test_the_nearest_in_pixels_are_those_that_python_finds(visit, models, model):
    page = visit("your-image?model=conditional")
    page.get_by_text("Nearest in pixels").click()
    assert state(page)["pixels"] is True
    page.evaluate(DRAW)
    with torch.no_grad():
        known = model.decode(torch.from_numpy(bundle.read_atlas(models / "conditional")[0].mean))
    near = page.locator(".map details .thumb:not(.away)")

    def agree():
        x = greys(page, ".reconstruction canvas") / 255
        want = (known.mean.flatten(1).numpy() - x) ** 2
        got = [float(text.split(",")[-1]) for text in near.all_inner_texts()]
        return np.shape(got) == (8,) and np.allclose(
            got, np.sort(want.mean(1) ** 0.5)[:8], atol=3e-3
        )

    until(page, agree)
    page.keyboard.press("z")
    page.keyboard.press("z")
    assert state(page)["pixels"] is False
