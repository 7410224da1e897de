"""Explore, as a person uses it."""

import json
import re

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import expect

import vae
from vae.ui import opening

from .conftest import DRAWN, LAPTOP, PHONE, ROOT
from .hand import (
    address,
    count_frames,
    downloaded,
    drag,
    expect_fingers_fit,
    fits,
    greys,
    linked,
    painted,
    state,
    until,
)


def codes(page) -> np.ndarray:
    painted(page)
    return np.array([float(v) for v in page.locator(".code").inner_text().split()])


def pixels(page) -> np.ndarray:
    return greys(page, ".frame canvas")


def slide(page, dim: int, *shares: float) -> None:
    """Drag the slider of a dimension through these shares of its track."""
    drag(page, page.locator(f"input[data-dim='{dim}']"), *((share, 0.7) for share in shares))


def test_the_code_shown_is_the_code_decoded(visit):
    page = visit("?model=digits")
    slide(page, 3, 0.5, 0.9, 0.2)
    z = linked(page)
    np.testing.assert_allclose(codes(page), z, atol=6e-4)
    hand = page.locator("input[data-dim='3']").evaluate("e => e.valueAsNumber")
    assert hand == pytest.approx(z[3])
    image = vae.load(ROOT / "assets/digits").model.decode(torch.from_numpy(z)[None]).mean
    assert np.abs(pixels(page) - 255 * image.numpy().flatten()).max() <= 1


def test_the_picture_follows_the_hand_before_the_atlas_has_come(app, chromium):
    page = chromium.new_page(viewport=LAPTOP)
    held = []
    page.route("**/atlas.safetensors*", lambda route: held.append(route))
    page.goto(app)
    page.locator(".opening .dim").first.wait_for()
    slide(page, 3, 0.5, 0.9)
    z = [page.locator(f"input[data-dim='{j}']").evaluate("e => e.valueAsNumber") for j in range(16)]
    image = vae.load(ROOT / "assets/digits").model.decode(torch.tensor([z])).mean
    assert np.abs(pixels(page) - 255 * image.numpy().flatten()).max() <= 1
    held[0].continue_()
    page.locator(DRAWN).wait_for()
    np.testing.assert_allclose(state(page)["code"]["z"], z, atol=1e-6)
    page.locator(".do-undo").click()
    assert state(page)["code"]["example"] == 0
    page.close()


@pytest.mark.parametrize("name", ["digits", "faces"])
def test_what_opens_first_is_what_the_page_then_shows(page, name):
    first = opening.first(ROOT / "assets" / name)
    assert dict(first["named"]).keys() == set(first["live"][: len(first["named"])]) > set()
    read = page.evaluate(
        """async (name) => {
          const { openBundle } = await import("/live/io/bundle.js");
          const { readingsOf } = await import("/live/pages/explore/sliders.js");
          const files = ["bundle.json", "weights.safetensors", "atlas.safetensors"];
          const bundle = await openBundle(Object.fromEntries(
            files.map((file) => [file, `/models/${name}/${file}`])));
          const { rates, live, dead, limits } = readingsOf(bundle);
          const z = Array.from(bundle.atlas.mean.slice(0, bundle.model.code.size));
          return { rates: Array.from(rates), live, dead, limits, z };
        }""",
        name,
    )
    np.testing.assert_allclose(first["rates"], read["rates"], rtol=1e-4)
    assert {k: first[k] for k in ("live", "dead", "limits", "z")} == {
        k: read[k] for k in ("live", "dead", "limits", "z")
    }


EVIDENCE = """async (cases) => {
  const { verdictOf } = await import("/live/core/evidence.js");
  return cases.map(([typical, near, again]) =>
    verdictOf({ typical, near: { share: near }, again: { share: again } }));
}"""


def test_one_answer_says_whether_a_code_is_on_the_data(page):
    cases = [(0.3, 0.5, 0.6), (0.97, 0.5, 0.6), (0.3, 1, 0.97), (None, 0.2, 1), (0.3, None, None)]
    answers = page.evaluate(EVIDENCE, cases)
    assert answers[-1] is None
    assert [answer["grade"] for answer in answers[:-1]] == [5, 3, 1, 1]
    assert answers[0]["words"] == "On the data."
    assert "prior" in answers[1]["words"]
    assert "encoder" not in answers[2]["words"]  # what is worst is what is said
    assert "encoder" in answers[3]["words"]


def test_an_example_lies_on_the_data_and_a_corner_of_the_space_does_not(visit):
    page = visit("?model=digits")
    answer = page.locator(".check .answer")
    expect(answer).to_contain_text("On the data.")
    far = ",".join(["6"] * 16)
    page.goto(page.url.split("?")[0] + f"?model=digits&z={far}")
    expect(answer).to_contain_text("Off the data")


def test_hovering_previews_and_leaving_restores(visit):
    page = visit("?model=digits")
    before, image = codes(page), pixels(page)
    box = page.locator(".stage").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.move(box["x"] + 150, box["y"] + 330, steps=5)
    expect(page.locator(".where")).to_contain_text("preview")
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
    slide(page, 5, 0.5, 0.8)
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
    expect(page.locator(".where")).to_contain_text("(4)")
    posterior = page.locator(".posterior").first
    expect(posterior).to_be_visible()
    page.keyboard.press("o")
    expect(posterior).to_be_hidden()


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
    page.get_by_label("colour").select_option("distortion")
    page.get_by_label("map", exact=True).select_option("pca")
    page.keyboard.press("r")
    page.keyboard.press("f")
    z, image = np.float32(state(page)["code"]["z"]), pixels(page)
    again = visit(address(page).split("/", 3)[3])
    assert (np.float32(state(again)["code"]["z"]) == z).all()
    assert (pixels(again) == image).all()
    assert again.get_by_label("colour").input_value() == "distortion"
    assert again.get_by_label("map", exact=True).input_value() == "pca"
    assert again.locator(".with-film").count() == 1


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("z=1,2,3", "3 numbers; this model has 16"),
        ("z=" + ",".join(["NaN"] * 16), "Number 1 of the link's code"),
        ("z=" + ",".join(["0"] * 15 + ["1e9"]), "Number 16 of the link's code"),
        ("map=globe", "one of umap, pca"),
        ("model=%3Cb%3Enone%3C/b%3E", "is not here; known are digits"),
    ],
)
def test_a_bad_link_is_one_sentence_and_the_page_goes_on(visit, query, words):
    page = visit("?" + query)
    expect(page.locator("body")).to_contain_text(words)
    before = codes(page)
    slide(page, 0, 0.5, 0.9)
    assert (codes(page) != before).any()


def test_a_damaged_model_is_named_and_the_others_work(visit):
    page = visit()
    page.get_by_text("2 left out").click()
    for words in ("The model “flipped” is left out", "SHA-256 differs",
                  "The model “newer” is left out", "update VAE Atelier"):  # fmt: skip
        expect(page.locator("body")).to_contain_text(words)


def test_an_unknown_op_is_one_sentence(visit):
    page = visit("?model=unknown-op", ready=".atelier .notice")
    expect(page.locator(".atelier .notice")).to_contain_text('unknown op "constructor"')


def test_labels_are_text(visit):
    page = visit("?model=odd")
    assert page.locator(".class").first.inner_text() == "<img src=x onerror=alert(1)>"
    assert page.locator(".atelier img").count() == 0


def test_the_code_and_the_image_can_be_kept(visit):
    page = visit("?model=digits&z=" + ",".join(["0.25"] * 16))
    saved = downloaded(page, page.get_by_role("button", name="JSON"))
    kept = json.loads(saved.path().read_text())
    assert kept["z"] == [0.25] * 16
    assert kept["model"] == "digits"
    assert kept["link"] == address(page)
    saved = downloaded(page, page.get_by_role("button", name="PNG"))
    with Image.open(saved.path()) as picture:
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
    name = page.get_by_label("Name of dimension 1")
    expect(name).to_have_value("slant")
    expect(name).to_have_attribute("title", re.compile("slant of the pictures is −0.80 .n = 120"))


def ask_umap(page, button: str, neighbors: int | None = None) -> None:
    form = page.locator(".umap")
    if neighbors:
        form.locator("input[name=neighbors]").fill(str(neighbors))
    form.get_by_role("button", name=button).click()


def test_a_umap_on_request_runs_can_be_cancelled_and_is_kept(visit):
    page = visit("?model=odd")
    page.evaluate("document.querySelector('.atelier').dataset.same = 'yes'")
    page.locator(".do-umap").click()
    status = page.locator(".umap [role=status]")
    for _ in range(3):  # one more than are made at a time: each leaves its place
        ask_umap(page, "Make this map", 5)
        expect(status).to_have_text("Reading neighbourhoods …")
        ask_umap(page, "Cancel")
        expect(status).to_contain_text("Cancelled")
    before = page.locator(".stage").screenshot()
    ask_umap(page, "Make this map", 5)
    expect(status).to_contain_text("Done.", timeout=300_000)
    until(page, lambda: page.locator(".stage").screenshot() != before)
    ask_umap(page, "Back to the shipped map")
    expect(status).to_have_text("")
    ask_umap(page, "Make this map", 5)
    expect(status).to_contain_text("made before")
    ask_umap(page, "Make this map", 190)
    expect(status).to_contain_text("too few for 190 neighbours")
    assert "Traceback" not in status.inner_text()
    assert page.locator(".atelier").get_attribute("data-same") == "yes"  # never opened anew


def test_who_comes_back_finds_the_page_as_it_was_and_can_undo_it_all(visit):
    page = visit("?model=digits")
    before = state(page)
    slide(page, 3, 0.5, 0.9)
    page.keyboard.press("f")
    page.get_by_label("colour").select_option("distortion")
    page.locator(".dim .name").first.fill("upright")
    page.locator(".dim .name").first.press("Enter")
    page.get_by_label("temperature").select_option("0.5")
    after, image = state(page), pixels(page)
    for title, part in (("Sheet", ".sheet-stage"), ("Explore", ".dim")):
        page.get_by_role("link", name=title, exact=True).click()
        page.locator(part).first.wait_for()
    assert state(page) == after
    assert (pixels(page) == image).all()
    assert page.locator(".dim .name").first.input_value() == "upright"
    for _ in range(5):
        page.locator(".do-undo").click()
    assert state(page) == before
    assert page.locator(".do-undo").is_disabled()
    assert page.locator(".with-film").count() == 0


def test_a_umap_is_made_on_while_another_page_is_looked_at(visit):
    page = visit("?model=digits")
    page.locator(".do-umap").click()
    ask_umap(page, "Make this map", 5)
    status = page.locator(".umap [role=status]")
    expect(status).to_have_text("Reading neighbourhoods …")
    for title, part in (("Morph", ".scrub"), ("Explore", ".do-umap")):
        page.get_by_role("link", name=title).click()
        page.locator(part).wait_for()
    page.locator(".do-umap").click()
    expect(status).to_have_text(re.compile("Reading|layout"))
    ask_umap(page, "Cancel")
    expect(status).to_contain_text("Cancelled")


def test_while_many_drag_the_server_does_nothing(visit):
    pages = [visit("?model=digits") for _ in range(3)]
    seen = []
    for page in pages:
        page.on("request", lambda request: seen.append(request.url))
        page.on("websocket", lambda socket: seen.append(socket.url))
        count_frames(page)
    for share in (0.2, 0.9, 0.4):
        for dim, page in enumerate(pages):
            page.bring_to_front()  # a tab behind others has a frame a second
            before = codes(page)
            slide(page, dim, 0.5, share)
            assert (codes(page) != before).any()
    assert not seen
    assert not any(page.evaluate("window.sent") for page in pages)


def test_one_screen_on_a_laptop(visit):
    page = visit("?model=digits")
    inside = "e => e.getBoundingClientRect().bottom <= innerHeight"
    assert page.locator(".map").evaluate(inside)
    assert page.locator(".frame").evaluate(inside)
    assert page.locator(".dim").nth(5).evaluate(inside)


def test_one_thumb_on_a_phone(visit):
    page = visit("?model=digits", ".atelier .dim", PHONE, has_touch=True, is_mobile=True)
    assert fits(page)
    for tab, part in (("Map", ".map"), ("On the data?", ".check"), ("Sliders", ".sliders")):
        page.locator(".tabs").get_by_text(tab).tap()
        expect(page.locator(part)).to_be_visible()
        if tab == "Map":
            expect(page.locator(".stage .waiting")).to_have_count(0)
        assert fits(page)
    expect_fingers_fit(page, ".tabs button, .action, .class")


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
