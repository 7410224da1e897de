"""Explore, as a person uses it."""

import json
import re

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

import vae

from .conftest import LAPTOP, PHONE, ROOT

PIXELS = """() => {
  const canvas = document.querySelector(".frame canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return Array.from(data).filter((_, i) => i % 4 === 0);
}"""


def painted(page) -> None:
    """Wait until everything asked for so far is on the screen."""
    page.evaluate("() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))")


def codes(page) -> np.ndarray:
    painted(page)
    return np.array([float(v) for v in page.locator(".code").inner_text().split()])


def pixels(page) -> np.ndarray:
    painted(page)
    return np.array(page.evaluate(PIXELS))


def drag(page, dim: int, *shares: float) -> None:
    """Drag the slider of a dimension through these shares of its track."""
    hand = page.locator(f"input[data-dim='{dim}']")
    hand.scroll_into_view_if_needed()
    box = hand.bounding_box()
    spots = [(box["x"] + share * box["width"], box["y"] + 0.7 * box["height"]) for share in shares]
    page.mouse.move(*spots[0])
    page.mouse.down()
    for spot in spots[1:]:
        page.mouse.move(*spot, steps=4)
    page.mouse.up()


def address(page) -> str:
    """What stands in the address bar now; Playwright's own `url` lags behind."""
    painted(page)
    return page.evaluate("location.href")


def linked(page) -> np.ndarray:
    text = re.search(r"[?&]z=([^&]*)", address(page)).group(1)
    return np.float32(text.split(","))


def test_the_code_shown_is_the_code_decoded(visit):
    page = visit("?model=digits")
    drag(page, 3, 0.5, 0.9, 0.2)
    z = linked(page)
    np.testing.assert_allclose(codes(page), z, atol=6e-4)
    hand = page.locator("input[data-dim='3']").evaluate("e => e.valueAsNumber")
    assert hand == pytest.approx(z[3])
    image = vae.load(ROOT / "assets/digits").model.decode(torch.from_numpy(z)[None]).mean
    assert np.abs(pixels(page) - 255 * image.numpy().flatten()).max() <= 1


def test_hovering_previews_and_leaving_restores(visit):
    page = visit("?model=digits")
    before, image = codes(page), pixels(page)
    box = page.locator(".stage").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.move(box["x"] + 150, box["y"] + 330, steps=5)
    assert "preview" in page.locator(".where").inner_text()
    assert (codes(page) != before).any()
    assert (pixels(page) != image).any()
    page.mouse.move(box["x"] - 15, box["y"] - 40)
    assert (codes(page) == before).all()
    assert (pixels(page) == image).all()


def test_clicking_goes_there_and_every_move_can_be_undone(visit):
    page = visit("?model=digits")
    box = page.locator(".stage").bounding_box()
    trail = [codes(page)]
    page.mouse.click(box["x"] + 200, box["y"] + 300)
    page.mouse.move(box["x"] - 15, box["y"] - 40)
    trail.append(codes(page))
    drag(page, 5, 0.5, 0.8)
    trail.append(codes(page))
    page.keyboard.press("r")
    trail.append(codes(page))
    page.keyboard.press("o")
    trail.append(codes(page))
    assert (trail[-1] == 0).all()
    assert len({tuple(z) for z in trail}) == 5
    for want in trail[-2::-1]:
        page.keyboard.press("z")
        assert (codes(page) == want).all()
    for want in trail[1:]:
        page.keyboard.press("y")
        assert (codes(page) == want).all()


def test_a_press_that_pans_goes_nowhere(visit):
    page = visit("?model=digits")
    box, before = page.locator(".stage").bounding_box(), codes(page)
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 260, box["y"] + 240, steps=6)
    page.mouse.up()
    page.mouse.move(box["x"] - 15, box["y"] - 40)
    assert (codes(page) == before).all()


def test_arrow_keys_and_double_click_move_one_slider(visit):
    page = visit("?model=digits")
    hand = page.locator("input[data-dim='2']")
    before = codes(page)
    hand.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    after = codes(page)
    assert after[2] - before[2] == pytest.approx(0.55, abs=2e-3)
    assert np.delete(after, 2) == pytest.approx(np.delete(before, 2), abs=1e-3)
    hand.dblclick()
    assert codes(page)[2] == 0


def test_an_example_shows_its_posterior_and_its_class(visit):
    page = visit("?model=digits")
    page.locator(".class", has_text="4").click()
    painted(page)
    assert "(4)" in page.locator(".where").inner_text()
    assert page.locator(".posterior").first.is_visible()
    page.keyboard.press("o")
    painted(page)
    assert not page.locator(".posterior").first.is_visible()


def test_a_near_example_is_one_click_away(visit):
    page = visit("?model=digits")
    page.keyboard.press("o")
    nearest = page.locator(".thumb").first
    expect(nearest).to_have_text(re.compile(r"[1-9]\.\d σ"))
    page.locator(".thumb").nth(2).click()
    expect(nearest).to_contain_text("0.0")


def test_a_renamed_dimension_stays_and_is_only_text(visit):
    page = visit("?model=digits")
    name = page.locator("[data-dim='1'] .name")
    name.fill("<b>slant</b>")
    name.press("Enter")
    page.reload()
    page.locator(".dim").first.wait_for()
    assert page.locator("[data-dim='1'] .name").input_value() == "<b>slant</b>"
    assert page.locator(".atelier b").count() == 0


def test_a_link_reopens_exactly_this(visit):
    page = visit("?model=digits")
    page.get_by_label("colour").select_option("error")
    page.get_by_label("map", exact=True).select_option("pca")
    page.keyboard.press("r")
    page.keyboard.press("f")
    z, image = linked(page), pixels(page)
    again = visit(address(page).split("/", 3)[3])
    assert (linked(again) == z).all()
    assert (pixels(again) == image).all()
    assert again.get_by_label("colour").input_value() == "error"
    assert again.get_by_label("map", exact=True).input_value() == "pca"
    assert again.locator(".with-film").count() == 1


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("z=1,2,3", "3 numbers; this model has 16"),
        ("z=" + ",".join(["NaN"] * 16), "Number 1 of the link's code"),
        ("z=" + ",".join(["0"] * 15 + ["1e9"]), "Number 16 of the link's code"),
        ("map=globe", "known are umap, pca"),
        ("model=%3Cb%3Enone%3C/b%3E", "is not here; known are digits"),
    ],
)
def test_a_bad_link_is_one_sentence_and_the_page_goes_on(visit, query, words):
    page = visit("?" + query)
    assert words in page.locator("body").inner_text()
    before = codes(page)
    drag(page, 0, 0.5, 0.9)
    assert (codes(page) != before).any()


def test_a_damaged_model_is_named_and_the_others_work(visit):
    page = visit()
    page.get_by_text("2 left out").click()
    text = page.locator("body").inner_text()
    assert "The model “flipped” is left out" in text
    assert "SHA-256 differs" in text
    assert "The model “newer” is left out" in text
    assert "update VAE Atelier" in text


def test_an_unknown_op_is_one_sentence(visit):
    page = visit("?model=unknown-op", ready=".atelier .notice")
    assert 'unknown op "constructor"' in page.locator(".atelier .notice").inner_text()


def test_labels_are_text(visit):
    page = visit("?model=odd")
    assert page.locator(".class").first.inner_text() == "<img src=x onerror=alert(1)>"
    assert page.locator(".atelier img").count() == 0


def test_the_code_and_the_image_can_be_kept(visit):
    page = visit("?model=digits&z=" + ",".join(["0.25"] * 16))
    with page.expect_download() as saved:
        page.get_by_role("button", name="JSON").click()
    kept = json.loads(saved.value.path().read_text())
    assert kept["z"] == [0.25] * 16
    assert kept["model"] == "digits"
    assert kept["link"] == address(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="PNG").click()
    from PIL import Image

    with Image.open(saved.value.path()) as picture:
        assert picture.size == (448, 448)
        assert (np.asarray(picture)[8::16, 8::16, 0].flatten() == pixels(page)).all()


def test_ink_on_paper_changes_nothing_but_the_view(visit):
    page = visit("?model=digits")
    before = pixels(page)
    page.locator(".frame").click()
    assert page.locator(".atelier.ink").count() == 1
    assert (pixels(page) == before).all()


def test_another_model_is_chosen_in_the_page(visit):
    page = visit("?model=digits")
    page.get_by_label("model", exact=True).select_option("convolutional")
    page.wait_for_url("**/*model=convolutional*")
    expect(page.locator(".dim")).to_have_count(4)


def test_a_umap_on_request_runs_can_be_cancelled_and_is_kept(visit):
    page = visit("?model=odd")
    page.locator(".umap summary").click()
    status = page.locator(".umap [role=status]")
    page.locator(".umap input[name=neighbors]").fill("5")
    page.get_by_role("button", name="Make this map").click()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Cancelled").wait_for()
    page.get_by_role("button", name="Make this map").click()
    page.get_by_text("Done.").wait_for(timeout=300_000)
    page.get_by_role("button", name="Back to the shipped map").click()
    page.wait_for_function("!document.querySelector('.umap [role=status]').textContent")
    page.get_by_role("button", name="Make this map").click()
    page.get_by_text("made before").wait_for()
    page.locator(".umap input[name=neighbors]").fill("190")
    page.get_by_role("button", name="Make this map").click()
    page.get_by_text("too few for 190 neighbours").wait_for()
    assert "Traceback" not in status.inner_text()


def test_while_many_drag_the_server_does_nothing(visit):
    pages = [visit("?model=digits") for _ in range(5)]
    seen = []
    for page in pages:
        page.on("request", lambda request: seen.append(request.url))
        page.on("websocket", lambda socket: seen.append(socket.url))
    sent = [count_frames(page) for page in pages]
    for share in (0.2, 0.9, 0.4):
        for dim, page in enumerate(pages):
            before = codes(page)
            drag(page, dim, 0.5, share)
            assert (codes(page) != before).any()
    assert not seen
    assert not any(page.evaluate("window.sent") for page in pages), sent


def count_frames(page) -> None:
    """From now on, count what the page sends to its server."""
    page.evaluate(
        """() => {
          window.sent = 0;
          const { send } = WebSocket.prototype;
          WebSocket.prototype.send = function (...data) {
            window.sent++;
            return send.apply(this, data);
          };
        }"""
    )


def test_one_screen_on_a_laptop(visit):
    page = visit("?model=digits", viewport=LAPTOP)
    inside = "e => e.getBoundingClientRect().bottom <= innerHeight"
    assert page.locator(".map").evaluate(inside)
    assert page.locator(".frame").evaluate(inside)
    assert page.locator(".dim").nth(5).evaluate(inside)


def test_one_thumb_on_a_phone(visit):
    page = visit("?model=digits", ".atelier .dim", PHONE, has_touch=True, is_mobile=True)
    wide = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(wide)
    for tab, part in (("Map", ".map"), ("On the data?", ".check"), ("Sliders", ".sliders")):
        page.locator(".tabs").get_by_text(tab).tap()
        assert page.locator(part).is_visible()
        if tab == "Map":
            expect(page.locator(".stage .waiting")).to_have_count(0)
        assert page.evaluate(wide)
    low = page.locator(".tabs button, .action:visible, .class").evaluate_all(
        "all => Math.min(...all.map(e => e.getBoundingClientRect().height))"
    )
    assert low >= 40


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast(visit, scheme):
    page = visit("?model=digits", color_scheme=scheme)
    ratios = page.evaluate(
        """() => {
          const ground = document.querySelector(".atelier .card");
          const rgb = (colour) => {
            const canvas = new OffscreenCanvas(1, 1).getContext("2d");
            canvas.fillStyle = colour;
            canvas.fillRect(0, 0, 1, 1);
            return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)];
          };
          const light = (colour) => rgb(colour)
            .map((v) => v / 255)
            .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const paper = light(getComputedStyle(ground).backgroundColor);
          const ratio = (ink) => {
            const [a, b] = [light(ink), paper].sort((x, y) => y - x);
            return (a + 0.05) / (b + 0.05);
          };
          const of = (selector, property) =>
            ratio(getComputedStyle(document.querySelector(selector))[property]);
          return { text: [of(".atelier .value", "color"), of(".atelier .quiet", "color"),
              of(".atelier .rate", "color"), of(".atelier .meter", "color")],
            marks: [...document.querySelectorAll(".legend .key i")]
              .map((e) => ratio(getComputedStyle(e).backgroundColor)) };
        }"""
    )
    assert min(ratios["text"]) >= 4.5
    assert len(ratios["marks"]) == 10
    assert min(ratios["marks"]) >= 3
