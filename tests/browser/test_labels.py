"""The page Labels: a hand names the classes of a few examples, and all others follow."""

import numpy as np
import pytest
from playwright.sync_api import expect

from vae.bundle import read_atlas
from vae.metrics.calibration import calibration_error
from vae.tasks.spreading import graph, spread

from .conftest import ROOT
from .hand import address, count_frames, painted, state

OPEN = ".atelier[data-page=labels]:not([aria-busy]) .question .class:not([disabled])"
TRUTH = read_atlas(ROOT / "assets" / "digits")[0].label

SPREAD = """async ([mean, n, d, labels, classes]) => {
  const s = await import("/live/core/spreading.js"), l = await import("/live/core/labelling.js");
  const finding = s.neighboursOf(Float32Array.from(mean), n, d);
  let step = finding.next();
  while (!step.done) step = finding.next();
  const labelling = new l.Labelling(s.graphOf(step.value, n), classes);
  const sums = labelling.sums(labels), answer = labelling.answer(sums);
  const truth = Uint8Array.from({ length: n }, (_, i) => i % classes);
  return { sums: sums.map((sum) => Array.from(sum)), p: Array.from(answer.p),
    error: l.reliabilityOf(answer, truth, new Set()).error };
}"""


@pytest.fixture
def page(visit):
    return visit("labels?model=digits", ready=OPEN)


def asked(page) -> int:
    """The example whose class is asked for."""
    painted(page)
    return int(page.locator(".asking canvas").get_attribute("data-example"))


def answer_truly(page, times: int) -> None:
    for _ in range(times):
        row = asked(page)
        page.locator(".question .class").nth(int(TRUTH[row])).click()
        expect(page.locator(".asking canvas")).not_to_have_attribute("data-example", str(row))


def accuracy(page) -> float:
    return float(page.locator(".score strong").inner_text().removesuffix(" %"))


def test_the_arithmetic_is_that_of_python(page):
    rng, n, classes = np.random.default_rng(0), 120, 3
    x = (rng.normal(size=(n, 4)) + 2 * np.eye(4)[np.arange(n) % classes]).astype(np.float32)
    labels = [[i, i % classes] for i in range(7)]
    said = page.evaluate(SPREAD, [x.ravel().tolist(), n, 4, labels, classes])
    want = spread(graph(x), np.arange(7), np.arange(7) % classes, classes)
    sums = np.array(said["sums"]).T
    np.testing.assert_allclose(sums / sums.sum(1, keepdims=True), want, atol=1e-4)
    p = np.array(said["p"]).reshape(n, classes)
    np.testing.assert_allclose(p.sum(1), 1, atol=1e-5)
    assert said["error"] == pytest.approx(calibration_error(p, np.arange(n) % classes), abs=1e-5)


def test_twenty_labels_and_the_map_the_accuracy_and_the_curve_follow_without_a_request(page):
    page.wait_for_load_state("networkidle")
    count_frames(page)
    before = page.evaluate("document.querySelector('.map .points').toDataURL()")
    answer_truly(page, 20)
    assert accuracy(page) > 60  # asking for the most telling ones; at random it may be less
    assert page.evaluate("document.querySelector('.map .points').toDataURL()") != before
    assert page.evaluate("window.sent") == 0
    expect(page.locator(".tray .thumb")).to_have_count(20)
    points = page.locator(".line.yours").get_attribute("points").split(" ")
    assert len(points) == 20
    labels = state(page)["labels"]
    assert all(TRUTH[row] == k for row, k in labels)
    for _ in range(20):
        page.keyboard.press("z")
    assert state(page)["labels"] == []
    expect(page.locator(".tray .thumb")).to_have_count(0)


def test_keys_answer_skip_and_the_random_order(page):
    first = asked(page)
    page.keyboard.press("s")
    second = asked(page)
    page.keyboard.press("7")
    assert state(page)["skipped"] == [first]
    assert state(page)["labels"] == [[second, 7]]
    page.get_by_label("ask for").select_option("random")
    third = asked(page)
    assert third not in (first, second)
    page.keyboard.press("1")
    page.keyboard.press("z")
    assert asked(page) == third


def test_a_point_of_the_map_is_asked_for_and_a_label_is_taken_back(page):
    box = page.locator(".map .stage").bounding_box()
    page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    row = state(page)["chosen"]
    assert asked(page) == row
    page.keyboard.press("3")
    page.keyboard.press("5")
    assert state(page)["chosen"] is None
    page.get_by_role("button", name="Take back the label 3").click()
    assert [k for _, k in state(page)["labels"]] == [5]


def test_a_link_reopens_all_and_coming_back_finds_it_as_it_was(page, visit):
    answer_truly(page, 3)
    page.keyboard.press("s")
    page.get_by_label("ask for").select_option("random")
    before, link, figure = state(page), address(page), accuracy(page)
    page.get_by_role("link", name="Models", exact=True).click()
    page.locator(".atelier[data-page=models]:not([aria-busy])").wait_for()
    page.get_by_role("link", name="Labels", exact=True).click()
    page.locator(OPEN).first.wait_for()
    assert state(page) == before
    other = visit(link.split("/", 3)[3], ready=OPEN)
    assert state(other) == before
    assert accuracy(other) == figure


def test_a_wrong_link_and_a_model_without_classes_get_a_sentence(visit):
    page = visit("labels?model=digits&labels=12.3,12.4", ready=OPEN)
    expect(page.locator(".notice")).to_contain_text("an example is labelled twice")
    page = visit("labels?model=frey", ready=".atelier[data-page=labels]:not([aria-busy])")
    expect(page.locator(".absent")).to_contain_text("There are no classes to name")
