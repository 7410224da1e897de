"""The page Train: a training that is seen to its end, and models that it leaves."""

import shutil

import numpy as np
import pytest
from playwright.sync_api import expect

from .conftest import data_of
from .hand import drag, greys, painted, state, until
from .test_axe import AXE_SCRIPT, violations

OPEN = ".atelier[data-page=train]:not([aria-busy])"
PATIENCE = 400_000  # ms: it trains on a busy machine


def setting(page, name: str):
    return page.locator(f".setup [name={name}]")


def fill(page, **values) -> None:
    """Once Python has said what can be set."""
    expect(page.locator(".do-train")).to_be_enabled(timeout=PATIENCE)
    for name, value in values.items():
        if not setting(page, name).is_visible():
            page.locator(".setup summary").click()
        setting(page, name).fill(str(value))
        setting(page, name).press("Tab")


def shown(page) -> np.ndarray:
    """The map's pixels."""
    return greys(page, ".formation canvas")


def words(page):
    return page.locator(".watch [role=status]")


@pytest.fixture
def kept_no_longer(models):
    """Other tests know of no model that this one keeps."""
    yield
    shutil.rmtree(data_of(models) / "vae-atelier" / "models")


def test_a_training_is_seen_after_a_reload_and_what_it_leaves_is_dragged(visit, kept_no_longer):
    page = visit("train", ready=OPEN)
    fill(page, latent=2, steps=3000, width=32, check_every=500, warmup=100)
    settings = {"latent": 2, "width": 32, "check_every": 500, "warmup": 100}
    assert state(page)["settings"] == settings  # 3,000 steps it has to begin with
    setting(page, "title").fill("Two dimensions")
    page.locator(".do-train").click()
    expect(words(page)).to_contain_text("step", timeout=PATIENCE)
    page.reload()
    expect(page.locator(".watch h2")).to_have_text("Two dimensions")
    assert state(page)["settings"] == settings
    until(page, lambda: shown(page).any())
    page.locator(".do-pause").click()
    expect(words(page)).to_contain_text("paused at step", timeout=PATIENCE)
    page.locator(".do-go-on").click()
    until(page, lambda: page.locator(".curve output").first.text_content())
    expect(words(page)).to_contain_text("keep it under a name", timeout=PATIENCE)
    assert len(page.locator(".pairs canvas").all()) == 16
    expect(page.locator(".formation figcaption")).to_contain_text("UMAP")
    page.evaluate(AXE_SCRIPT)
    assert violations(page) == []
    assert greys(page, ".pairs .now canvas").any()
    page.locator(".do-remove").click()  # is meant by a second press only
    expect(page.locator(".do-remove")).to_have_text("Remove for good")
    page.locator(".keep-as input").fill("two-dimensions")
    page.locator(".do-keep").click()
    page.locator(".atelier[data-page=explore]:not([aria-busy]) .dim").first.wait_for()
    assert page.get_by_label("model", exact=True).input_value() == "two-dimensions"
    before = greys(page, ".frame canvas")
    drag(page, page.locator(".dim input[type=range]").first, (0.5, 0.7), (0.9, 0.7))
    assert (greys(page, ".frame canvas") != before).any()


def test_what_is_beyond_a_limit_is_not_asked_for(visit):
    page = visit("train?settings=latent:1", ready=OPEN)
    expect(page.locator(".do-train")).to_be_enabled(timeout=PATIENCE)
    page.locator(".do-train").click()
    expect(page.locator(".notices")).to_contain_text(
        "latent must be at least 2, not 1", timeout=PATIENCE
    )


def test_settings_are_undone_step_by_step(visit):
    page = visit("train", ready=OPEN)
    fill(page, latent=5, steps=70)
    assert state(page)["settings"] == {"latent": 5, "steps": 70}
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("z")
    page.keyboard.press("z")
    painted(page)
    assert state(page)["settings"] == {}
    expect(setting(page, "latent")).to_have_value("8")


def test_a_bad_drop_is_said_in_a_sentence(visit):
    page = visit("train", ready=OPEN)
    fill(page)
    page.get_by_label("Choose pictures").set_input_files(
        {"name": "note.txt", "mimeType": "text/plain", "buffer": b"no picture"}
    )
    expect(page.locator(".notices")).to_contain_text(
        "There are no pictures in what was dropped", timeout=PATIENCE
    )


WORDS = """async ([one, all]) =>
  (await import("/live/pages/train/words.js")).stateWords(one, all)"""


def test_who_waits_is_told_for_what_and_how_long(page):
    now = {"state": "training", "phase": "training", "step": 400, "steps": 1000, "left": 180}
    first, second = ({"state": "waiting", "since": k, "yours": k == 1} for k in (1, 2))
    words = [page.evaluate(WORDS, [one, [now, first, second]]) for one in (now, first, second)]
    assert words == [
        "40 %, step 400 of 1,000, about 3 minutes left",
        "A training by somebody else is under way: 40 %, about 3 minutes left; yours is next.",
        "A training by somebody else is under way: 40 %, about 3 minutes left; "
        "this one is number 2 in line.",
    ]
    assert page.evaluate(WORDS, [first, [first]]) == "yours is next"
