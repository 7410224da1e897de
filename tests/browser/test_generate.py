"""Generate, as a person uses it."""

import json
import re
import urllib.error
import urllib.request

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import expect

import vae

from .conftest import PHONE, ROOT
from .hand import address, downloaded, expect_fingers_fit, fits, painted, state
from .test_explore import codes

READY = ".board .cell"
GRID = """() => [...document.querySelectorAll(".board canvas")].filter((c) => c.closest(".cell"))
  .map((c) => Array.from(c.getContext("2d").getImageData(0, 0, c.width, c.height).data)
    .filter((_, i) => i % 4 === 0))"""
SFC32 = """async ([seed, n]) => {
  const { sfc32 } = await import("/live/core/random.js");
  const uniform = sfc32(seed);
  return Array.from({ length: n }, uniform);
}"""
DRAWN = """async ([source, n]) => {
  const draws = await import("/live/core/gaussians.js");
  const { classGaussian, gaussianMixture } = draws;
  const { standardNormal } = await import("/live/core/prior.js");
  const { sfc32 } = await import("/live/core/random.js");
  const uniform = sfc32(7), codes = (rows) => Float32Array.from(rows.flat());
  const draw = source.label ? classGaussian({ mean: codes(source.mean), scale: codes(source.scale),
    label: source.label }, 1, 3) : source.weights ? gaussianMixture(source)
    : standardNormal(3).sample;
  return Array.from({ length: n }, () => Array.from(draw(uniform, 1)));
}"""


def pictures(page) -> np.ndarray:
    """The grid, when all of it is on the screen: (N, H * W)."""
    painted(page)
    page.locator(".board .cells:not([aria-busy])").wait_for()
    return np.array(page.evaluate(GRID))


def choose(page, label: str, option: str) -> None:
    page.get_by_label(label, exact=True).select_option(option)


def test_the_address_gives_the_same_pictures_again(visit):
    page = visit("generate?model=digits&seed=12", ready=READY)
    seen = {address(page): pictures(page)}
    page.get_by_label("temperature", exact=True).fill("0.6")
    choose(page, "grid", "4")
    seen[address(page)] = pictures(page)
    page.locator("[data-source=class]").click()
    choose(page, "class", "4")
    seen[address(page)] = pictures(page)
    assert len(seen) == 3
    for link, before in seen.items():
        page.goto(link)
        page.locator(READY).first.wait_for()
        np.testing.assert_array_equal(pictures(page), before)
    page.keyboard.press("r")
    assert (pictures(page) != before).any()
    page.keyboard.press("z")
    assert (pictures(page) == before).all()


def test_files_hold_what_the_grid_shows(visit):
    page = visit("generate?model=digits&seed=3&grid=4", ready=READY)
    shown = pictures(page)
    saved = json.loads(downloaded(page, page.locator(".do-json")).path().read_text())
    bundle = vae.load(ROOT / "assets/digits")
    assert saved["weights"] == bundle.card.files["weights.safetensors"]
    images = bundle.model.decode(torch.tensor(saved["codes"])).mean.detach().numpy()
    assert np.abs(shown - 255 * images.reshape(16, -1)).max() <= 1
    with Image.open(downloaded(page, page.locator(".do-sheet")).path()) as sheet:
        assert sheet.size == (4 * (28 * 4 + 8) + 8,) * 2
        last = np.asarray(sheet.convert("L"))[-8 - 28 * 4 : -8 : 4, -8 - 28 * 4 : -8 : 4]
    assert (last.ravel() == shown[-1]).all()


def test_a_click_makes_variations_and_undo_returns(visit):
    page = visit("generate?model=digits", ready=READY)
    before = pictures(page)
    page.locator(READY).nth(11).click()
    near = pictures(page)
    assert (near[0] == before[11]).all()
    assert np.abs(near - before[11]).mean() < np.abs(before - before[11]).mean() / 1.5
    page.locator(READY).nth(5).click()
    assert (pictures(page)[0] == near[5]).all()
    expect(page.locator(".trail button")).to_have_count(3)
    for want in (near, before):
        page.keyboard.press("z")
        assert (pictures(page) == want).all()
    page.keyboard.press("y")
    assert (pictures(page) == near).all()
    page.locator(".trail button").first.click()
    assert (pictures(page) == before).all()
    page.locator(READY).first.focus()
    for key in ("ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator(READY).nth(9)).to_be_focused()
    page.keyboard.press("Enter")
    assert (pictures(page)[0] == before[9]).all()


def test_a_grid_is_as_large_and_as_varied_as_it_is_asked_to_be(visit):
    page = visit("generate?model=digits&grid=4", ready=READY)
    small = pictures(page)
    choose(page, "grid", "6")
    large = pictures(page)
    assert len(large) == 36
    assert (large[:16] == small).all()
    page.locator(READY).nth(2).click()
    before = pictures(page)
    radius = page.get_by_label("radius", exact=True)
    radius.fill("0")
    still = pictures(page)
    assert (still == still[0]).all()
    radius.fill("0.5")
    assert (pictures(page) == before).all()
    choose(page, "spread", "posterior")
    assert (pictures(page)[1:] != before[1:]).any()


def test_the_aggregate_posterior_lies_nearer_to_the_data_than_the_prior(visit):
    page = visit("generate?model=digits&seed=1", ready=READY)
    readings = []
    for source in ("prior", "mixture", "class"):
        page.locator(f"[data-source={source}]").click()
        expect(page.locator(".cells")).not_to_have_class(re.compile("stale"))
        pictures(page)
        page.locator(".board p output:not([aria-busy])").wait_for()
        readings.append(page.locator(".board output").first.inner_text())
    far, near, of_class = (float(re.search(r"within ([\d.]+)", text)[1]) for text in readings)
    assert near < far
    assert of_class < far
    expect(page.locator(".choose > [role=status]")).to_contain_text("unconditional")


def test_the_large_picture_goes_along_to_other_pages(visit):
    page = visit("generate?model=digits&grid=4", ready=READY)
    pictures(page)
    code = json.loads(downloaded(page, page.locator(".do-json")).path().read_text())["codes"][4]
    page.locator(READY).nth(4).hover()
    painted(page)
    page.keyboard.press("k")
    page.keyboard.press("e")
    page.locator(".code").wait_for()
    np.testing.assert_allclose(codes(page), code, atol=6e-4)
    page.get_by_role("link", name="Your image").click()
    expect(page.locator(".gallery .item").first).to_contain_text("new 5, seed 0")


def change_everything(page) -> None:
    choose(page, "grid", "4")
    page.locator("[data-source=class]").click()
    choose(page, "class", "4")
    page.get_by_label("temperature", exact=True).fill("0.6")
    page.get_by_label("seed", exact=True).fill("12")
    page.get_by_label("seed", exact=True).press("Tab")
    page.locator(".around .thumb").click()
    page.locator(".picker").get_by_role("button", name="7", exact=True).click()
    choose(page, "spread", "posterior")
    page.get_by_label("radius", exact=True).fill("0.7")
    page.get_by_label("Settings of films and strips").click()
    for words, value in (("Frames per second", "5"), ("Size of a pixel", "3")):
        page.get_by_label(words).fill(value)
        page.get_by_label(words).press("Tab")
    page.get_by_label("At the end").select_option("back and forth")
    page.keyboard.press("Escape")


def test_the_page_is_as_it_was_on_coming_back_and_all_of_it_can_be_undone(visit):
    page = visit("generate?model=digits", ready=READY)
    start, first = state(page), pictures(page)
    change_everything(page)
    changed, last = state(page), pictures(page)
    assert all(changed[key] != start[key] for key in start)
    for title, part in (("Explore", ".dim"), ("Generate", READY)):
        page.get_by_role("link", name=title, exact=True).click()
        page.locator(part).first.wait_for()
    assert state(page) == changed
    assert (pictures(page) == last).all()
    expect(page.locator(".trail button")).to_have_count(2)
    for _ in range(11):
        page.locator(".do-undo").click()
    assert state(page) == start
    assert (pictures(page) == first).all()
    expect(page.locator(".do-undo")).to_be_disabled()


def test_a_link_reopens_exactly_this(visit):
    page = visit("generate?model=digits", ready=READY)
    change_everything(page)
    changed, link = state(page), address(page)
    assert re.search(r"&z=@\d+(&|$)", link)  # an example by its number, not by its code
    again = visit(link.split("/")[-1], ready=READY)
    assert {**state(again), "trail": 0} == {**changed, "trail": 0}
    assert (pictures(again) == pictures(page)).all()


def test_what_a_link_asks_for_in_vain_is_said_in_a_sentence_each(visit):
    page = visit("generate?model=digits&seed=-1&t=9&grid=7&from=data&z=1,2", ready=READY)
    expect(page.locator(".notice")).to_have_count(5)
    assert len(pictures(page)) == 64


def test_classes_from_a_file_are_text(visit):
    page = visit("generate?model=odd&from=class", ready=READY)
    pictures(page)
    expect(page.get_by_text("<img src=x onerror=alert(1)>").first).to_be_attached()
    assert page.locator("img[src=x]").count() == 0


def test_on_a_phone_nothing_is_cut_off(visit):
    page = visit("generate?model=digits", ready=READY, viewport=PHONE, has_touch=True)
    pictures(page)
    assert fits(page)
    expect_fingers_fit(page, ".generate button:not(.ask, .term, [popover] *)")


def test_the_random_numbers_are_those_of_practrand(visit):
    page = visit("live/core/random.js", ready="pre")

    def numbers(seed, n):
        a, b, c, counter = 0, seed, 0, 1
        for i in range(12 + n):
            out = (a + b + counter) % 2**32
            counter += 1
            a = b ^ (b >> 9)
            b = (c + (c << 3)) % 2**32
            c = (((c << 21) | (c >> 11)) + out) % 2**32
            if i >= 12:
                yield out / 2**32

    for seed in (0, 1, 2**32 - 1):
        assert page.evaluate(SFC32, [seed, 50]) == list(numbers(seed, 50))


def test_sources_have_the_mean_and_covariance_that_they_should(visit):
    page = visit("live/core/gaussians.js", ready="pre")
    rng = np.random.default_rng(0)
    n = 40
    mean = rng.normal(size=(2 * n, 3)) @ rng.normal(size=(3, 3)) + 1
    scale = rng.uniform(0.2, 0.5, (2 * n, 3))
    label = np.arange(2 * n) % 2
    of_class = label == 1
    root = rng.normal(size=(3, 3))
    lower = np.linalg.cholesky(root @ root.T)
    two = {"weights": [0.25, 0.75], "means": [[0] * 3, [4] * 3], "cholesky": [lower.tolist()] * 2}
    spread = 0.25 * 0.75 * 16 * np.ones((3, 3))
    want = {
        "prior": ({}, np.zeros(3), np.eye(3)),
        "class": ({"mean": mean.tolist(), "scale": scale.tolist(), "label": label.tolist()},
                  mean[of_class].mean(0),
                  np.cov(mean[of_class].T, bias=True) + np.diag((scale[of_class] ** 2).mean(0))),
        "mixture": (two, np.full(3, 3.0), lower @ lower.T + spread),
    }  # fmt: skip
    for source, centre, covariance in want.values():
        z = np.array(page.evaluate(DRAWN, [source, 20_000]))
        size = np.sqrt(np.diag(covariance))
        assert (np.abs(z.mean(0) - centre) < 0.04 * size).all()
        assert (np.abs(np.cov(z.T) - covariance) < 0.05 * np.outer(size, size)).all()


def test_the_mixture_comes_as_json_and_refuses_in_a_sentence(app):
    with urllib.request.urlopen(f"{app}/mixture/odd", data=b"") as answer:
        found = json.load(answer)
    assert sum(found["weights"]) == pytest.approx(1)
    assert np.array(found["cholesky"]).shape == (len(found["weights"]), 4, 4)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{app}/mixture/nothing", data=b"")
    assert refused.value.code == 422
    assert "There is no model" in json.load(refused.value)["refused"]
