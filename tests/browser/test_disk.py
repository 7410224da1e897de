"""The explorer as one HTML file, opened from disk with the network cut."""

import json
import re
from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image, ImageSequence
from playwright.sync_api import expect

import vae
from vae import directions
from vae.export import page as whole_page

from .conftest import DRAWN, LAPTOP, PATIENCE, PHONE, ROOT
from .hand import (
    address,
    downloaded,
    drag,
    enlarge_film,
    expect_near,
    fits,
    greys,
    linked,
    painted,
    state,
)
from .test_explore import codes, pixels, slide
from .test_morph import WATCH, arc, choose, filled, go, notices, now, off, scrub, taken


@pytest.fixture(scope="module")
def bundle():
    return vae.load(ROOT / "assets/digits")


@pytest.fixture(scope="module")
def decode(bundle):
    """A code -> grey levels (784), not yet rounded."""

    def decode(z) -> np.ndarray:
        code = torch.from_numpy(np.float32(z))[None]
        return 255 * bundle.model.decode(code).mean.numpy().flatten()

    return decode


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """The file, where a person might have put it."""
    path = tmp_path_factory.mktemp("a folder, with % and #") / "digits.html"
    path.write_text(whole_page(ROOT / "assets/digits"), "utf-8")
    return path


@pytest.fixture
def opened(saved, chromium):
    """Open the file: `opened("#page=morph", color_scheme="dark")`.

    Whatever goes to the network, and any error in the console, fails the test.
    """
    contexts, wrong = [], []

    def open_page(state="", ready=DRAWN, viewport=LAPTOP, **options):
        context = chromium.new_context(
            viewport=viewport, reduced_motion="reduce", offline=True, **options
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda r: wrong.append(r.url) if r.url.startswith("http") else None)
        page.on("websocket", lambda socket: wrong.append(socket.url))
        page.on("pageerror", lambda error: wrong.append(str(error)[:300]))
        page.on("console", lambda m: wrong.append(m.text[:300]) if m.type == "error" else None)
        page.goto(saved.as_uri() + state)
        page.locator(ready).first.wait_for(state="attached")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong


def turn(page, name: str, ready: str) -> None:
    """To another of the file's pages."""
    page.locator(f".pages [data-page={name}]").click()
    page.locator(ready).first.wait_for()


def test_the_map_is_drawn_and_a_slider_moves_the_picture(opened, decode):
    page = opened()
    assert page.title() == "Handwritten digits – VAE Atelier"
    assert greys(page, ".map .points").any()
    before = pixels(page)
    slide(page, 3, 0.5, 0.9, 0.2)
    z = linked(page)
    np.testing.assert_allclose(codes(page), z, atol=6e-4)
    assert (pixels(page) != before).any()
    assert off(pixels(page), decode(z)) <= 1


def test_hovering_previews_and_leaving_restores(opened):
    page = opened()
    before, image = codes(page), pixels(page)
    box = page.locator(".stage").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.move(box["x"] + 150, box["y"] + 0.8 * box["height"], steps=5)
    expect(page.locator(".where")).to_contain_text("preview")
    assert (codes(page) != before).any()
    page.mouse.move(box["x"] - 15, box["y"] - 40)
    assert (codes(page) == before).all()
    assert (pixels(page) == image).all()


def test_a_vertical_stroke_is_a_one(opened, bundle):
    page = opened()
    turn(page, "yours", ".pad")
    page.locator(".do-clear").click()
    drag(page, page.locator(".pad"), (0.5, 0.15), (0.5, 0.85))
    expect_near(page, 1)
    page.locator(".do-explore").click()
    page.locator(".dim").first.wait_for()
    z = linked(page)
    nearest = np.linalg.norm(bundle.atlas.mean - z, axis=1).argmin()
    assert bundle.atlas.label[nearest] == 1
    expect(page.locator(".where")).to_contain_text("your picture")


def test_morph_scrubs_and_writes_its_gif(opened, decode):
    page = opened("#page=morph&bounce=off", ".do-play")
    page.evaluate(WATCH)
    a, b = keys_in(page)
    scrub(page, 0.5, 0.8, 0.6)
    seen = now(page)
    np.testing.assert_allclose(seen["code"], arc(a, b, seen["t"]), atol=1e-5)
    assert off(morphed(page), decode(seen["code"])) <= 1

    with Image.open(BytesIO(taken(page, "gif"))) as film:
        assert film.info["loop"] == 0
        frames = [np.asarray(f.convert("L")) for f in ImageSequence.Iterator(film)]
    assert len(frames) == 34
    assert frames[0].shape == (224, 224)
    for t, frame in zip(np.linspace(0, 1, 34), frames, strict=True):
        assert off(frame[4::8, 4::8].flatten(), decode(arc(a, b, t))) <= 1
    kept = json.loads(taken(page, "json"))
    assert (np.float32([k["z"] for k in kept["keys"]]) == [a, b]).all()


def morphed(page) -> np.ndarray:
    return greys(page, ".morph .frame canvas")


def test_what_needs_python_is_not_offered_or_says_so(opened):
    page = opened()
    assert page.locator(".do-html").count() == 0
    assert page.locator(".umap").count() == 0
    turn(page, "yours", ".pad")
    assert page.locator(".sources [data-source]").all_inner_texts() == ["Draw"]
    assert not page.get_by_text("Refine").first.is_visible()
    assert page.locator("input[type=file]").count() == 0
    turn(page, "morph", ".do-play")
    for kind in ("webp", "mp4", "png"):
        assert page.locator(f".do-{kind}").count() == 0
    filled(page, ("line", "slerp", "data", "pixels"))
    expect(page.locator("[data-path=geodesic] .quiet")).to_contain_text("this page runs without it")
    page.locator("[data-path=geodesic] .path").click()
    expect(page.locator(".notice")).to_contain_text("Python computes the geodesic")
    expect(page.locator("[data-path=slerp] .path")).to_have_attribute("aria-pressed", "true")


def test_the_stage_is_kept_from_page_to_page(opened):
    page = opened("#page=explore&stage=on")
    on_stage = page.locator(".atelier.on-stage")
    assert page.locator(".dim").locator("visible=true").count() == 5
    assert not page.locator(".map header").is_visible()
    turn(page, "yours", ".pad")
    expect(on_stage).to_have_count(1)
    assert "stage=on" in address(page)
    page.keyboard.press("Escape")
    expect(on_stage).to_have_count(0)
    assert "stage" not in address(page)


def test_new_pictures_come_from_where_examples_lie(opened, bundle):
    page = opened("#page=generate", ".do-more")
    page.locator("[data-source=mixture]").click()
    expect(page.locator("[data-source=mixture]")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("Gaussians fitted to the codes of 10,000 held-out")).to_be_visible()
    said = json.loads(downloaded(page, page.locator(".do-json")).path().read_text("utf-8"))
    codes = np.float32(said["codes"])
    assert (codes.std(0) < 1.3).all()
    assert np.abs(codes.mean(0) - bundle.atlas.mean.mean(0)).max() < 4 * codes.std(0).max() / 8


def test_a_direction_is_measured_and_saved(opened, bundle):
    page = opened("#page=directions", ".directions")
    expect(page.locator(".reliability")).to_contain_text("A clear direction.")
    codes, label = bundle.atlas.mean, bundle.atlas.label
    want = directions.direction(codes[label == 9], codes[label == 4])
    expect(page.locator(".reliability")).to_contain_text(f"{100 * want.auc:.1f} of 100")
    save = page.get_by_role("button", name="Save", exact=True)
    said = json.loads(downloaded(page, save).path().read_text("utf-8"))
    np.testing.assert_allclose(said["vector"], want.vector, atol=1e-5)


def test_a_film_too_large_for_the_page_is_one_sentence(opened):
    page = opened("#page=morph&bounce=off", ".do-play")
    for _ in range(6):
        page.locator(".do-add").click()
    enlarge_film(page, 64)
    page.locator(".morph .do-gif").click()
    expect(page.locator(".notice")).to_have_count(1)
    expect(page.locator(".notice")).to_contain_text(
        "232 pictures of 1792 × 1792 pixels are too large"
    )


def test_the_address_keeps_the_state_and_reopening_restores_it(opened):
    page = opened()
    slide(page, 5, 0.5, 0.8)
    page.get_by_label("map", exact=True).select_option("pca")
    z, image, link = linked(page), pixels(page), address(page)
    assert "?" not in link
    again = opened("#" + link.split("#")[1])
    assert (linked(again) == z).all()
    assert (pixels(again) == image).all()
    assert again.get_by_label("map", exact=True).input_value() == "pca"


def test_reopening_morph_restores_its_keys_path_and_place(opened):
    page = opened("#page=morph", ".do-play")
    page.evaluate(WATCH)
    page.locator(".do-add").click()
    filled(page, ("data",))
    choose(page, "data")
    scrub(page, 0.5, 0.7)
    keys, image, link = keys_in(page), morphed(page), address(page)
    assert keys.shape == (3, 16)
    again = opened("#" + link.split("#")[1], ".do-play")
    filled(again, ("data",))
    painted(again)
    assert (keys_in(again) == keys).all()
    assert (morphed(again) == image).all()
    assert address(again) == link
    go(again, "data", 0)
    assert state(again)["t"] == 0


def keys_in(page) -> np.ndarray:
    return np.float32([picture["z"] for picture in state(page)["keys"]])


def test_another_state_behind_the_sign_is_followed(opened):
    page = opened()
    page.evaluate("z => (location.hash = `page=explore&z=${z}`)", ",".join(["0.25"] * 16))
    expect(page.locator("code.code")).to_have_text(re.compile("^0.250 0.250"))
    page.evaluate("location.hash = 'page=morph&t=0.25'")
    page.locator(".do-play").wait_for()
    expect(page.locator(".morph .where")).to_contain_text("25 % of the way")


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("#z=1,2", "2 numbers; this model has 16"),
        ("#page=morph&t=9", "“9” must be a number from -0.5 to 1.5"),
        ("#page=constructor", "There is no page “constructor”"),
        ("#page=%3Cimg%3E", "There is no page “<img>”"),
        ("#nonsense", "The link's nonsense is not known on this page"),
    ],
)
def test_a_bad_address_is_one_sentence(opened, link, words):
    page = opened(link, ".atelier .bench")
    said = notices(page)
    assert len(said) == 1
    assert words in said[0]
    expect(page.locator(".pages [aria-current=page]")).to_have_count(1)


def test_the_theme_follows_the_system(opened, decode):
    page = opened(color_scheme="dark")
    ground = "getComputedStyle(document.querySelector('.atelier .card')).backgroundColor"

    def brightest() -> int:
        return max(map(int, re.findall(r"\d+", page.evaluate(ground))[:3]))

    assert brightest() < 80
    slide(page, 0, 0.5, 0.7)
    assert off(pixels(page), decode(linked(page))) <= 1
    key = page.locator(".legend .key i").first
    dark = key.evaluate("e => e.style.background")
    page.emulate_media(color_scheme="light")
    expect(key).not_to_have_attribute("style", f"background: {dark};")
    assert brightest() > 200


def test_one_thumb_on_a_phone(opened):
    page = opened("", ".dim", PHONE, has_touch=True, is_mobile=True)
    assert fits(page)
    for name, ready in (("yours", ".pad"), ("morph", ".do-play"), ("explore", ".dim")):
        turn(page, name, ready)
        assert fits(page)


def test_a_batch_is_decoded_beside_the_page(opened):
    page = opened()
    kept = page.evaluate(
        """async () => {
          const content = JSON.parse(document.getElementById("content").textContent);
          const files = Object.fromEntries(Object.entries(content.files)
            .map(([name, base64]) => [name, `data:;base64,${base64}`]));
          const { openBundle } = await import("atelier/io/bundle.js");
          const said = [];
          console.info = (text) => said.push(text); // that no worker could be had
          const { model, decoder } = await openBundle(files);
          const codes = Float32Array.from({ length: 9 * model.latent }, (_, i) => Math.sin(i));
          const own = model.decodeMany(codes, 9), got = await decoder.decode(codes, 9);
          return { same: own.every((v, i) => v === got[i]), said };
        }"""
    )
    assert kept == {"same": True, "said": []}
