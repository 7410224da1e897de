"""The page Match: rounds in which a picture is reached by sliders, along two kinds of axes."""

import csv

import numpy as np
import pytest
from playwright.sync_api import expect

from .hand import painted, state, until

READY = ".atelier[data-page=match]:not([aria-busy]) .axis input"
SLIDER, GO, SAID = ".axis input", ".do-advance", ".view .reading"

TURNED = """async ([n, seed]) => {
  const { turned } = await import("/live/core/axes.js");
  return turned(n, seed).map((axis) => Array.from(axis));
}"""
# For each round: its kind, and where sliders reach its picture.
SOLVED = """async ([name, seed]) => {
  const { openBundle } = await import("/live/io/bundle.js");
  const { Rounds, ROUNDS } = await import("/live/core/rounds.js");
  const files = ["bundle.json", "weights.safetensors", "atlas.safetensors"];
  const bench = await openBundle(
    Object.fromEntries(files.map((file) => [file, `/models/${name}/${file}`])));
  const rounds = new Rounds({ ...bench, classes: bench.card.data.classes }, seed);
  return Array.from({ length: ROUNDS }, (_, i) => {
    const { kind, axes, target: { z, example } } = rounds.of(i + 1);
    const values = rounds.space.along(axes, z), back = rounds.space.at(axes, values, z);
    return { kind, example, values, error: Math.max(...back.map((v, j) => Math.abs(v - z[j]))) };
  });
}"""


@pytest.fixture
def page(visit):
    return visit("match?model=sprites&seed=7", ready=READY)


def left(page) -> float:
    painted(page)
    return float(page.locator(".view progress").get_attribute("value"))


def move(page, i: int, value: float) -> None:
    page.locator(SLIDER).nth(i).evaluate(
        """(hand, value) => {
          hand.value = value;
          for (const name of ["input", "change"]) hand.dispatchEvent(new Event(name));
        }""",
        value,
    )


@pytest.mark.parametrize("seed", [0, 1, 12345])
def test_axes_turned_at_random_are_at_right_angles(page, seed):
    axes = np.array(page.evaluate(TURNED, [9, seed]))
    np.testing.assert_allclose(axes @ axes.T, np.eye(9), atol=1e-12)
    other = np.array(page.evaluate(TURNED, [9, seed + 1]))
    assert abs(axes @ other.T).max() < 0.999


@pytest.mark.parametrize("name", ["sprites", "digits-ae", "digits-class"])
def test_both_kinds_of_sliders_reach_every_picture(page, name):
    rounds = page.evaluate(SOLVED, [name, 7])
    assert [one["kind"] for one in rounds[:2]] in (["own", "turned"], ["turned", "own"])
    assert [one["kind"] for one in rounds] == 3 * [one["kind"] for one in rounds[:2]]
    assert len({one["example"] for one in rounds}) == len(rounds)
    for one in rounds:
        assert max(map(abs, one["values"])) <= 4
        assert one["error"] < 1e-5


def test_a_game_from_the_first_slider_to_which_were_which(page):
    rounds = page.evaluate(SOLVED, ["sprites", 7])
    for number, one in enumerate(rounds, 1):
        expect(page.locator(".view h2")).to_have_text(f"Round {number} of {len(rounds)}")
        assert left(page) == 1
        expect(page.locator(GO)).to_be_disabled()
        expect(page.locator(".end strong")).to_have_count(0)
        for i, value in enumerate(one["values"][:3]):
            move(page, i, value)
        if "left after" not in page.locator(SAID).inner_text():  # else it was reached
            page.locator(GO).click()
        if number < len(rounds):
            page.locator(GO).click()
    results = state(page)["results"]
    assert [r["kind"] for r in results] == [one["kind"] for one in rounds]
    assert [r["example"] for r in results] == [one["example"] for one in rounds]
    for result in results:
        assert 1 <= result["moves"] <= 3
        assert result["seconds"] > 0
        assert result["hint"] is False
    words = page.locator(".end strong").inner_text()
    assert ("A were the model's own" in words) == (rounds[0]["kind"] == "own")
    rows = page.locator(".end tbody tr")
    for k, kind in enumerate(("own", "turned")):
        median = np.median([100 * r["left"] for r in results if r["kind"] == kind])
        cell = rows.nth(k).locator("td").first.inner_text()
        assert abs(float(cell.removesuffix(" %")) - median) <= 0.51
    with page.expect_download() as saved:
        page.locator(".do-csv").click()
    lines = list(csv.DictReader(saved.value.path().read_text().splitlines()))
    assert [line["sliders"] for line in lines] == [one["kind"] for one in rounds]


def test_a_round_ends_where_the_picture_is_reached(page):
    first = page.evaluate(SOLVED, ["sprites", 7])[0]
    for i, value in enumerate(first["values"]):
        if "left after" in page.locator(SAID).inner_text():
            break
        move(page, i, value)
    expect(page.locator(SAID)).to_contain_text("left after")
    assert state(page)["results"][0]["left"] <= 0.1


def test_a_step_back_counts_and_a_hint_is_noted(page):
    move(page, 0, 1.0)
    page.keyboard.press("z")
    until(page, lambda: "2 moves" in page.locator(SAID).inner_text())
    page.keyboard.press("f")
    expect(page.locator(".axis .film canvas").first).to_be_visible()
    page.keyboard.press("n")
    until(page, lambda: len(state(page)["results"]) == 1)
    (result,) = state(page)["results"]
    assert (result["moves"], result["hint"]) == (2, True)


def test_results_come_back_with_the_model_and_can_be_removed(page, visit):
    move(page, 0, 1.0)
    page.locator(GO).click()
    expect(page.locator(".results tbody tr")).to_have_count(1)
    page.reload()
    expect(page.locator(".results tbody tr")).to_have_count(1)
    page.locator(".do-clear").click()
    assert state(page)["results"] == []
    page.keyboard.press("z")
    until(page, lambda: len(state(page)["results"]) == 1)
