"""Sheet and traversals, as a person uses them."""

import io
import json
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import torch
from PIL import Image, ImageSequence
from playwright.sync_api import expect

import vae
from vae import latent

from .conftest import PHONE, ROOT
from .hand import (
    address,
    downloaded,
    expect_fingers_fit,
    fits,
    greys,
    linked,
    painted,
    state,
    until,
)

READY = ".sheet-stage[aria-busy=false]"
FIGURE = ".traversals[aria-busy=false]"
TWO, MANY = "sheet?model=digits-2d", "sheet?model=digits"
SEEN = """([x, y, n]) => {
  const canvas = document.querySelector("canvas.tiles");
  const box = canvas.getBoundingClientRect(), k = canvas.width / box.width;
  const { data } = canvas.getContext("2d").getImageData(
    Math.round((x - n / 2) * k), Math.round((y - n / 2) * k), Math.round(n * k), Math.round(n * k));
  return Array.from(data).filter((_, i) => i % 4 === 0);
}"""


@pytest.fixture(scope="module")
def decode():
    """(model, code) -> its pixels, by PyTorch."""
    models = {}

    def decoded(name, z):
        model = models.setdefault(name, vae.load(ROOT / "assets" / name).model)
        with torch.no_grad():
            return 255 * model.decode(torch.tensor(np.float32(z))[None]).mean.numpy().ravel()

    return decoded


def chosen(page) -> np.ndarray:
    return code_of(state(page)["code"])


def code_of(picture: dict) -> np.ndarray:
    return np.float32(list(picture["z"]))


def shown(page) -> np.ndarray:
    return greys(page, ".frame canvas")


def place(page, share_x: float, share_y: float) -> tuple[float, float]:
    box = page.locator(".sheet-stage").bounding_box()
    return box["x"] + share_x * box["width"], box["y"] + share_y * box["height"]


def press(page, share_x: float, share_y: float) -> np.ndarray:
    page.mouse.click(*place(page, share_x, share_y))
    return chosen(page)


def test_what_is_under_the_pointer_is_the_decoded_code_of_that_place(visit, decode):
    page = visit(TWO, READY)
    size = page.locator(".sheet-stage").bounding_box()
    short = min(size["width"], size["height"])
    z = press(page, 0.4, 0.3)
    u = [0.5 + dx * side / short for dx, side in ((-0.1, size["width"]), (0.2, size["height"]))]
    normal = torch.distributions.Normal(0, 1)
    np.testing.assert_allclose(z, normal.icdf(torch.tensor(u)), atol=2e-3)
    assert np.abs(shown(page) - decode("digits-2d", z)).max() <= 1


def test_the_whole_sheet_is_the_published_grid(visit, decode):
    page = visit(TWO, READY)
    box = page.locator(".sheet-stage").bounding_box()
    side = min(box["width"], box["height"])
    n = 2 ** int(np.log2(side / 28))
    grid = latent.quantile_grid(n)
    for row, column in ((0, 0), (n // 2, 3), (n - 1, n - 2)):
        x = box["width"] / 2 - side / 2 + (column + 0.5) * side / n
        y = box["height"] / 2 + side / 2 - (row + 0.5) * side / n
        seen = np.reshape(page.evaluate(SEEN, [x, y, 28]), (28, 28))
        want = decode("digits-2d", grid[row, column]).reshape(28, 28)
        # Drawn larger than it is, and cut out at its middle: compare the brightness there.
        start = (1 - 28 * n / side) / 2 * 28
        at = np.clip((start + (np.arange(28) + 0.5) * 28 * n / side).astype(int), 0, 27)
        assert np.abs(seen - want[np.ix_(at, at)]).mean() < 12  # half a pixel of each stroke


def test_the_three_pictures_lie_exactly_at_their_marks(visit, decode):
    page = visit(MANY, READY)
    for name, corner in zip("ABC", state(page)["corners"], strict=True):
        box = page.locator(f".mark[data-mark={name}] canvas").bounding_box()
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.click(*middle)
        z = code_of(corner)
        assert (chosen(page) == z).all()
        assert np.abs(shown(page) - decode("digits", z)).max() <= 1


def test_elsewhere_stands_the_affine_combination(visit):
    page = visit(MANY, READY)
    middle = {}
    for name in "ABC":
        box = page.locator(f".mark[data-mark={name}] canvas").bounding_box()
        middle[name] = np.array([box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])
    weights = np.array([0.5, 0.3, 0.2])
    page.mouse.click(*(weights @ np.stack([*middle.values()])))
    want = weights @ np.stack([code_of(corner) for corner in state(page)["corners"]])
    np.testing.assert_allclose(chosen(page), want, atol=0.05)  # half a pixel


def test_panning_and_zooming_show_other_codes(visit):
    page = visit(MANY, READY)
    before = press(page, 0.5, 0.5)
    page.mouse.move(*place(page, 0.5, 0.5))
    page.mouse.down()
    page.mouse.move(*place(page, 0.7, 0.3), steps=6)
    page.mouse.up()
    assert (chosen(page) == before).all()  # a drag chooses nothing
    after = press(page, 0.5, 0.5)
    assert np.linalg.norm(after - before) > 0.5
    np.testing.assert_allclose(press(page, 0.7, 0.3), before, atol=0.02)
    page.mouse.wheel(0, -1500)
    kept = press(page, 0.7, 0.3)  # the wheel turns about the pointer
    np.testing.assert_allclose(kept, before, atol=0.02)
    assert np.linalg.norm(press(page, 0.5, 0.5) - before) < np.linalg.norm(after - before) / 2


def test_between_two_pictures_there_are_others(visit):
    page = visit(TWO, READY)
    words = page.locator(".words")
    before = words.inner_text()
    for _ in range(3):
        page.locator(".do-in").click()
    page.locator(READY).wait_for()
    expect(words).not_to_have_text(before)


def test_leaving_restores_and_every_choice_can_be_undone(visit):
    page = visit(MANY, READY)
    first, image = chosen(page), shown(page)
    page.mouse.move(*place(page, 0.9, 0.2))
    assert (shown(page) != image).any()
    page.mouse.move(5, 5)
    assert (shown(page) == image).all()
    press(page, 0.9, 0.2)
    page.keyboard.press("z")
    assert (chosen(page) == first).all()


def test_a_link_reopens_the_same_view(visit):
    page = visit(MANY, READY)
    page.get_by_label("pictures", exact=True).select_option("middle")
    page.mouse.move(*place(page, 0.3, 0.6))
    page.mouse.wheel(0, -700)
    page.mouse.move(5, 5)
    z = press(page, 0.3, 0.6)
    page.locator(READY).wait_for()
    link = address(page)
    again = visit(link.split("/", 3)[3], READY)
    assert (chosen(again) == z).all()
    np.testing.assert_allclose(linked(again, "at"), linked(page, "at"), rtol=1e-6)
    assert again.get_by_label("pictures", exact=True).input_value() == "middle"
    page.mouse.move(5, 5)
    seen = page.evaluate(SEEN, [300, 200, 200])
    until(again, lambda: again.evaluate(SEEN, [300, 200, 200]) == seen)


def test_held_out_examples_stand_on_the_sheet(visit):
    page = visit(TWO, READY)
    count = """() => {
      const c = document.querySelectorAll(".sheet-stage canvas.layer")[1];
      const { data } = c.getContext("2d").getImageData(0, 0, c.width, c.height);
      return data.filter((v) => v).length;
    }"""
    assert page.evaluate(count) == 0
    page.get_by_label("held-out examples", exact=True).select_option("shown")
    page.locator(READY).wait_for()
    painted(page)
    many = page.evaluate(count)
    assert many > 10_000
    page.locator(".legend .key").first.click()
    painted(page)
    assert page.evaluate(count) < many


def test_it_joins_your_pictures_and_opens_in_explore(visit):
    page = visit(MANY, READY)
    z = press(page, 0.8, 0.8)
    page.locator(".do-keep").click()
    expect(page.locator(".view [role=status]")).to_contain_text("sheet 1")
    page.locator(".do-explore").click()
    page.wait_for_url("**/?*")
    page.locator(".dim").first.wait_for()
    assert (linked(page) == z).all()


def test_a_long_way_over_the_sheet_keeps_to_its_memory(visit):
    """Thousands of tiles go by; what is kept stays below the limit."""
    page = visit(MANY, READY)
    most = page.evaluate(
        """async () => {
          const { Tiles } = await import(new URL("live/plane/tiles.js", location.origin));
          const image = new Float32Array(784);
          const tiles = new Tiles({ image: [1, 28, 28], decode: () => image });
          tiles.show({ lift: (at) => at, offset: 0 });
          const canvas = new OffscreenCanvas(448, 448).getContext("2d");
          let most = 0;
          for (let x = 0; x < 180; x++) {
            const view = { x: 8 * x, y: 0, scale: 28, wanted: 28, width: 448, height: 448 };
            tiles.draw(canvas, view, [view.x, 0]);
            while (tiles.left()) tiles.refine(canvas, view, 0, 50);
            most = Math.max(most, tiles.memory);
          }
          return most;
        }"""
    )
    assert 30e6 < most <= 64e6


ONE_LINE = ";".join(",".join([str(i)] * 16) for i in range(3))
BROKEN = {
    "numbers and choices": {
        "at=1,2": "must be three numbers",
        "part=globe": "one of sheet, traversals",
        "columns=1000": "whole number from 3 to 15",
        "range=NaN": "number from 0.5 to 6",
        "z=1,2,3": "3 numbers; this model has 16",
        "base=1": "base is not usable",
    },
    "codes": {
        "at=0,0,-1": "must be three numbers",
        "corners=1,2;@1;@2": "2 numbers; this model has 16",
        "z=@99999": "the held-out example @99999",
    },
    "too few": {
        "at=<b>,0,1": "must be three numbers",
        "corners=@1;@2": "it names 2 pictures; 3 are needed",
    },
    "on one line": {f"corners={ONE_LINE}": "on one line"},
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_what_a_link_asks_for_in_vain_is_said_in_a_sentence_each(visit, broken):
    page = visit(f"{MANY}&{'&'.join(broken)}", READY)
    expect(page.locator(".notice")).to_have_count(len(broken))
    for words in broken.values():
        expect(page.locator(".notices")).to_contain_text(words)
    assert page.locator(".notices b").count() == 0
    before = chosen(page)
    assert (press(page, 0.6, 0.4) != before).any()


def test_traversals_stand_by_rate_and_show_the_right_pictures(visit, decode):
    page = visit(MANY + "&part=traversals&columns=5&range=2", FIGURE)
    rates = [float(w.split()[0]) for w in page.locator(".traverse .quiet").all_inner_texts()]
    assert rates == sorted(rates, reverse=True)
    assert len(rates) == 16
    row = page.locator(".traverse").nth(2)
    j = int(row.get_attribute("data-dim"))
    strip = np.reshape(
        row.locator(".film-track canvas").evaluate(
            "c => Array.from(c.getContext('2d').getImageData(0, 0, c.width, c.height).data)"
        ),
        (28, -1, 4),
    )[..., 0]
    assert strip.shape[1] == 5 * 29 - 1
    for i, z in enumerate(latent.traverse(np.zeros(16), j, np.linspace(-2, 2, 5))):
        picture = strip[:, 29 * i : 29 * i + 28].ravel()
        assert np.abs(picture - decode("digits", z)).max() <= 1


def test_a_row_can_be_followed_by_hand_and_started_from_elsewhere(visit):
    page = visit(MANY + "&part=traversals", FIGURE)
    track = page.locator(".film-track").first
    j = int(track.get_attribute("data-dim"))
    box = track.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 8.5 / 9, box["y"] + box["height"] / 2)
    z = chosen(page)
    assert z[j] == pytest.approx(3, abs=0.02)
    assert (np.delete(z, j) == 0).all()
    page.locator(".do-traverse").click()
    page.locator(FIGURE).wait_for()
    assert (code_of(state(page)["base"]) == z).all()


def test_the_movement_plays_and_pauses(visit):
    page = visit(MANY + "&part=traversals", FIGURE)
    hand = page.locator(".film-track .hand").first
    page.get_by_role("button", name="Play").click()
    where = hand.evaluate("e => e.style.left")
    page.wait_for_function("(was) => document.querySelector('.hand').style.left !== was", arg=where)
    expect(page.locator(".part:visible")).to_contain_text("less motion")
    page.get_by_role("button", name="Pause").click()
    where = hand.evaluate("e => e.style.left")
    page.wait_for_timeout(900)
    assert hand.evaluate("e => e.style.left") == where


def taken(page, name: str) -> io.BytesIO:
    return io.BytesIO(downloaded(page, page.locator(f".do-{name}")).path().read_bytes())


def test_a_film_of_one_dimension_has_its_frames(visit, decode):
    page = visit(MANY + "&part=traversals", FIGURE)
    page.get_by_label("film of", exact=True).select_option("3")
    film = Image.open(taken(page, "gif"))
    frames = [np.asarray(f.convert("L")) for f in ImageSequence.Iterator(film)]
    assert len(frames) == 48
    z = np.zeros(16)
    z[3] = 3 * np.sin(2 * np.pi * 5 / 48)
    assert np.abs(frames[5][4::8, 4::8].ravel() - decode("digits", z)).max() <= 1


def test_all_rows_together_and_the_figure(visit):
    page = visit(MANY + "&part=traversals&columns=5", FIGURE)
    film = Image.open(taken(page, "together"))
    assert film.n_frames == 48
    assert film.size == (4 * 28 * 3, 4 * 28 * 3)
    figure = Image.open(taken(page, "figure"))
    assert figure.height > 16 * 28 * 2
    assert figure.width > 5 * 28 * 2


def test_the_sheet_can_be_taken_along(visit, decode):
    page = visit(TWO, READY)
    page.get_by_label("Settings of the sheet's picture").click()
    page.get_by_label("Area", exact=True).select_option("whole")
    page.get_by_label("Columns").locator("visible=true").fill("6")
    page.get_by_label("Columns").locator("visible=true").press("Enter")
    page.keyboard.press("Escape")
    kept = json.load(taken(page, "sheet-json"))
    want = latent.quantile_grid(6)[::-1].reshape(-1, 2)  # rows from the top
    np.testing.assert_allclose(kept["codes"], want, atol=1e-6)
    picture = np.asarray(Image.open(taken(page, "sheet-png")).convert("L"))
    assert picture.shape == (6 * 56, 6 * 56)
    for row, column in ((0, 0), (2, 5)):
        cell = picture[row * 56 : row * 56 + 56 : 2, column * 56 : column * 56 + 56 : 2]
        assert np.abs(cell.ravel() - decode("digits-2d", want[6 * row + column])).max() <= 1


def test_odd_models_have_a_sheet_too(visit):
    for name in ("odd", "convolutional"):
        page = visit(f"sheet?model={name}", READY)
        before = chosen(page)
        assert (press(page, 0.6, 0.4) != before).any()
        assert page.locator(".atelier img").count() == 0


def test_one_thumb_on_a_phone(visit):
    page = visit(MANY, READY, PHONE, has_touch=True, is_mobile=True)
    before = chosen(page)
    page.locator(".sheet-stage").tap(position={"x": 200, "y": 90})
    assert (chosen(page) != before).any()
    for part in ("Traversals", "Sheet"):
        page.locator(".parts").get_by_text(part).tap()
        assert fits(page)
        expect_fingers_fit(
            page, ".parts button, .action, .part > .row button:not(.ask, .term, [popover] *)"
        )


def test_who_comes_back_finds_the_page_as_it_was_and_can_undo_it_all(visit):
    page = visit(MANY, READY)
    before = state(page)
    press(page, 0.7, 0.4)
    page.mouse.move(*place(page, 0.5, 0.5))
    page.mouse.down()
    page.mouse.move(*place(page, 0.6, 0.4), steps=3)
    page.mouse.up()
    page.locator(".do-in").click()
    page.get_by_label("pictures", exact=True).select_option("large")
    page.locator(".do-random").click()
    page.locator(".do-traverse").click()
    page.get_by_label("columns", exact=True).select_option("6")
    after, link = state(page), address(page)
    assert before["view"] is None
    for title, part in (("Explore", ".dim"), ("Sheet", FIGURE)):
        page.get_by_role("link", name=title, exact=True).click()
        page.locator(part).first.wait_for()
    assert state(page) == after
    assert parse_qs(urlsplit(address(page)).query) == parse_qs(urlsplit(link).query)
    assert state(visit(link.split("/", 3)[3], FIGURE)) == meant(after)
    for _ in range(7):
        page.locator(".do-undo").click()
    assert state(page) == before
    assert page.locator(".do-undo").is_disabled()
    page.locator(READY).wait_for()


def meant(state: dict) -> dict:
    """As a link has it: a place of the sheet is a code without a name of its own."""
    return {**state, **{k: {**state[k], "name": "a linked picture"} for k in ("code", "base")}}


def test_where_one_looks_can_be_undone(visit):
    page = visit(MANY, READY)
    page.mouse.move(*place(page, 0.3, 0.6))
    page.mouse.wheel(0, -700)
    until(page, lambda: state(page)["view"] is not None)
    seen = state(page)["view"]
    page.locator(".do-fit").click()
    assert state(page)["view"] is None
    page.keyboard.press("z")
    assert state(page)["view"] == seen
    words = page.locator(".words").inner_text()
    page.keyboard.press("z")
    assert state(page)["view"] is None
    expect(page.locator(".words")).not_to_have_text(words)
