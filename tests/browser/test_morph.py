"""Morph: from picture to picture by five paths, and among four."""

import csv
import json
import re
from io import BytesIO
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import av
import numpy as np
import pytest
import torch
from PIL import Image, ImageSequence
from playwright.sync_api import expect

import vae
from vae import latent

from .conftest import PHONE, ROOT
from .hand import (
    GREYS,
    accent,
    address,
    count_frames,
    downloaded,
    drag,
    drawn_in,
    enlarge_film,
    expect_fingers_fit,
    fits,
    greys,
    linked,
    painted,
    state,
    until,
)

READY = ".atelier .do-play"
NAMES = {
    "line": "straight line",
    "slerp": "slerp",
    "geodesic": "geodesic",
    "data": "through the data",
    "pixels": "pixel blend",
}
EVERY_PATH = tuple(NAMES)
WATCH = """() => {
  window.shown = [];
  document.addEventListener("atelier:painted", ({ detail }) =>
    window.shown.push({ t: detail.value, code: detail.code && Array.from(detail.code) }), true);
}"""


@pytest.fixture(scope="module")
def bundle():
    return vae.load(ROOT / "assets/digits")


@pytest.fixture(scope="module")
def decode(bundle):
    """Codes (N, 16) -> grey levels (N, 784), not yet rounded."""

    def decode(*codes) -> np.ndarray:
        z = torch.from_numpy(np.float32(codes).reshape(-1, 16))
        return 255 * bundle.model.decode(z).mean.flatten(1).numpy()

    return decode


@pytest.fixture(scope="module")
def known(bundle):
    """A held-out code of each class, (10, 16) float32."""
    return np.stack([bundle.atlas.mean[bundle.atlas.label == k][0] for k in range(10)])


def morph(visit, keys=None, ready=READY, query="", **options):
    """The page with these key frames, and with an eye on what it paints."""
    text = "" if keys is None else "&keys=" + ";".join(",".join(map(str, z.tolist())) for z in keys)
    page = visit(f"morph?model=digits{text}{query}", ready, **options)
    page.evaluate(WATCH)
    return page


def now(page) -> dict:
    """What was painted last: {"t", "code"}."""
    painted(page)
    return page.evaluate("window.shown.at(-1)")


def picture(page) -> np.ndarray:
    return greys(page, ".morph .frame canvas")


def keys_of(page) -> np.ndarray:
    return codes_of(page, "keys")


def codes_of(page, field: str) -> np.ndarray:
    return np.float32([list(picture["z"]) for picture in state(page)[field]])


def asked(page) -> dict[str, str]:
    return {k: v[0] for k, v in parse_qs(urlsplit(address(page)).query).items()}


def choose(page, path: str) -> None:
    page.locator(f"[data-path={path}]:not(.empty) .path").click()
    expect(page.locator(".morph .where")).to_contain_text(f", {NAMES[path]}")


def scrub(page, *shares: float) -> None:
    """Drag along the scrubber's track."""
    drag(page, page.locator(".scrubber"), *((share, 0.5) for share in shares))


def go(page, path: str, step: int) -> None:
    """To one of the eleven pictures of a strip."""
    page.get_by_label(f"Go to step {step + 1} of 11, {NAMES[path]}").click()


def filled(page, names=EVERY_PATH) -> None:
    for path in names:
        said = page.locator(f"[data-path={path}]:not(.empty) .quiet")
        expect(said).to_have_text(re.compile(r"length \d+\.\d"))


def taken(page, what: str) -> bytes:
    return downloaded(page, page.locator(f".morph .do-{what}")).path().read_bytes()


def percent(t: float) -> int:
    """As the page rounds it."""
    return int(np.floor(100 * t + 0.5))


def notices(page) -> list[str]:
    return [text.removesuffix("×") for text in page.locator(".notice").all_inner_texts()]


def line(a, b, t: float) -> np.ndarray:
    return latent.lerp(a, b, [t])[0]


def arc(a, b, t: float) -> np.ndarray:
    return latent.slerp(a, b, [t])[0]


def off(a, b) -> float:
    return np.abs(np.asarray(a, float) - b).max()


# ---- the scrubber


def test_the_scrubber_shows_the_decoded_code_of_the_path(visit, decode):
    page = morph(visit)
    a, b = keys_of(page)
    for shares in ((0.5, 0.62), (0.62, 0.41, 0.3), (0.3, 0.9)):
        scrub(page, *shares)
        seen = now(page)
        assert seen["t"] == page.locator(".scrubber").evaluate("e => e.valueAsNumber")
        np.testing.assert_allclose(seen["code"], arc(a, b, seen["t"]), atol=1e-5)
        assert off(picture(page), decode(seen["code"])) <= 1
    words = page.locator(".morph .where").inner_text()
    assert words.startswith(f"{percent(seen['t'])} % of the way from A to B, slerp")


def test_past_its_ends_a_path_goes_on(visit, decode):
    page = morph(visit, query="&path=line")
    a, b = keys_of(page)
    for share, t in ((1, 1.5), (0, -0.5)):
        scrub(page, 0.5, share)
        seen = now(page)
        assert seen["t"] == t
        np.testing.assert_allclose(seen["code"], line(a, b, t), atol=1e-5)
        assert off(picture(page), decode(seen["code"])) <= 1
        expect(page.locator(".morph .where")).to_contain_text("beyond the end")
    choose(page, "slerp")
    np.testing.assert_allclose(now(page)["code"], arc(a, b, -0.5), atol=1e-5)


def test_the_words_below_the_picture_never_move_the_map(visit):
    page = morph(visit, ready=".atelier .stage:not(:has(.waiting))")
    filled(page, ("slerp", "data"))
    sizes = set()
    for path in ("slerp", "data"):
        choose(page, path)
        for share in (0, 0.3, 0.5, 0.72, 1):
            scrub(page, 0.5, share)
            painted(page)
            sizes.add(
                page.locator(".stage").evaluate("e => [e.clientWidth, e.clientHeight].join()")
            )
    assert len(sizes) == 1


def test_all_five_paths_are_there_and_end_at_the_key_frames(visit, decode, known):
    page = morph(visit, known[[4, 7]])
    filled(page)
    ends = decode(known[4], known[7])
    for path in EVERY_PATH:
        for step, k in ((0, 4), (10, 7)):
            go(page, path, step)
            seen = now(page)
            assert seen["t"] == (step == 10)
            if path != "pixels":
                assert (np.float32(seen["code"]) == known[k]).all(), path
            assert off(picture(page), ends[int(step == 10)]) <= 1
            strip = greys(page, f"[data-path={path}] .frames button:nth-child({step + 1}) canvas")
            assert off(strip, ends[int(step == 10)]) <= 1
        assert page.locator(f"[data-path={path}] .path").get_attribute("aria-pressed") == "true"
        assert page.locator(".path[aria-pressed=true]").count() == 1
        assert state(page)["path"] == path
    for step in range(11):
        want = decode(line(known[4], known[7], step / 10))
        assert off(greys(page, f"[data-path=line] button:nth-child({step + 1}) canvas"), want) <= 1


def test_the_geodesic_changes_the_picture_less_than_the_line(visit, decode):
    page = morph(visit)
    filled(page, ("geodesic",))
    with page.expect_response("**/geodesic/digits") as answer:
        page.keyboard.press("x")
    energies = [json.loads(line)["energy"] for line in answer.value.text().splitlines()]
    assert energies == sorted(energies, reverse=True)
    assert energies[-1] < energies[0]
    energy = {}
    for path in ("line", "geodesic"):
        choose(page, path)
        frames = np.array([f[0]["z"] for f in json.loads(taken(page, "json"))["frames"]])
        x = decode(frames) / 255
        energy[path] = 33 * np.square(np.diff(x, axis=0)).sum()
    assert energy["geodesic"] < energy["line"]


def test_a_path_through_the_data_passes_known_codes(visit, bundle):
    page = morph(visit)
    filled(page, ("data",))
    choose(page, "data")
    content = json.loads(taken(page, "json"))
    z = np.array([f[0]["z"] for f in content["frames"]])
    apart = np.linalg.norm(z[:, None] - bundle.atlas.mean[None].astype(float), axis=-1).min(1)
    straight = np.linspace(*(k["z"] for k in content["keys"]), len(z))
    before = np.linalg.norm(straight[:, None] - bundle.atlas.mean[None], axis=-1).min(1)
    assert apart.mean() < before.mean()


def test_a_blend_of_pixels_has_no_code(visit, decode):
    page = morph(visit, query="&path=pixels&t=0.25")
    a, b = keys_of(page)
    page.locator(".scrubber").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    assert now(page) == {"t": 0.25, "code": None}
    one, other = decode(a, b)
    assert off(picture(page), 0.75 * one + 0.25 * other) <= 1
    page.get_by_role("button", name="Add to your pictures").click()
    page.locator(".morph .do-explore").click()
    expect(page.locator(".notice")).to_have_count(2)
    assert all("A blend of pixels has no code" in words for words in notices(page))
    frames = json.loads(taken(page, "json"))["frames"]
    assert [v["weight"] for v in frames[0]] == [1, 0]
    assert [v["weight"] for v in frames[-1]] == [0, 1]


def test_the_middle_can_be_carried_into_explore(visit):
    page = morph(visit)
    scrub(page, 0.5, 0.6)
    z = now(page)["code"]
    page.locator(".morph .do-explore").click()
    page.locator(".dim").first.wait_for()
    assert (linked(page) == np.float32(z)).all()


# ---- playing


def set_speed(page, fps: int) -> None:
    field = page.get_by_label("Frames per second")
    field.fill(str(fps))
    field.press("Tab")


def times(page) -> list[float]:
    return page.evaluate("window.shown.map(({ t }) => t)")


def test_playing_turns_back_at_the_ends_and_stops(visit):
    page = morph(visit, query="&t=0.95")
    set_speed(page, 50)
    page.locator(".do-play").click()
    expect(page.locator(".do-play")).to_contain_text("Pause")
    page.wait_for_function("() => window.shown.some(({ t }, i, all) => i && t < all[i - 1].t)")
    page.locator(".do-play").click()
    expect(page.locator(".do-play")).to_contain_text("Play")
    seen = times(page)
    assert max(seen) == 1
    top = seen.index(1)
    assert seen[:top] == sorted(seen[:top])
    still = now(page)["t"]
    assert float(state(page)["t"]) == still
    page.wait_for_timeout(300)
    assert now(page)["t"] == still


def test_playing_can_start_again_at_the_end(visit):
    page = morph(visit, query="&t=0.95")
    page.get_by_label("At the end").select_option("false")
    page.locator(".morph .where").click()
    page.keyboard.press("Space")
    page.wait_for_function("() => window.shown.some(({ t }, i, all) => i && t < all[i - 1].t)")
    page.keyboard.press("Space")
    assert {after for before, after in pairwise(times(page)) if after < before} == {0}


def test_taking_the_hand_stops_the_play(visit):
    page = morph(visit)
    page.locator(".do-play").click()
    scrub(page, 0.5, 0.7)
    expect(page.locator(".do-play")).to_contain_text("Play")
    still = now(page)["t"]
    page.wait_for_timeout(200)
    assert now(page)["t"] == still


def test_keys(visit):
    page = morph(visit)
    a, b = keys_of(page)
    page.keyboard.press("x")
    assert (keys_of(page) == [b, a]).all()
    page.keyboard.press("Space")
    expect(page.locator(".do-play")).to_contain_text("Pause")
    page.keyboard.press("Space")
    expect(page.locator(".do-play")).to_contain_text("Play")
    page.locator(".scrubber").focus()
    before = now(page)["t"]
    for key, step in (
        ("ArrowRight", 0.01),
        ("Shift+ArrowLeft", -0.1),
        ("ArrowLeft", -0.01),
        ("Shift+ArrowRight", 0.1),
    ):
        page.keyboard.press(key)
        after = now(page)["t"]
        assert after - before == pytest.approx(step, abs=1e-9)
        before = after
    page.keyboard.press("?")
    expect(page.locator("dialog.keys")).to_be_visible()


# ---- key frames


def test_up_to_eight_key_frames(visit, decode):
    page = morph(visit)
    add = page.locator(".do-add")
    for n in range(3, 9):
        add.click()
        expect(page.locator(".ends .pick")).to_have_count(n)
    expect(add).to_be_disabled()
    keys = keys_of(page)
    assert keys.shape == (8, 16)
    scrub(page, 0.5, 1)
    assert now(page)["t"] == 7.5
    expect(page.locator(".morph .where")).to_contain_text("from G to H")
    filled(page, ("line", "slerp", "pixels"))
    go(page, "slerp", 10)
    assert (np.float32(now(page)["code"]) == keys[7]).all()
    page.get_by_label("Remove H").click()
    assert (keys_of(page) == keys[:7]).all()
    expect(add).to_be_enabled()
    for letter in "FEDCB":
        page.get_by_label(f"Remove {letter}").click()
    assert (keys_of(page) == keys[[0, 6]]).all()
    expect(page.locator(".ends .remove:visible")).to_have_count(0)
    assert now(page)["t"] <= 1.5


def test_a_key_frame_is_picked_by_class_from_the_prior_or_at_hand(visit, bundle, decode):
    page = morph(visit)
    place = page.locator(".ends .pick").first

    def pick(name: str) -> np.ndarray:
        place.locator("> .thumb").click()
        place.locator(".picker").get_by_role("button", name=name, exact=True).click()
        z = keys_of(page)[0]
        assert off(greys(page, ".ends .pick > .thumb canvas"), decode(z)) <= 1
        return z

    z = pick("7")
    row = np.flatnonzero((bundle.atlas.mean == z).all(1))
    assert (bundle.atlas.label[row] == 7).all()
    assert "(7)" in place.locator("> .thumb .name").inner_text()

    z = pick("New from the prior")
    assert 1 < np.linalg.norm(z) < 8
    assert place.locator("> .thumb .name").inner_text() == "a draw from the prior"

    scrub(page, 0.5, 0.7)
    middle = np.float32(now(page)["code"])
    page.get_by_role("button", name="Add to your pictures").click()
    assert (pick(f"morph {percent(now(page)['t'])} %") == middle).all()

    assert not pick("The origin").any()
    expect(page.locator("[data-path=slerp] .quiet")).to_contain_text("the zero code")
    filled(page, ("line",))


def test_the_keyboard_stays_at_its_key_frame(visit, known):
    page = morph(visit, known[:4])
    focused = "document.activeElement.getAttribute('aria-label')"

    page.locator(".ends .pick > .thumb").nth(1).focus()
    page.keyboard.press("Enter")
    page.locator(".picker:popover-open").get_by_role("button", name="The origin").focus()
    page.keyboard.press("Enter")
    assert not keys_of(page)[1].any()
    assert page.evaluate(focused) == "B: the origin. Choose another"

    for removed, next_to_it in (("A", "A"), ("C", "B")):
        page.get_by_label(f"Remove {removed}").focus()
        page.keyboard.press("Enter")
        assert page.evaluate(focused).startswith(f"{next_to_it}: ")
    assert keys_of(page).shape == (2, 16)

    page.locator(".do-add").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.className") == "do-add"


def test_lines_and_pins_lie_on_the_map(visit):
    page = morph(visit, ready=".atelier .stage:not(:has(.waiting))")
    filled(page)
    colours = page.locator(".swatch").evaluate_all(
        "all => all.map((e) => getComputedStyle(e).backgroundColor)"
    )
    on_map = ("line", "slerp", "geodesic", "data")
    lines = [colours[EVERY_PATH.index(path)] for path in on_map]
    until(page, lambda: min(drawn_in(page, *lines)) > 10)  # one lies almost under another
    pin = accent(page)
    until(page, lambda: drawn_in(page, pin)[0] >= 2 * 40)
    page.locator(".do-add").click()
    until(page, lambda: drawn_in(page, pin)[0] >= 3 * 40)


def test_among_more_than_two_only_the_path_in_use_is_drawn(visit):
    page = morph(visit, ready=".atelier .stage:not(:has(.waiting))")
    colours = page.locator(".swatch").evaluate_all(
        "all => all.map((e) => getComputedStyle(e).backgroundColor)"
    )
    on_map = ("line", "slerp", "data")
    lines = [colours[EVERY_PATH.index(path)] for path in on_map]
    filled(page, on_map)
    plot = page.locator(".plot-lines canvas").first
    expect(plot).to_have_attribute("aria-label", re.compile("straight line.*slerp"))
    page.locator(".do-add").click()
    filled(page, on_map)
    for path, own in zip(on_map, lines, strict=True):
        choose(page, path)
        others = [colour for colour in lines if colour != own]

        def alone(own=own, others=others):
            return drawn_in(page, own)[0] > 20 and not any(drawn_in(page, *others))

        until(page, alone)
        expect(plot).not_to_have_attribute("aria-label", re.compile(", "))


# ---- links


@pytest.mark.parametrize("path", EVERY_PATH)
def test_a_link_reopens_exactly_this(visit, known, path):
    page = morph(visit, known[[1, 8, 3]])
    filled(page, (path,))
    choose(page, path)
    scrub(page, 0.5, 0.737)
    seen, image, link = now(page), picture(page), address(page)
    again = morph(lambda _, *ready, **options: visit(link.split("/", 3)[3], *ready, **options))
    filled(again, (path,))
    assert (keys_of(again) == known[[1, 8, 3]]).all()
    assert state(again)["path"] == path
    again.locator(".scrubber").focus()
    again.keyboard.press("ArrowLeft")
    again.keyboard.press("ArrowRight")
    assert now(again) == seen
    assert (picture(again) == image).all()
    assert address(again) == link


CODE = ",".join(["0.5"] * 16)
SCRIPT = "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E"
# What a link asks for in vain, and what is said of it; the mode in which it opens.
BROKEN = {
    "too few": ("two", {
        f"keys={CODE}": "it names 1 pictures; 2 to 8 are needed",
        "path=globe": "“globe” must be one of line, slerp, geodesic, data, pixels",
        "t=NaN": "“NaN” must be a number from -0.5 to 1.5",
        "corners=" + ";".join([CODE] * 3): "it names 3 pictures; 4 are needed",
        "at=0.5": "“0.5” must be 2 numbers",
    }),
    "too many": ("four", {
        "keys=" + ";".join([CODE] * 9): "it names 9 pictures; 2 to 8 are needed",
        f"path={SCRIPT}": "must be one of line, slerp",
        "t=1.6": "“1.6” must be a number from -0.5 to 1.5",
        "at=0,0,0": "“0,0,0” must be 2 numbers",
    }),
    "a short key frame": ("two", {
        f"keys={CODE};1,2,3": "3 numbers; this model has 16",
        "path=constructor": "“constructor” must be one of",
        "t=half": "“half” must be a number from -0.5",
        "at=0.5,half": "“half” must be a number from 0 to 1",
    }),
    "a short corner": ("four", {
        f"keys={CODE};" + ",".join(["NaN"] * 16): "Number 1 of the link's code is not usable",
        "t=-1": "“-1” must be a number from -0.5",
        "corners=" + ";".join([CODE, CODE, "1,2,3", CODE]): "3 numbers; this model has 16",
        "at=0.5,1.1": "“1.1” must be a number from 0 to 1",
    }),
    "empty": ("two", {
        "keys=": "it names 0 pictures; 2 to 8 are needed",
        "t=": "“” must be a number from -0.5 to 1.5",
        "corners=": "it names 0 pictures; 4 are needed",
        "at=,": "“” must be a number from 0 to 1.",
    }),
    "no usable number": ("four", {
        f"keys={CODE};" + ",".join(["0"] * 15 + ["1e9"]): "Number 16 of the link's code",
        "corners=" + ";".join([CODE] * 3 + ["NaN," * 15 + "0"]): "Number 1 of the link's code",
    }),
}  # fmt: skip


@pytest.mark.parametrize(("mode", "broken"), BROKEN.values(), ids=BROKEN)
def test_a_bad_link_is_a_sentence_for_each_fault_and_the_page_goes_on(
    visit, known, decode, mode, broken
):
    page = visit(f"morph?model=digits&mode={mode}&{'&'.join(broken)}", READY)
    page.evaluate(WATCH)
    expect(page.locator(".notice")).to_have_count(len(broken))
    said = notices(page)
    for words in broken.values():
        assert sum(words in sentence for sentence in said) == 1, words
    assert all("The page uses its own value instead." in sentence for sentence in said)
    assert page.locator(".notice img").count() == 0
    if mode == "four":
        expect_usual_corners(page, known, decode)
        page.locator("button[data-mode=two]").click()
    scrub(page, 0.5, 0.8)
    assert off(picture(page), decode(now(page)["code"])) <= 1
    if mode == "two":
        page.locator("button[data-mode=four]").click()
        expect_usual_corners(page, known, decode)


def expect_usual_corners(page, known, decode) -> None:
    expect(page.locator(".corner-pad")).to_be_visible()
    usual = known[[1, 4, 7, 0]]
    assert off(four_of(page), decode(*usual)) <= 1
    assert off(greys(page, ".four .frame canvas"), decode(usual.mean(0))) <= 1
    assert not {"corners", "at"} & asked(page).keys()


def test_opposite_codes_have_no_slerp_and_the_others_go_on(visit, known, decode):
    page = morph(visit, np.stack([known[2], -known[2]]))
    said = page.locator("[data-path=slerp] .quiet")
    expect(said).to_contain_text("no unique path between codes in opposite directions")
    filled(page, ("line", "geodesic", "data", "pixels"))
    expect(page.locator(".morph .where")).to_contain_text("opposite directions")
    for what in ("json", "csv", "gif"):  # of the path in use, which is still slerp
        page.locator(f".morph .do-{what}").click()
    page.locator(".morph .do-explore").click()
    expect(page.locator(".notice")).to_have_count(4)
    assert all("opposite directions" in words for words in notices(page))
    page.locator("[data-path=slerp] .path").click()
    expect(page.locator(".notice")).to_have_count(5)
    choose(page, "line")
    scrub(page, 0.5, 0.75)
    seen = now(page)
    np.testing.assert_allclose(seen["code"], line(known[2], -known[2], seen["t"]), atol=1e-5)
    assert off(picture(page), decode(seen["code"])) <= 1


def test_between_equal_pictures_nothing_moves(visit, known):
    page = morph(visit, known[[5, 5]])
    filled(page)
    for path in EVERY_PATH:
        choose(page, path)
        frames = json.loads(taken(page, "json"))["frames"]
        np.testing.assert_allclose([f[0]["z"] for f in frames], [known[5]] * 34, atol=1e-5)


# ---- taking along


def test_films_hold_the_path(visit, known, decode):
    page = morph(visit, known[[3, 0]], query="&path=line&bounce=off")
    want = decode(latent.lerp(known[3], known[0], np.linspace(0, 1, 34)))
    for kind in ("gif", "webp"):
        with Image.open(BytesIO(taken(page, kind))) as film:
            frames = [np.asarray(f.convert("L")) for f in ImageSequence.Iterator(film)]
        assert len(frames) == 34
        assert frames[0].shape == (224, 224)
        for got, expected in zip(frames, want, strict=True):
            assert off(got[4::8, 4::8].flatten(), expected) <= 1
    with av.open(BytesIO(taken(page, "mp4"))) as film:
        assert sum(1 for _ in film.decode(video=0)) == 34
    with Image.open(BytesIO(taken(page, "png"))) as strip:
        assert strip.size == (34 * 224, 224)
        got = np.asarray(strip.convert("L"))[4::8, 4::8].reshape(28, 34, 28)
        assert off(got[:, 33].flatten(), want[33]) <= 1
    expect(page.locator(".morph .take output")).to_have_text("")


def test_a_film_runs_as_it_is_played(visit):
    page = morph(visit, query="&path=line")
    set_speed(page, 25)
    with Image.open(BytesIO(taken(page, "gif"))) as film:
        assert film.n_frames == 66  # there and back, as the page plays it at first
        assert film.info["duration"] == 40
    page.get_by_label("At the end").select_option("start again")
    with Image.open(BytesIO(taken(page, "gif"))) as film:
        assert film.n_frames == 34


def test_the_codes_can_be_kept(visit, bundle, known):
    page = morph(visit, known[[3, 0, 9]], query="&path=line")
    kept = json.loads(taken(page, "json"))
    assert kept["format"] == 1
    assert kept["model"] == "digits"
    assert kept["weights"] == bundle.card.files["weights.safetensors"]
    assert kept["path"] == "line"
    assert kept["link"] == address(page)
    assert (np.float32([k["z"] for k in kept["keys"]]) == known[[3, 0, 9]]).all()
    assert len(kept["frames"]) == 67
    for i, t in enumerate(np.linspace(0, 1, 34)):
        (part,) = kept["frames"][i]
        assert part["weight"] == 1
        np.testing.assert_allclose(part["z"], line(known[3], known[0], t), atol=1e-5)
    rows = list(csv.DictReader(taken(page, "csv").decode().splitlines()))
    assert list(rows[0]) == ["frame", "weight", *(f"z_{j}" for j in range(16))]
    assert [int(row["frame"]) for row in rows] == list(range(67))
    table = np.float32([[row[f"z_{j}"] for j in range(16)] for row in rows])
    assert (table == np.float32([f[0]["z"] for f in kept["frames"]])).all()


def test_a_film_too_large_is_one_sentence(visit, known):
    page = morph(visit, known[:8], query="&bounce=off")
    enlarge_film(page, 64)
    page.locator(".morph .do-gif").click()
    expect(page.locator(".notice")).to_have_count(1)
    (words,) = notices(page)
    assert "232 pictures of 1,792 x 1,792 pixels are too large" in words
    assert "scale 46 fits" in words
    expect(page.locator(".morph .take output")).to_have_text("")


# ---- four corners


CORNERS = ((0, 0), (1, 0), (0, 1), (1, 1))


def four(visit, **options):
    page = morph(visit, **options)
    page.locator("button[data-mode=four]").click()
    page.locator(".corner-pad").wait_for()
    painted(page)
    return page


def spot(page, u: float, v: float) -> tuple[float, float]:
    box = page.locator(".corner-pad").bounding_box()
    return box["x"] + u * box["width"], box["y"] + v * box["height"]


def press(page, u: float, v: float) -> dict:
    """Press in the middle, drag a little past (u, v), which the pad holds at its edge; let go."""
    x, y = spot(page, u, v)
    page.mouse.move(*spot(page, 0.5, 0.5))
    page.mouse.down()
    page.mouse.move(x + 6 * (2 * u - 1), y + 6 * (2 * v - 1), steps=4)
    page.mouse.up()
    return now(page)


def test_at_its_corner_a_picture_is_itself_and_in_the_middle_all_four_blend(visit, decode):
    page = four(visit)
    codes = []
    for i, (u, v) in enumerate(CORNERS):
        codes.append(press(page, u, v)["code"])
        image = greys(page, ".four .frame canvas")
        assert (image == four_of(page)[i]).all()
        assert off(image, decode(codes[-1])) <= 1
        words = page.locator(".four .where").inner_text()
        assert words == f"{100 * u} % to the right, {100 * v} % down"
    assert len({tuple(z) for z in codes}) == 4
    page.mouse.move(*spot(page, 0.5, 0.5))
    expect(page.locator(".four .where")).to_contain_text("click to stay")
    seen = np.array(now(page)["code"])
    assert off(greys(page, ".four .frame canvas"), decode(seen)) <= 1
    np.testing.assert_allclose(seen, np.mean(codes, 0), atol=0.02)
    page.mouse.move(*spot(page, 0.25, 0.75), steps=3)
    blend = [(1 - abs(u - 0.25)) * (1 - abs(v - 0.75)) for u, v in CORNERS]
    np.testing.assert_allclose(now(page)["code"], np.array(blend) @ np.array(codes), atol=0.02)


def test_leaving_the_four_restores_and_keys_move(visit):
    page = four(visit)
    press(page, 1, 0)
    before, image = now(page)["code"], greys(page, ".four .frame canvas")
    page.mouse.move(*spot(page, 0.5, -0.2))
    page.mouse.down()
    page.mouse.move(*spot(page, 0.3, 0.6), steps=3)
    page.mouse.up()  # pressed somewhere else: it does not stay
    assert now(page)["code"] != before
    page.mouse.move(*spot(page, 0.5, -0.2), steps=3)
    assert now(page)["code"] == before
    assert (greys(page, ".four .frame canvas") == image).all()
    expect(page.locator(".four .where")).not_to_contain_text("click to stay")
    page.locator(".corner-pad").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".four .where")).to_have_text("100 % to the right, 2 % down")
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator(".four .where")).to_have_text("90 % to the right, 2 % down")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowRight")
    np.testing.assert_allclose(now(page)["code"], before, atol=1e-6)


def test_another_picture_at_a_corner_and_what_is_kept(visit, decode):
    page = four(visit)
    place = page.locator(".four .pick").nth(2)
    place.locator("> .thumb").click()
    place.locator(".picker").get_by_role("button", name="The origin").click()
    assert not any(press(page, 0, 1)["code"])
    page.locator(".four").get_by_role("button", name="Add to your pictures").click()
    page.locator("button[data-mode=two]").click()
    first = page.locator(".ends .pick").first
    first.locator("> .thumb").click()
    first.locator(".picker").get_by_role("button", name="of four corners").click()
    assert not keys_of(page)[0].any()


def test_among_four_the_keys_of_two_do_nothing_and_the_link_says_so(visit):
    page = four(visit)
    before = asked(page)
    assert before["mode"] == "four"
    page.keyboard.press("Space")
    page.keyboard.press("x")
    page.wait_for_timeout(200)
    assert page.locator(".do-play").inner_text().endswith("Play")
    assert asked(page) == before
    page.reload()
    page.locator(".corner-pad").wait_for()
    page.locator("button[data-mode=two]").click()
    expect(page.locator(".scrubber")).to_be_visible()
    assert "mode" not in asked(page)


def four_of(page) -> np.ndarray:
    return np.array(
        page.locator(".four .pick > .thumb canvas").evaluate_all(f"all => all.map({GREYS})")
    )


def test_a_link_reopens_the_four_corners(visit, known, decode):
    page = four(visit)
    assert not {"corners", "at"} & asked(page).keys()
    place = page.locator(".four .pick").nth(2)
    place.locator("> .thumb").click()
    place.locator(".picker").get_by_role("button", name="The origin").click()
    want = known[[1, 4, 7, 0]]
    want[2] = 0
    assert (codes_of(page, "corners") == want).all()
    assert asked(page)["corners"].split(";")[0].startswith("@")
    assert off(four_of(page), decode(*want)) <= 1
    assert "at" not in asked(page)

    page.mouse.click(*spot(page, 0.3, 0.8))
    np.testing.assert_allclose(
        [float(v) for v in asked(page)["at"].split(",")], [0.3, 0.8], atol=0.01
    )
    page.locator(".corner-pad").focus()
    page.keyboard.press("ArrowRight")
    np.testing.assert_allclose(
        [float(v) for v in asked(page)["at"].split(",")], [0.32, 0.8], atol=0.01
    )
    page.mouse.move(0, 0)
    seen, image, words = (
        now(page)["code"],
        greys(page, ".four .frame canvas"),
        page.locator(".four .where").inner_text(),
    )

    link = address(page)
    again = visit(link.split("/", 3)[3], ".corner-pad:visible")
    assert (four_of(again) == four_of(page)).all()
    assert (greys(again, ".four .frame canvas") == image).all()
    assert again.locator(".four .where").inner_text() == words
    again.evaluate(WATCH)
    again.locator(".corner-pad").focus()
    again.keyboard.press("ArrowUp")
    again.keyboard.press("ArrowDown")
    assert now(again)["code"] == seen
    assert address(again) == link


def test_among_four_the_usual_place_is_not_in_the_link(visit):
    page = four(visit, query="&at=0.5,0.52")
    assert asked(page)["at"] == "0.5,0.52"
    page.locator(".corner-pad").focus()
    page.keyboard.press("ArrowUp")
    assert "at" not in asked(page)


# ---- the whole page


def test_while_scrubbing_the_server_does_nothing(visit):
    page = morph(visit)
    filled(page)
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    count_frames(page)
    for shares in ((0.5, 0.9, 0.2), (0.2, 0.6), (0.6, 1, 0)):
        scrub(page, *shares)
    page.locator(".do-play").click()
    page.wait_for_timeout(300)
    page.locator(".do-play").click()
    page.locator("button[data-mode=four]").click()
    for u, v in CORNERS:
        press(page, u, v)
    assert not requests
    assert page.evaluate("window.sent") == 0


def test_one_thumb_on_a_phone(visit):
    page = morph(visit, viewport=PHONE, has_touch=True, is_mobile=True)
    expect(page.locator(".scrubber")).to_be_visible()
    assert fits(page)
    page.locator(".tabs").get_by_text("Map").tap()
    expect(page.locator(".map")).to_be_visible()
    assert fits(page)
    page.locator(".tabs").get_by_text("Paths").tap()
    for _ in range(6):
        page.locator(".do-add").tap()
    expect(page.locator(".ends .pick")).to_have_count(8)
    assert fits(page)
    expect_fingers_fit(page, ".tabs button, .modes button, .action")
    page.locator("button[data-mode=four]").tap()
    expect(page.locator(".corner-pad")).to_be_visible()
    assert fits(page)


def test_the_dark_theme(visit, decode):
    page = morph(visit, color_scheme="dark")
    dark = "getComputedStyle(document.querySelector('.atelier .card')).backgroundColor"
    assert max(map(int, re.findall(r"\d+", page.evaluate(dark))[:3])) < 80
    scrub(page, 0.5, 0.7)
    assert off(picture(page), decode(now(page)["code"])) <= 1


@pytest.mark.parametrize("model", ["odd", "convolutional"])
def test_other_models_morph_too(visit, model):
    page = visit(f"morph?model={model}", READY)
    filled(page, EVERY_PATH)
    film = json.loads(taken(page, "json"))
    assert len(film["frames"]) == 34
    with Image.open(BytesIO(taken(page, "gif"))) as gif:
        assert gif.n_frames == 66  # there and back


def test_who_comes_back_finds_the_page_as_it_was_and_can_undo_it_all(visit):
    page = visit("morph?model=digits", READY)
    before = state(page)
    page.locator(".do-add").click()
    page.get_by_label("Remove A").click()
    page.locator(".do-swap").click()
    page.locator("[data-path=line] .path").click()
    scrub(page, 0.5, 0.8)
    set_speed(page, 12)
    page.get_by_label("map", exact=True).select_option("pca")
    page.locator("button[data-mode=four]").click()
    page.mouse.click(*spot(page, 0.3, 0.8))
    page.mouse.move(0, 0)
    after, link, query = state(page), address(page), asked(page)
    for title, part in (("Explore", ".dim"), ("Morph", ".corner-pad")):
        page.get_by_role("link", name=title, exact=True).click()
        page.locator(part).first.wait_for()
    assert state(page) == after
    assert asked(page) == query
    again = visit(link.split("/", 3)[3], ".corner-pad")
    assert state(again) == after
    for _ in range(9):
        page.locator(".do-undo").click()
    assert state(page) == before
    assert page.locator(".do-undo").is_disabled()
    expect(page.locator(".ends .pick")).to_have_count(2)


def test_a_link_to_examples_is_short(visit):
    page = visit("morph?model=digits&keys=@12;@7;seed7t0.5", READY)
    assert [picture.get("example") for picture in state(page)["keys"]] == [12, 7, None]
    page.locator(".do-swap").click()
    assert asked(page) == {"model": "digits", "keys": "seed7t0.5;@7;@12"}


def test_the_blend_of_four_can_be_saved(visit, decode):
    page = four(visit)
    saved = downloaded(page, page.locator(".four .do-picture")).path()
    image = Image.open(saved)
    assert image.size == (28 * 16, 28 * 16)
    grey = np.asarray(image.convert("L"))[8::16, 8::16].ravel()
    assert off(grey, decode(now(page)["code"])) <= 1
