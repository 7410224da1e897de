"""Your image: whatever a person brings, and what the page says of it."""

import csv
import io
import json
import re
import shutil
from base64 import b64decode, b64encode
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import torch
from photographs import handwritten, photograph
from PIL import Image
from playwright.sync_api import expect

import vae
from vae.atlas import encode_all
from vae.data.prepare import as_model_wants, open_picture, prepare

from .conftest import PHONE, ROOT
from .hand import (
    GREYS,
    accent,
    address,
    count_frames,
    downloaded,
    drag,
    drawn_in,
    expect_fingers_fit,
    expect_near,
    fits,
    greys,
    linked,
    painted,
    state,
    until,
)

READY = ".atelier .gallery"
PAGE = "your-image?model=digits"
# A file dropped or pasted; one of a size alone is made in the page, too large to be handed over.
BRING = """async ([how, name, text, size]) => {
  const bytes = size ? new Uint8Array(size) : Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const data = new DataTransfer();
  if (name) data.items.add(new File([bytes], name));
  else data.setData("text/plain", atob(text));
  const event = how === "paste"
    ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
    : new DragEvent(how, { dataTransfer: data, bubbles: true, cancelable: true });
  document.body.dispatchEvent(event);
}"""


@pytest.fixture(scope="module")
def bundle():
    return vae.load(ROOT / "assets/digits")


def file(name: str, data: bytes) -> dict:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def png(image: Image.Image, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def digit(k: int, seed: int = 0, side: int = 120) -> bytes:
    """A handwritten digit, light on black, as a small PNG."""
    return png(handwritten(k, np.random.default_rng(seed)).resize((side, side)))


def photo(k: int, seed: int = 0) -> bytes:
    rng = np.random.default_rng(seed)
    return photograph(handwritten(k, rng), rng)


def upload(page, *files: dict) -> None:
    page.locator(".bring input").set_input_files(list(files))


def bring(page, how: str, name: str, data: bytes = b"", size: int = 0) -> None:
    page.evaluate(BRING, [how, name, b64encode(data).decode(), size])


def picture(page, label: str) -> np.ndarray:
    return greys(page, f"canvas[aria-label='{label}']")


def seen(page) -> np.ndarray:
    return picture(page, "What the model sees")


def rebuilt(page) -> np.ndarray:
    return picture(page, "The reconstruction")


def cards(page):
    return page.locator(".pictures .item")


def wanted(data: bytes, bundle, **own) -> np.ndarray:
    """What Python makes of a file, (H * W)."""
    made = prepare(open_picture(data), as_model_wants(bundle.card.prepare, **own))
    return made.x.flatten().astype(int)


def unit(x: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.float32(x)).reshape(1, 1, 28, 28) / 255


def your_pictures(page) -> list[dict]:
    """Your pictures, as the browser keeps them."""
    painted(page)
    text = page.evaluate("Object.values(sessionStorage).find((text) => text.startsWith('[{'))")
    items = json.loads(text or "[]")
    return [item | {"x": np.frombuffer(b64decode(item["x"]), np.uint8)} for item in items]


@torch.no_grad()
def check_rebuilt(page, bundle, x: np.ndarray) -> None:
    image = bundle.model.decode(bundle.model.encode(unit(x)).mean).mean
    assert np.abs(rebuilt(page) - 255 * image.numpy().flatten()).max() <= 1


def stroke(page, *points: tuple[float, float], release: bool = True) -> None:
    """Draw a line through points in [0, 1] with the mouse."""
    drag(page, page.locator(".pad"), *points, release=release)


def clear(page) -> None:
    page.locator(".do-clear").click()


# ---- drawing


def test_drawing_is_seen_at_once_and_the_server_does_nothing(visit):
    page = visit(PAGE)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    count_frames(page)
    clear(page)
    assert not seen(page).any()
    assert not rebuilt(page).any()
    expect(page.locator(".diagnosis")).to_contain_text("Draw something")
    expect(page.locator(".total")).to_have_text("")

    stroke(page, (0.5, 0.15), (0.5, 0.5), release=False)
    total = page.locator(".total")
    early = seen(page), rebuilt(page), total.inner_text()
    box = page.locator(".pad").bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.85 * box["height"], steps=5)
    late = seen(page), rebuilt(page), total.inner_text()
    assert early[0].any()
    assert "nats" in early[2]
    assert all(np.any(a != b) for a, b in zip(early, late, strict=True))
    page.mouse.up()

    expect_near(page, 1)
    expect(page.locator(".diagnosis")).to_contain_text("Typical")
    one = seen(page)

    stroke(page, (0.25, 0.2), (0.75, 0.2))
    two = seen(page)
    assert (one != two).any()
    page.get_by_label("Undo (Z)").click()
    assert (seen(page) == one).all()
    page.get_by_label("Redo (Y)").click()
    assert (seen(page) == two).all()
    page.keyboard.press("z")
    page.keyboard.press("z")
    assert not seen(page).any()
    page.keyboard.press("y")
    assert (seen(page) == one).all()
    clear(page)
    assert not seen(page).any()
    assert not asked
    assert page.evaluate("window.sent") == 0


def test_a_drawing_is_prepared_as_python_prepares_it(visit, bundle):
    page = visit(PAGE, READY)
    names = page.locator(".drawings button").all_inner_texts()
    assert len(names) >= 6
    for name in names:
        page.locator(".drawings").get_by_text(name, exact=True).click()
        check_preparation(page, bundle, name)
    clear(page)
    page.get_by_label("Pen size").fill("50")
    stroke(page, (0.2, 0.3), (0.6, 0.25), (0.5, 0.9))
    check_preparation(page, bundle, "thick")
    page.locator(".tools").get_by_text("Eraser").click()
    stroke(page, (0.3, 0.1), (0.5, 0.6))
    check_preparation(page, bundle, "erased")


def check_preparation(page, bundle, name: str) -> None:
    got = seen(page)
    url = page.locator(".pad").evaluate("(canvas) => canvas.toDataURL()")
    want = wanted(b64decode(url.partition(",")[2]), bundle)
    assert np.abs(got - want).max() <= 3, name
    page.get_by_text("Add to your pictures").click()
    check_rebuilt(page, bundle, your_pictures(page)[-1]["x"])


# ---- bringing pictures


def test_a_photograph_shows_each_step_and_can_be_prepared_otherwise(visit, bundle):
    page, data = visit(PAGE, READY), photo(4)
    upload(page, file("four.jpg", data))
    stages = page.locator(".stages figure")
    steps = ["uploaded", "oriented", "cropped", "grey", "ink", "model's input"]
    expect(stages.locator("figcaption")).to_have_text(steps)
    shows = "all => all.every((e) => e.naturalWidth > 0)"
    until(page, lambda: stages.locator("img").evaluate_all(shows))
    made = prepare(open_picture(data), as_model_wants(bundle.card.prepare))
    expect(page.locator(".notes li")).to_have_text(list(made.notes))
    await_input(page, wanted(data, bundle))
    assert np.abs(seen(page) - wanted(data, bundle)).max() <= 1
    check_rebuilt(page, bundle, your_pictures(page)[-1]["x"])

    stage = {name: page.locator(f'[data-stage="{name}"]') for name in steps}
    given = asked(page, stage["oriented"].get_by_title("A quarter to the right").click)
    assert given == {"rotate": 90}
    await_input(page, wanted(data, bundle, rotate=90))
    expect(page.locator(".notes")).to_contain_text("Turned clockwise by 90 degrees, as set.")
    asked(page, stage["oriented"].get_by_title("A quarter to the left").click)
    await_input(page, wanted(data, bundle))

    given = asked(page, lambda: stage["grey"].locator("[name=invert]").select_option("no"))
    assert given == {"rotate": 0, "invert": "no"}
    await_input(page, wanted(data, bundle, invert="no"))
    asked(page, lambda: stage["grey"].locator("[name=invert]").select_option("yes"))
    await_input(page, wanted(data, bundle, invert="yes"))

    stage["ink"].locator("summary").click()
    stage["ink"].locator("[name=threshold]").focus()
    given = asked(page, lambda: stage["ink"].locator("[name=threshold]").select_option("off"))
    assert given["threshold"] == "off"
    await_input(page, wanted(data, bundle, invert="yes", threshold="off"))
    expect(stage["ink"].locator("[name=threshold]")).to_be_focused()  # its settings stay open
    asked(page, lambda: stage["ink"].locator("[name=threshold]").select_option("on"))

    page.locator(".diagnosis").hover()
    page.mouse.down()
    stage["oriented"].locator(".frame").hover()
    page.mouse.up()  # pressed somewhere else: nothing is cut out
    given = asked(page, lambda: drag_out(page, (0.05, 0.02), (0.97, 0.95)))
    part = tuple(given["crop"])
    np.testing.assert_allclose(part, (0.05, 0.02, 0.97, 0.95), atol=0.02)
    await_input(page, wanted(data, bundle, invert="yes", threshold="on", crop=part))
    asked(page, lambda: drag_out(page, (0.0, 0.0), (0.05, 0.05)))
    expect(page.locator(".notes li").first).to_contain_text("There is no ink in it")
    asked(page, page.get_by_role("button", name="use all of it").click)
    await_input(page, wanted(data, bundle, invert="yes", threshold="on"))


def asked(page, act) -> dict:
    """The settings that an act asks Python for, once Python has answered."""
    with page.expect_response(lambda response: "/pictures/" in response.url) as answer:
        act()
    answer.value.finished()
    painted(page)
    return json.loads(parse_qs(urlsplit(answer.value.url).query)["settings"][0])


def await_input(page, want: np.ndarray) -> None:
    """Until the newest picture is prepared as Python prepares it."""
    until(page, lambda: (items := your_pictures(page)) and np.array_equal(items[-1]["x"], want))


def drag_out(page, *corners: tuple[float, float]) -> None:
    drag(page, page.locator("[data-stage='oriented'] img"), *corners)


def test_pictures_come_as_files_by_dropping_and_from_the_clipboard(visit, bundle):
    page = visit(PAGE, READY)
    names = ["two.png", "no.png", "three.png"]
    upload(page, *map(file, names, [digit(2), b"nothing", digit(3)]))
    expect(cards(page)).to_have_count(2)
    expect(page.locator(".notice")).to_have_count(1)
    expect(page.locator(".notice")).to_contain_text("no.png: The file is not a picture")

    bring(page, "dragenter", "seven.png", digit(7))
    expect(page.locator(".atelier.dropping")).to_have_count(1)
    bring(page, "drop", "seven.png", digit(7))
    expect(cards(page)).to_have_count(3)
    expect(page.locator(".atelier.dropping")).to_have_count(0)
    bring(page, "paste", "image.png", digit(8))
    expect(cards(page)).to_have_count(4)
    await_input(page, wanted(digit(8), bundle))
    assert [item["name"] for item in your_pictures(page)] == [*names[::2], "seven.png", "image.png"]
    expect(page.locator(".item .thumb[aria-pressed=true]")).to_contain_text("image.png")


def chunk(kind: bytes, data: bytes) -> bytes:
    import struct
    import zlib

    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


BOMB = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes.fromhex("0000ea600000ea600800000000"))
BAD = {
    "words.png": (b"These are words.", "The file is not a picture that can be opened here"),
    "empty.png": (b"", "The file is empty"),
    "half.png": (digit(5)[:400], "The PNG picture is damaged, cut short"),
    "drawing.svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This is an SVG drawing"),
    "paper.pdf": (b"%PDF-1.7\n", "This is a PDF document"),
    "bomb.png": (BOMB + chunk(b"IDAT", b""), "too many pixels; the limit is 64 megapixels"),
    "thin.png": (png(Image.new("L", (1, 50), 255)), "1 x 50 pixels; each side needs 2"),
}
TRICK = "../<img src=x onerror=alert(1)>.png"


def test_what_cannot_be_opened_is_one_sentence_and_the_rest_stays(visit, bundle):
    page = visit(PAGE, READY)
    page.on("dialog", lambda dialog: pytest.fail("A file's name was run as a script."))
    upload(page, file(TRICK, digit(6)))
    expect(cards(page)).to_have_count(1)
    name = page.locator(".item .name").inner_text()
    assert "<img src=x onerror=alert(1)>.png" in name
    assert page.locator(".gallery img, .notices img").count() == 0
    before = seen(page)

    notices = page.locator(".notice")
    for count, (name, (data, words)) in enumerate(BAD.items(), 1):
        upload(page, file(name, data))
        expect(notices).to_have_count(count)
        said = notices.last.inner_text()
        assert said.startswith(f"{name}: "), said
        assert words in said
        assert "Traceback" not in said

    def says(words: str) -> None:
        nonlocal count
        count += 1
        expect(notices).to_have_count(count)
        expect(notices.last).to_contain_text(words)

    bring(page, "drop", "large.png", size=50_000_001)
    says("large.png: the file is larger than 50 MB")
    bring(page, "paste", "", b"some words")
    says("The clipboard holds no picture")
    page.get_by_role("button", name="Paste").click()
    says("press Ctrl+V")
    page.locator(".do-camera").click()
    says("“Choose files” on a phone opens the camera too.")
    upload(page, file(TRICK, b"nothing"))
    says("<img src=x onerror=alert(1)>.png: The file is not a picture")
    assert page.locator(".notices img").count() == 0

    page.route(re.compile("/(pictures|refine|examples)/"), lambda route: route.abort())
    upload(page, file("late.png", digit(1)))
    says("late.png: The app does not answer")
    page.locator(".do-refine").click()
    says("The app does not answer")
    page.get_by_role("button", name="Examples", exact=True).click()
    expect(page.locator(".examples")).to_have_text(re.compile("The app does not answer"))
    assert cards(page).count() == 1
    assert (seen(page) == before).all()
    page.unroute_all()
    upload(page, file("again.png", digit(1)))
    expect(cards(page)).to_have_count(2)
    await_input(page, wanted(digit(1), bundle))
    expect(page.locator(".bring + [role=status]")).to_be_hidden()


def test_a_picture_removed_while_it_is_prepared_anew_stays_away(visit):
    page = visit(PAGE, READY)
    upload(page, file("one.png", digit(3)), file("two.png", digit(2)))
    expect(cards(page)).to_have_count(2)
    held = []
    page.route("**/pictures/**", lambda route: held.append(route))
    page.get_by_title("A quarter to the right").click()
    until(page, lambda: held)
    page.get_by_label("Remove two.png").click()
    expect(cards(page)).to_have_count(1)
    asked(page, held[0].continue_)
    assert cards(page).count() == 1
    assert not seen(page).any()


def test_sixty_four_pictures_fit(visit):
    page = visit(PAGE, READY)
    data = digit(7, side=16)
    upload(page, *(file(f"{i}.png", data) for i in range(65)))
    notices = page.locator(".notice")
    expect(notices).to_contain_text(re.compile("64 pictures fit .* first 64 are taken"))
    expect(page.locator(".gallery header")).to_contain_text("64 of 64")
    expect(page.locator(".bring + [role=status]")).to_be_hidden()
    page.get_by_role("button", name="Draw", exact=True).click()
    page.get_by_text("Add to your pictures").click()
    expect(notices.last).to_contain_text("You have 64 pictures, which is the limit")
    assert cards(page).count() == 64


def test_a_camera_takes_a_picture(visit):
    page = visit(PAGE, READY, permissions=["camera"])
    page.get_by_role("button", name="Open", exact=True).click()
    page.locator(".do-camera").click()
    page.wait_for_function("() => document.querySelector('.camera video')?.videoWidth > 0")
    page.locator(".do-take").click()
    expect(page.locator(".item .name, .notice").first).to_contain_text("photograph")
    assert page.locator(".camera").count() == 0


# ---- what the page says


def test_the_code_goes_to_explore_and_the_pictures_stay(visit):
    page = visit(PAGE, READY)
    upload(page, file("five.png", digit(5)))
    expect(cards(page)).to_have_count(1)
    z = np.float32(your_pictures(page)[0]["z"])
    page.locator(".do-explore").click()
    expect(page.locator(".where")).to_have_text("your picture “five.png”")
    assert (linked(page) == z).all()
    expect(page.locator(".posterior").first).to_be_visible()
    hands = page.locator("input[data-dim]").evaluate_all(
        "all => all.map((e) => [Number(e.dataset.dim), e.valueAsNumber])"
    )
    assert all(value == pytest.approx(z[j]) for j, value in hands)
    page.get_by_role("link", name="Your image").click()
    expect(cards(page)).to_have_count(1)
    expect(page.locator(".stages figure")).to_have_count(6)

    page.get_by_role("button", name="Draw", exact=True).click()
    page.get_by_role("button", name="a four", exact=True).click()
    painted(page)
    page.keyboard.press("e")
    expect(page.locator(".where")).to_have_text("your picture “drawing 2”")


def test_samples_show_what_else_it_could_be(visit):
    page = visit(PAGE, READY)
    sigma = page.locator(".samples figcaption")
    expect(sigma).to_have_text(re.compile(r"σ ≤ 0\.\d\d"))
    drawn = page.locator(".samples figure canvas.picture").evaluate_all(f"all => all.map({GREYS})")
    samples = np.array(drawn)[:8]
    assert samples.max(1).min() > 128
    assert len(np.unique(samples, axis=0)) == 8
    spread = picture(page, "Standard deviation of each pixel among samples")
    assert len(np.unique(spread)) > 20
    before = picture(page, "Flip-book of samples")
    page.get_by_label("Play the flip-book").click()
    until(page, lambda: (picture(page, "Flip-book of samples") != before).any())
    page.get_by_label("Stop the flip-book").click()


def test_refining_gains_and_the_code_can_be_switched(visit, bundle):
    from vae.tasks.refine import refine

    page = visit(PAGE, READY)
    upload(page, file("a.png", digit(8)), file("b.png", digit(9)))
    expect(cards(page)).to_have_count(2)
    *_, item = your_pictures(page)
    first = rebuilt(page)
    page.locator(".do-refine").click()
    expect(page.locator(".refine output")).to_have_text(re.compile(r"gained \d+\.\d\d ± 0\.\d\d"))
    points = page.locator(".curve polyline").get_attribute("points").split()
    heights = [float(p.split(",")[1]) for p in points]
    assert len(points) == 16
    assert heights == sorted(heights, reverse=True)  # y points down: the ELBO never falls
    *_, now = your_pictures(page)
    *_, best = refine(bundle.model, unit(item["x"]))
    np.testing.assert_allclose(now["z"], best.posterior.loc[0], atol=1e-3)
    assert now["refined"]["used"] is True

    second = rebuilt(page)
    assert (second != first).any()
    page.get_by_label("the encoder's code").check()
    assert (rebuilt(page) == first).all()
    assert your_pictures(page)[-1]["z"] == item["z"]
    page.get_by_label("the refined code").check()
    assert (rebuilt(page) == second).all()
    page.get_by_label("Show a.png").click()
    expect(page.locator(".refine [role=radiogroup]")).to_be_hidden()
    page.reload()
    page.locator(READY).wait_for()
    expect(page.get_by_label("the refined code")).to_be_checked()
    assert (rebuilt(page) == second).all()


def test_the_gallery_shows_removes_and_gives_a_table(visit, bundle, tmp_path):
    from typer.testing import CliRunner

    from vae.cli import app as commands

    page = visit(PAGE, READY)
    files = {'=1+1, "x".png': digit(4), "b.png": photo(2, seed=1), "c.png": digit(0)}
    upload(page, *(file(name, data) for name, data in files.items()))
    expect(cards(page)).to_have_count(3)
    page.get_by_label("Show c.png").click()
    page.locator(".do-refine").click()
    expect(page.locator(".refine output")).to_have_text(re.compile("gained|lost"))
    items = your_pictures(page)
    table = downloaded(page, page.locator(".do-csv")).path().read_text("utf-8")
    head, *rows = csv.reader(io.StringIO(table))

    for i, data in enumerate(files.values()):
        (tmp_path / f"{i}.png").write_bytes(data)
    words = ["encode", str(ROOT / "assets/digits"), str(tmp_path), "--out", str(tmp_path / "x.csv")]
    assert CliRunner().invoke(commands, words).exit_code == 0
    with (tmp_path / "x.csv").open(newline="", encoding="utf-8") as text:
        columns, *lines = csv.reader(text)
    assert head == [*columns, *(f"code_{j}" for j in range(16))]
    assert [row[0] for row in rows] == ["'" + next(iter(files)), "b.png", "c.png"]
    assert [row[1] for row in rows] == [line[1] for line in lines]
    got, want = (np.array([row[2 : len(columns)] for row in part], float) for part in (rows, lines))
    np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-3)
    codes = encode_all(
        bundle.model, torch.from_numpy(np.stack([i["x"] for i in items])).reshape(-1, 1, 28, 28)
    )
    code = np.array([row[len(columns) :] for row in rows], float)
    np.testing.assert_allclose(code[:2], codes["mean"][:2], atol=1e-3)
    np.testing.assert_allclose(code[2], items[2]["refined"]["mean"], atol=1e-3)

    page.get_by_label("Show b.png").click()
    expect(page.get_by_label("Show b.png")).to_have_attribute("aria-pressed", "true")
    assert np.abs(seen(page) - items[1]["x"]).max() <= 1
    expect(page.locator(".stages figure")).to_have_count(6)
    page.get_by_label("Remove b.png").click()
    expect(cards(page)).to_have_count(2)
    assert not seen(page).any()
    page.reload()
    page.locator(READY).wait_for()
    expect(cards(page)).to_have_count(2)
    assert [item["z"] for item in your_pictures(page)] == [items[0]["z"], items[2]["z"]]
    assert np.abs(seen(page) - items[2]["x"]).max() <= 1
    page.get_by_role("button", name="Remove all").click()
    expect(cards(page)).to_have_count(0)
    expect(page.locator(".diagnosis")).to_contain_text("Draw something")


def test_your_pictures_stand_on_the_map_but_for_the_one_in_use(visit):
    page = visit(PAGE)
    colour = accent(page)

    def await_pins(n: int) -> None:
        """Each is a square of 8 x 8 pixels, whose edge may lie across pixels."""
        until(page, lambda: 40 * n <= drawn_in(page, colour)[0] <= 64 * n)

    def expect_in_use(name: str) -> None:
        expect(page.get_by_label(f"Show {name}")).to_have_attribute("aria-pressed", "true")

    for n, (name, data) in enumerate({"four.png": digit(4), "two.jpg": photo(2, seed=1)}.items()):
        upload(page, file(name, data))
        expect_in_use(name)
        await_pins(n)
    page.get_by_label("Show four.png").click()
    expect_in_use("four.png")
    await_pins(1)
    page.get_by_role("button", name="Draw", exact=True).click()
    clear(page)
    stroke(page, (0.5, 0.15), (0.5, 0.85))
    await_pins(2)


def test_the_map_keeps_its_size_whatever_is_in_use(visit):
    page = visit(PAGE)
    near = page.locator(".map .thumbs .thumb:visible")

    def size(n: int) -> str:
        expect(near).to_have_count(n)
        return page.locator(".stage").evaluate("e => [e.clientWidth, e.clientHeight].join()")

    drawn = size(8)
    clear(page)
    assert size(0) == drawn
    upload(page, file("four.png", digit(4)))
    assert size(8) == drawn


def test_examples_are_there_to_take(visit):
    page = visit(PAGE, READY)
    page.get_by_role("button", name="Examples", exact=True).click()
    eight = page.get_by_label(re.compile(r"^Take scikit-learn digit \d+ \(\d\)$"))
    expect(eight).to_have_count(10)
    for _ in range(2):
        eight.nth(6).click()
        expect(cards(page)).to_have_count(1)
    assert "(6)" in your_pictures(page)[0]["name"]
    assert np.abs(seen(page) - your_pictures(page)[0]["x"]).max() <= 1


# ---- coming back


def test_a_drawing_is_there_on_coming_back_and_every_stroke_can_be_undone(visit):
    page = visit(PAGE, READY)
    start = state(page)
    clear(page)
    stroke(page, (0.5, 0.15), (0.5, 0.85))
    page.get_by_label("Pen size").fill("40")
    stroke(page, (0.25, 0.2), (0.75, 0.2))
    page.locator(".tools").get_by_text("Eraser").click()
    changed, image = state(page), seen(page)
    for title, part in (("Explore", ".dim"), ("Your image", READY)):
        page.get_by_role("link", name=title, exact=True).click()
        page.locator(part).first.wait_for()
    assert state(page) == changed
    assert (seen(page) == image).all()
    assert page.get_by_label("Pen size").input_value() == "40"
    for _ in range(5):
        page.keyboard.press("z")
    assert state(page) == start
    expect(page.locator(".do-undo")).to_be_disabled()
    for _ in range(5):
        page.keyboard.press("y")
    assert (seen(page) == image).all()


def test_what_is_opened_prepared_and_removed_can_be_undone_after_coming_back(visit):
    page = visit(PAGE, READY)
    upload(page, file("one.png", digit(3)), file("two.png", digit(2)))
    expect(cards(page)).to_have_count(2)
    upright = seen(page)
    asked(page, page.get_by_title("A quarter to the right").click)
    until(page, lambda: (seen(page) != upright).any())
    page.get_by_label("colour", exact=True).select_option("distortion")
    page.get_by_label("Remove one.png").click()
    page.get_by_role("button", name="Remove all").click()
    assert not your_pictures(page)
    page.get_by_role("link", name="Generate").click()
    page.locator(".do-keep").click()  # another page adds one, which is a step too
    page.get_by_role("link", name="Your image").click()
    expect(page.locator(".item .name")).to_have_text("new 1, seed 0")
    for names in ([], ["two.png"], ["one.png", "two.png"]):
        page.keyboard.press("z")
        expect(page.locator(".item .name")).to_have_text(names)
    assert page.get_by_label("colour", exact=True).input_value() == "distortion"
    page.keyboard.press("z")
    page.keyboard.press("z")
    assert (seen(page) == upright).all()
    expect(page.locator(".stages figure")).to_have_count(6)
    page.keyboard.press("z")
    expect(cards(page)).to_have_count(0)
    expect(page.locator(".do-undo")).to_be_disabled()
    page.keyboard.press("y")
    assert [item["name"] for item in your_pictures(page)] == ["one.png", "two.png"]


def test_a_link_opens_the_same_map_and_source_and_no_picture(visit):
    page = visit(PAGE, READY)
    upload(page, file("five.png", digit(5)))
    expect(cards(page)).to_have_count(1)
    page.get_by_label("map", exact=True).select_option("pca")
    page.get_by_role("button", name="Examples", exact=True).click()
    link = address(page)
    again = visit(link.split("/")[-1], READY)
    assert address(again) == link
    expect(again.locator("[data-source=examples]")).to_have_attribute("aria-pressed", "true")
    assert again.get_by_label("map", exact=True).input_value() == "pca"
    expect(cards(again)).to_have_count(0)


# ---- how typical it is

DIAGNOSE = """async ([codes, others]) => {
  const { openBundle } = await import("/live/io/bundle.js");
  const diagnosis = await import("/live/pages/yours/diagnosis.js");
  const { diagnose, pricesOf, turned } = diagnosis;
  const files = Object.fromEntries(["bundle.json", "weights.safetensors", "atlas.safetensors"]
    .map((file) => [file, `/models/digits/${file}`]));
  const { model, atlas } = await openBundle(files);
  const judge = { model, prices: pricesOf(atlas), drawings: true };
  const say = (x) => diagnose(judge, { x });
  return {
    codes: codes.map((z) => {
      const x = model.decode(Float32Array.from(z));
      return [say(x), ...[1, 2, 3].map((n) => say(turned(x, model.image, n))),
        say(x.map((v) => 1 - v))];
    }),
    others: others.map((x) => say(Float32Array.from(x))),
  };
}"""
SEEDS = range(8)


def strange() -> dict[str, np.ndarray]:
    """Pictures that are typical for no model of digits, (28, 28) in [0, 1]."""
    y, x = np.mgrid[:28, :28]
    made = {f"chequerboard {k}": (x // k + y // k) % 2 for k in (1, 2, 4, 7)}
    made["white"], made["slope"] = np.ones((28, 28)), x / 27
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        made[f"noise {seed}"] = rng.random((28, 28))
        made[f"specks {seed}"] = rng.random((28, 28)) < 0.2
    return made


@pytest.fixture(scope="module")
def diagnoses(app, chromium) -> dict:
    page = chromium.new_page()
    page.goto(app)
    codes = [np.random.default_rng(seed).normal(size=16).tolist() for seed in SEEDS]
    others = strange()
    got = page.evaluate(
        DIAGNOSE, [codes, [x.astype(float).flatten().tolist() for x in others.values()]]
    )
    page.context.close()
    return {"codes": got["codes"], "others": dict(zip(others, got["others"], strict=True))}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_models_own_pictures_are_typical_and_turned_ones_prepared_badly(diagnoses, seed):
    upright, right, upside, left, swapped = diagnoses["codes"][seed]
    assert upright["kind"] == "typical"
    for found, back in ((right, 3), (upside, 2), (left, 1)):
        if found["kind"] == "typical":  # a one upside down is a one
            assert found["share"] <= 0.97
            continue
        assert found["kind"] == "prepared"
        assert found["better"]["change"] == {"turn": back}
        assert found["better"]["price"] == pytest.approx(upright["price"], abs=0.1)
    assert swapped["kind"] == "prepared"
    assert swapped["better"]["change"] == {"swap": True}


def test_most_quarter_turns_are_found(diagnoses):
    """Not all: a zero that lies is still a zero."""
    turns = [found[turn]["kind"] for found in diagnoses["codes"] for turn in (1, 3)]
    assert turns.count("prepared") >= 0.75 * len(turns)


@pytest.mark.parametrize("name", strange())
def test_noise_and_patterns_are_never_typical(diagnoses, name):
    found = diagnoses["others"][name]
    assert found["kind"] == "unlike"
    assert np.isfinite(found["price"])


def test_a_turned_picture_is_turned_back_by_the_button(visit):
    page = visit(PAGE, READY)
    with Image.open(io.BytesIO(digit(4))) as upright:
        turned = upright.transpose(Image.Transpose.ROTATE_270)
    upload(page, file("turned.png", png(turned)))
    words = page.locator(".diagnosis")
    expect(words).to_contain_text("It was probably prepared badly: turned a quarter anticlockwise")
    page.get_by_role("button", name="Turn it").click()
    expect(words).to_contain_text("Typical")
    expect(words).to_contain_text("the blur of a VAE")
    assert your_pictures(page)[0]["notes"]
    expect(page.locator(".notes")).to_contain_text("Turned clockwise by 270 degrees")

    page.get_by_role("button", name="Draw", exact=True).click()
    clear(page)
    stroke(page, (0.9, 0.3), (0.85, 0.7), (0.1, 0.4))
    page.locator(".drawings").get_by_text("a face").click()
    expect(words).to_contain_text("More surprising than")
    expect(words).to_have_attribute("data-kind", re.compile("prepared|unlike"))


def row_of(*digits: int) -> Image.Image:
    board = Image.new("L", (40 + 150 * len(digits), 180))
    for i, k in enumerate(digits):
        board.paste(handwritten(k, np.random.default_rng(k), 140), (20 + 150 * i, 20))
    return board.point(lambda v: 255 - v)


def test_several_marks_are_seen_and_a_button_crops_each(visit):
    page = visit(PAGE, READY)
    upload(page, file("372.png", png(row_of(3, 7, 2))))
    words = page.locator(".diagnosis")
    expect(words).to_have_attribute("data-kind", "several")
    expect(words).to_contain_text("There are 3 marks in it")
    expect(page.locator(".do-crop")).to_have_text([f"Crop mark {i}" for i in (1, 2, 3)])
    given = asked(page, page.locator(".do-crop").nth(1).click)
    assert 0.3 < given["crop"][0] < given["crop"][2] < 0.7
    expect(words).to_have_attribute("data-kind", "typical")


def test_several_marks_on_the_pad_are_seen_once_the_hand_rests(visit):
    page = visit(PAGE, READY)
    words = page.locator(".diagnosis")
    page.locator(".do-clear").click()
    drag(page, page.locator(".pad"), (0.2, 0.2), (0.2, 0.8))
    expect(words).to_have_attribute("data-kind", "typical")
    drag(page, page.locator(".pad"), (0.8, 0.2), (0.8, 0.8))
    expect(words).to_contain_text("There are 2 marks in it")
    expect(words).to_contain_text("one at a time: draw one")
    page.locator(".do-keep").click()
    expect(cards(page)).to_have_count(1)
    expect(words).to_have_attribute("data-kind", "several")


def test_a_panorama_and_a_photograph_get_their_sentence(visit):
    page = visit(PAGE, READY)
    panorama = Image.new("L", (6000, 60))
    panorama.paste(255, (2500, 10, 2600, 50))
    upload(page, file("panorama.png", png(panorama)))
    words = page.locator(".diagnosis")
    expect(words).to_contain_text("times as long as it is wide")

    rng = np.random.default_rng(0)
    small = Image.fromarray(rng.integers(0, 256, (9, 12), np.uint8).astype(np.uint8))
    upload(page, file("photo.png", png(small.resize((480, 360), Image.Resampling.BICUBIC))))
    expect(words).to_contain_text("It does not look like a drawing")
    assert rebuilt(page).any()


def board() -> bytes:
    """A chequerboard: no model of digits has seen the like of it."""
    y, x = np.mgrid[:280, :280] // 40
    return png(Image.fromarray((255 * ((x + y) % 2)).astype(np.uint8)))


def test_a_picture_without_ink_is_shown_with_what_the_model_makes_of_it(visit):
    page = visit(PAGE, READY)
    upload(page, file("white.png", png(Image.new("L", (50, 50), 255))))
    expect(cards(page)).to_have_count(1)
    expect(page.locator(".notes")).to_contain_text("There is no ink in it")
    expect(page.locator(".diagnosis")).to_contain_text("It does not look like a drawing")
    assert greys(page, ".reconstruction [aria-label='The reconstruction']").any()


def test_what_is_beyond_the_model_gets_no_price(visit):
    page = visit(PAGE, READY)
    beyond = "beyond what this model can price"
    upload(page, file("board.png", board()))
    expect(page.locator(".total")).to_have_text(beyond)
    expect(page.locator(".total + .quiet")).to_have_text("")
    expect(page.locator(".prices")).to_have_attribute("aria-label", re.compile(f"Costs {beyond}"))
    page.locator(".do-refine").click()
    said = re.compile(f"^The encoder's posterior: {beyond}; refined: ")
    expect(page.locator(".refine output")).to_have_text(said)
    table = downloaded(page, page.locator(".do-csv")).path().read_text("utf-8")
    row = next(csv.DictReader(io.StringIO(table)))
    assert (row["rate_nats"], row["distortion_nats"], row["surprise_nats"]) == ("", "", "")
    assert (row["beyond"], row["percentile"]) == ("1", "100")


def test_the_price_of_a_stroke_waits_for_the_hand_where_the_decoder_is_large(page):
    small, large = page.evaluate(
        """async () => {
          const { openBundle } = await import("/live/io/bundle.js");
          const { InUse } = await import("/live/pages/yours/inuse.js");
          const names = ["bundle.json", "weights.safetensors", "atlas.safetensors"];
          const files = Object.fromEntries(
            names.map((name) => [name, `/models/digits/${name}`]));
          const { model } = await openBundle(files);
          const x = Float32Array.from({ length: model.pixels }, (_, i) => Number(i % 28 === 14));
          const pad = { version: 0, x: () => x, looks: () => null };
          const history = { now: { use: "drawing", pictures: [], drawing: { refined: null } } };
          return [model.macs, 4e6 + 1].map((macs) => {
            const inUse = new InUse({ model: { ...model, macs }, history }, pad);
            return [inUse.item, inUse.atRest, inUse.item].map(({ surprise }) => surprise ?? null);
          });
        }"""
    )
    assert small[0] > 0
    assert small == [small[0]] * 3
    assert large == [None, small[0], small[0]]


def test_an_older_atlas_says_how_its_examples_are_priced(visit, models):
    shutil.copytree(ROOT / "assets/digits-2d", models / "older")
    card = json.loads((models / "older/bundle.json").read_text("utf-8"))
    del card["atlas"]["columns"][2:]
    (models / "older/bundle.json").write_text(json.dumps(card), "utf-8")
    page = visit("your-image?model=older", READY)
    upload(page, file("four.png", digit(4)))
    expect(page.locator(".total")).to_contain_text("nats")
    expect(page.locator(".diagnosis")).to_contain_text("python -m vae price")
    expect(page.locator(".prices")).to_have_count(0)
    expect(cards(page)).to_contain_text("picture")


# ---- a phone


def test_a_finger_draws_on_a_phone(visit):
    page = visit(PAGE, READY, PHONE, has_touch=True, is_mobile=True)
    assert fits(page)
    for tab, part in (("Map", ".map"), ("See", ".analysis")):
        page.locator(".tabs").get_by_text(tab).tap()
        expect(page.locator(part)).to_be_visible()
        assert fits(page)
    expect_fingers_fit(page, ".tabs button, .sources button, .tools button")

    page.locator(".do-clear").tap()
    page.locator(".pad").scroll_into_view_if_needed()
    box, scrolled = page.locator(".pad").bounding_box(), page.evaluate("scrollY")
    touch = page.context.new_cdp_session(page)
    for kind, at in [("touchStart", 0.2), *(("touchMove", y / 10) for y in range(3, 9))]:
        spot = {"x": box["x"] + 0.5 * box["width"], "y": box["y"] + at * box["height"]}
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [spot]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    drawn = seen(page).reshape(28, 28)
    assert (drawn.max(1) > 128).sum() == 20  # a line from top to bottom of MNIST's box
    assert (drawn.max(0) > 128).sum() < 8
    assert page.evaluate("scrollY") == scrolled
    expect(page.locator(".total")).to_contain_text("nats")

    upload(page, file("photo.jpg", photo(3)))
    expect(page.locator(".stages figure")).to_have_count(6)
    assert fits(page)
