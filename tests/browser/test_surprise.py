"""The page Surprise: a threshold that a hand drags, what it promises, gets and misses."""

import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from vae.bundle import read_atlas
from vae.conformal import p_values, threshold
from vae.metrics.roc import auroc
from vae.seeds import sfc32

from .conftest import ROOT
from .hand import address, count_frames, downloaded, drag, greys, painted, state, until

OPEN = ".atelier[data-page=surprise]:not([aria-busy])"
DIGITS = ROOT / "assets" / "digits"

DETECTION = """async ([normal, others, rate]) => {
  const d = await import("/live/core/detection.js");
  const high = Math.max(...normal) + 1, at = d.thresholdAt(normal, rate, high);
  return {
    threshold: at, promised: d.promised(normal, at), back: d.rateAt(normal, at, high),
    p: others.map((v) => d.pValue(normal, v)), area: d.areaOf(normal, others),
  };
}"""
WHERE = """async (x) => {
  const { openBundle } = await import("/live/io/bundle.js");
  const fetched = performance.getEntriesByType("resource");
  const { model } = await openBundle(Object.fromEntries(
    ["bundle.json", "weights.safetensors", "atlas.safetensors"].map((name) =>
      [name, fetched.find((entry) => entry.name.includes(name)).name])));
  const where = new Float32Array(model.pixels);
  const { distortion, entropy } = model.surprise(Float32Array.from(x), where);
  return [where.reduce((a, b) => a + b, 0), distortion - entropy];
}"""


@pytest.fixture
def page(visit):
    return visit("surprise?model=digits", ready=OPEN)


def reading(page, i: int) -> float:
    """A row of the readings, in percent."""
    painted(page)
    return float(re.match(r"[\d.]+", page.locator(".readings dd").nth(i).inner_text())[0])


def split(n: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The rows that the threshold is fitted to, and the others, by seed 0."""
    rows, uniform = np.arange(n), sfc32(0, count)
    for i in range(count):
        j = i + int(uniform[i] * (n - i))
        rows[[i, j]] = rows[[j, i]]
    return rows[:count], rows[count:]


@pytest.mark.parametrize("n", [12, 100, 999])
def test_the_arithmetic_is_that_of_python(page, n):
    rng = np.random.default_rng(n)
    normal, others = np.sort(rng.integers(0, 40, n) / 8), rng.integers(-4, 50, 60) / 8
    for rate in (0.0513, 0.21, 0.987):
        said = page.evaluate(DETECTION, [normal.tolist(), others.tolist(), rate])
        assert said["promised"] <= max(rate, 1 / (n + 1)) + 1e-9
        if rate > 1 / (n + 1):
            assert said["threshold"] >= threshold(normal, rate)
        assert said["p"] == pytest.approx(p_values(others, normal).tolist())
        assert said["area"] == pytest.approx(auroc(others, normal).value)
    distinct = np.arange(n) / 8
    said = page.evaluate(DETECTION, [distinct.tolist(), others.tolist(), 0.4321])
    assert said["back"] == pytest.approx(0.4321)


def test_the_readings_are_those_of_the_scores_in_the_bundle(page):
    scores = read_atlas(DIGITS)[0].named()
    normal, others = scores["scores.normal"][:, 0], scores["scores.upside-down"][:, 0]
    fit, rest = split(len(normal), 1000)
    at = threshold(normal[fit], 0.05)
    assert reading(page, 0) <= 5
    assert reading(page, 1) == pytest.approx(100 * (normal[rest] > at).mean(), abs=0.11)
    assert reading(page, 2) == pytest.approx(100 * (others <= at).mean(), abs=0.2)
    area = auroc(others, normal[rest]).value
    expect(page.locator(".areas output").first).to_have_text(f"{area:.3f}")


def test_each_class_has_its_false_alarms_and_a_threshold_of_its_own(page):
    atlas = read_atlas(DIGITS)[0]
    normal = atlas.named()["scores.normal"][:, 0].astype(np.float32)
    fit, others = split(len(normal), 1000)
    at = threshold(normal[fit], 0.05)
    for k, row in enumerate(page.locator(".by-class tbody tr").all()):
        cells = row.locator("td").all_inner_texts()
        one, own, which = (float(re.match(r"[\d.]+", text)[0]) for text in cells)
        checked = normal[others[atlas.label[others] == k]]
        assert one == pytest.approx(100 * (checked > at).mean(), abs=0.2)
        least = threshold(normal[fit[atlas.label[fit] == k]], 0.05)
        assert which >= least - 0.05
        assert own <= 100 * (checked > least).mean() + 0.01


def test_the_path_to_what_is_not_flagged_can_be_scrubbed_and_kept(page):
    picture, words = ".unflagged canvas", page.locator(".unflagged [role=status]")
    expect(words).to_contain_text("Step")
    until(page, lambda: re.match(r"Step (\d+) of \1:", words.inner_text()))
    end, flagged = greys(page, picture), page.locator(".verdict")
    expect(flagged).to_have_attribute("data-flagged", "true")
    page.get_by_role("slider", name="How far along the path").fill("0")
    expect(words).to_contain_text("Step 0 of")
    assert np.array_equal(greys(page, picture), greys(page, ".probe .three figure canvas"))
    page.keyboard.press("z")
    assert np.array_equal(greys(page, picture), end)
    with Image.open(downloaded(page, page.locator(".unflagged .do-film")).path()) as gif:
        assert gif.n_frames > 2
    page.get_by_role("button", name="a three").click()
    expect(words).to_have_text("The picture itself.")


def test_everything_follows_the_threshold_without_a_request(page):
    page.wait_for_load_state("networkidle")
    count_frames(page)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    before, handle = state(page), page.get_by_role("slider", name="Threshold")
    seen = [(reading(page, 1), reading(page, 2), greys(page, ".side canvas").tolist())]
    drag(page, handle, (0.27, 0.5), (0.4, 0.5), (0.6, 0.5), release=False)
    seen.append((reading(page, 1), reading(page, 2), greys(page, ".side canvas").tolist()))
    page.mouse.up()
    assert seen[1][0] < seen[0][0]
    assert seen[1][1] > seen[0][1]
    assert seen[1][2] != seen[0][2]
    assert asked == []
    page.keyboard.press("z")
    assert state(page)["rate"] == before["rate"]


def test_too_few_pictures_say_what_they_can_promise(page):
    page.get_by_label("fitted to").select_option("12")
    expect(page.locator(".readings [role=status]")).to_have_text(
        "12 pictures promise 7.69 % at best."
    )
    assert reading(page, 0) == 7.69


def test_a_blank_picture_is_judged_and_marked(page):
    page.get_by_role("button", name="noise").click()
    expect(page.locator(".verdict")).to_have_attribute("data-flagged", "true")
    page.get_by_role("button", name="a three").click()
    expect(page.locator(".verdict")).to_have_attribute("data-flagged", "false")
    assert greys(page, ".map-of-pixels").max() > 200
    page.get_by_role("button", name="mean brightness").click()
    page.get_by_role("button", name="blank").click()
    expect(page.locator(".verdict")).to_contain_text("0.000")
    page.get_by_role("button", name="PNG size").click()
    expect(page.locator(".verdict")).to_contain_text("by Python only")


def test_what_pixels_add_is_all_but_the_rate(page):
    x = np.random.default_rng(0).random(784).round(3)
    where, whole = page.evaluate(WHERE, x.tolist())
    assert where == pytest.approx(whole, rel=1e-4)


def test_a_link_reopens_all_and_coming_back_finds_it_as_it_was(page, visit):
    page.get_by_label("others", exact=True).select_option("turned")
    page.get_by_label("fitted to").select_option("100")
    page.get_by_role("button", name="Another split").first.click()
    page.get_by_role("button", name="mean brightness").click()
    page.get_by_role("button", name="blank").click()
    before, link = state(page), address(page)
    page.get_by_role("link", name="Models", exact=True).click()
    page.locator(".atelier[data-page=models]:not([aria-busy])").wait_for()
    page.get_by_role("link", name="Surprise", exact=True).click()
    page.locator(OPEN).wait_for()
    assert state(page) == before
    for _ in range(5):
        page.keyboard.press("z")
    assert state(page)["others"] == "upside-down"
    other = visit(link.split("/", 3)[3], ready=OPEN)
    after = state(other)
    kept = ("others", "count", "seed", "score", "rate")
    assert [after[k] for k in kept] == [before[k] for k in kept]


def test_a_model_without_scores_names_the_command(visit):
    page = visit("surprise?model=digits-beta-2", ready=OPEN)
    expect(page.locator(".absent code")).to_have_text(
        "python -m vae anomaly survey assets/digits-beta-2"
    )
