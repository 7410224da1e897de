"""Directions, as a person uses it."""

import json
import re

import numpy as np
import pytest
from playwright.sync_api import expect

import vae
from vae.directions import direction, from_json, to_json

from .conftest import PHONE, ROOT
from .hand import address, downloaded, drag, expect_fingers_fit, fits, painted, state
from .test_explore import codes

READY = ".seven .thumb"
PAINTED = """() => document.querySelector(".atelier").addEventListener("atelier:painted",
  ({ detail }) => (window.code = Array.from(detail.code)))"""
PAGE = "directions?model=digits&with=9&without=4"


@pytest.fixture(scope="module")
def bundle():
    return vae.load(ROOT / "assets/digits")


@pytest.fixture(scope="module")
def nine(bundle):
    """From 4 to 9, as Python finds it."""
    mean, label = bundle.atlas.mean, bundle.atlas.label
    return direction(mean[label == 9], mean[label == 4])


def code(page) -> np.ndarray:
    painted(page)
    return np.array(page.evaluate("window.code"))


def subject(page) -> np.ndarray:
    """The code of the picture that the direction is given to."""
    return np.float32(state(page)["subject"]["z"])


def open_file(page, text: str, name: str = "mine.json") -> None:
    page.locator("[data-mode=file]").click()
    file = {"name": name, "mimeType": "application/json", "buffer": text.encode()}
    page.locator(".do-load").set_input_files(file)


def measured(page) -> None:
    expect(page.locator(".reading")).to_contain_text("of 100 cases")


def name_of(page):
    return page.get_by_label("Name of the direction")


def test_the_direction_between_two_classes_moves_a_4_towards_a_9(visit, nine):
    page = visit(PAGE, ready=READY)
    page.evaluate(PAINTED)
    expect(page.locator(".near")).to_contain_text(re.compile(r"examples: \d × “4”"))
    slider = page.get_by_label("strength", exact=True)
    drag(page, slider, (0.5, 0.5), (0.6, 0.5), (0.67, 0.5))
    strength = slider.evaluate("e => e.valueAsNumber")
    assert 0.8 < strength < 1.2
    np.testing.assert_allclose(code(page), subject(page) + strength * nine.vector, atol=1e-5)
    expect(page.locator(".near")).to_contain_text(re.compile(r"examples: \d × “9”"))
    page.locator(READY).nth(5).click()
    far = code(page)
    page.get_by_label("without", exact=True).select_option("7")
    assert (code(page) != far).any()
    page.keyboard.press("z")
    assert (code(page) == far).all()
    page.keyboard.press("z")
    page.keyboard.press("y")
    assert (code(page) == far).all()


REFUSED = {
    "another model": (lambda raw: json.dumps({**raw, "weights": "0" * 64}), "another model"),
    "NaN": (lambda raw: json.dumps({**raw, "auc": float("nan")}), "not readable as JSON"),
    "infinity": (lambda raw: json.dumps({**raw, "vector": [1e999] * 16}), "not readable as JSON"),
    "too large": (lambda raw: json.dumps({**raw, "vector": [1e9] * 16}), "number 1 of the vector"),
    "too short": (lambda raw: json.dumps({**raw, "vector": [0.0]}), "vector of 16 numbers"),
    "null": (lambda raw: "null", "not a direction of format 1"),
    "text": (lambda raw: "<b>hello</b>", "not readable as JSON"),
    "far too long": (lambda raw: " " * 1_100_000, "too large to be a direction"),
}


def test_a_direction_goes_to_python_and_back(visit, bundle, nine):
    page = visit(PAGE, ready=READY)
    page.evaluate(PAINTED)
    measured(page)
    download = downloaded(page, page.locator(".do-save"))
    assert download.suggested_filename == "9 against 4.json"
    weights = bundle.card.files["weights.safetensors"]
    got = from_json(download.path().read_text(), weights, 16)
    np.testing.assert_allclose(got.vector, nine.vector, atol=1e-9)
    for name in ("auc", "alignment", "random_alignment", "n_with", "n_without"):
        assert getattr(got, name) == pytest.approx(getattr(nine, name), abs=1e-9)

    text = to_json(nine, weights)
    open_file(page, text, "fours to nines.json")
    expect(name_of(page)).to_have_value("fours to nines")
    measured(page)
    page.locator(READY).nth(4).click()
    np.testing.assert_allclose(code(page), subject(page) + nine.vector, atol=1e-5)
    again = json.loads(downloaded(page, page.locator(".do-save")).path().read_text())
    assert {**again, "name": None} == {**json.loads(text), "name": None}


def test_what_is_no_direction_of_this_model_is_refused_in_one_sentence(visit, bundle, nine):
    page = visit(PAGE, ready=READY)
    raw = json.loads(to_json(nine, bundle.card.files["weights.safetensors"]))
    for change, sentence in REFUSED.values():
        open_file(page, change(raw))
        expect(page.locator(".notice")).to_have_count(1)
        expect(page.locator(".notice")).to_contain_text(sentence)
        page.locator(".notice button").click()
    expect(name_of(page)).to_have_value("no direction")
    page.locator("[data-mode=classes]").click()
    measured(page)


def test_by_hand_it_says_how_many_it_needs_and_then_is_a_direction(visit, bundle):
    page = visit("directions?model=digits", ready=READY)
    page.evaluate(PAINTED)
    page.locator("[data-mode=hand]").click()
    words, tray = page.locator(".direction-words"), page.locator(".tray .thumb")
    expect(words).to_contain_text("3 more with and 3 more without")
    for i in (0, 1, 2):
        tray.nth(i).click()
    expect(words).to_contain_text(": 3 more without")
    page.locator("[data-pen=without]").click()
    for i in (4, 5, 6, 7):
        tray.nth(i).click()
    measured(page)
    expect(words).to_be_hidden()
    expect(page.locator(".reading")).to_contain_text("only 12 pairs")
    keys = [tray.nth(i).get_attribute("data-key") for i in range(8)]
    mean = bundle.atlas.mean[[int(key.removeprefix("@")) for key in keys]]
    saved = json.loads(downloaded(page, page.locator(".do-save")).path().read_text())
    want = direction(mean[:3], mean[4:])
    np.testing.assert_allclose(saved["vector"], want.vector, atol=1e-9)
    assert saved["auc"] == pytest.approx(want.auc, abs=1e-9)
    tray.nth(0).click()  # the pen says “without”, so it changes sides
    expect(words).to_contain_text(": 1 more with")
    page.keyboard.press("z")
    expect(words).to_be_hidden()

    page.locator(READY).nth(5).click()
    before = code(page)
    np.testing.assert_allclose(before, subject(page) + 2 * want.vector, atol=1e-5)
    page.goto(address(page))
    page.locator(READY).first.wait_for()
    expect(page.locator(".by-hand .thumbs").nth(1).locator(".thumb")).to_have_count(3)
    measured(page)
    page.evaluate(PAINTED)
    page.locator(READY).nth(4).click()
    page.locator(READY).nth(5).click()
    np.testing.assert_allclose(code(page), before, atol=1e-5)


def test_a_link_brings_the_direction_of_a_file(visit, bundle, nine):
    page = visit("directions?model=digits", ready=READY)
    open_file(page, to_json(nine, bundle.card.files["weights.safetensors"]))
    measured(page)
    page.goto(address(page))
    page.locator(READY).first.wait_for()
    expect(name_of(page)).to_have_value("a linked direction")
    page.evaluate(PAINTED)
    page.locator(READY).nth(4).click()
    np.testing.assert_allclose(code(page), subject(page) + nine.vector, atol=1e-5)


def test_who_comes_back_finds_all_as_it_was_and_can_undo_it(visit):
    page = visit("directions?model=digits", ready=READY)
    before = state(page)
    page.locator(READY).nth(5).click()
    page.get_by_label("without", exact=True).select_option("7")
    name_of(page).fill("open tops")
    name_of(page).press("Enter")
    page.locator("[data-mode=hand]").click()
    page.locator(".tray .thumb").first.click()
    after = state(page)
    for title, part in (("Explore", ".dim"), ("Directions", READY)):
        page.get_by_role("link", name=title, exact=True).click()
        page.locator(part).first.wait_for()
    assert state(page) == after
    for _ in range(5):
        page.locator(".do-undo").click()
    assert state(page) == before
    assert page.locator(".do-undo").is_disabled()


def test_an_analogy_is_c_and_b_less_a_and_the_result_can_be_kept(visit, bundle):
    page = visit(f"{PAGE}&strength=1", ready=READY)
    painted(page)
    page.keyboard.press("k")
    at = [int(re.search(r"\d+", page.locator(".terms .pick .name").nth(i).inner_text())[0])
          for i in range(3)]  # fmt: skip
    a, b, c = bundle.atlas.mean[at]
    page.locator(".fourth .do-explore").click()
    page.locator(".code").wait_for()
    np.testing.assert_allclose(codes(page), c + b - a, atol=6e-4)
    page.get_by_role("link", name="Your image").click()
    expect(page.locator(".gallery .item").first).to_contain_text("9 against 4")


def test_what_a_link_asks_for_in_vain_is_said_in_a_sentence_each(visit):
    page = visit("directions?model=digits&with=12&strength=x&z=1&direction=nan", ready=READY)
    expect(page.locator(".notice")).to_have_count(4)


def test_classes_from_a_file_are_text(visit):
    page = visit("directions?model=odd", ready=READY)
    measured(page)
    expect(page.get_by_text("<img src=x onerror=alert(1)>").first).to_be_attached()
    assert page.locator("img[src=x]").count() == 0


def test_on_a_phone_nothing_is_cut_off(visit):
    page = visit("directions?model=digits", ready=READY, viewport=PHONE, has_touch=True)
    measured(page)
    page.locator("[data-mode=hand]").click()
    assert fits(page)
    expect_fingers_fit(page, ".directions button:not(.ask, .term, [popover] *)")
