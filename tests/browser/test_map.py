"""The map: what is where, what its colours mean, and how hands and keys lead from it to codes."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from .conftest import PHONE
from .hand import address, greys, painted, until

CALL = """async ([body, input]) => {
  const names = ["plane/camera", "map/labels", "map/pins", "map/colouring", "map/content"];
  const all = await Promise.all(names.map((name) => import(`/live/${name}.js`)));
  const got = new Function("live", "input", body)(Object.assign({}, ...all), input);
  return JSON.parse(JSON.stringify(got, (_, v) => ArrayBuffer.isView(v) ? Array.from(v) : v));
}"""
BOXES = [[-3, -2, 4, 1], [0, 0, 1, 1], [-1e4, -5e3, 1e4, 6e3]]
SIZES = [[560, 540], [300, 900], [900, 241]]


@pytest.fixture(scope="module")
def run(page):
    return lambda body, **given: page.evaluate(CALL, [body, given])


def code(page) -> list[float]:
    painted(page)
    return [float(v) for v in page.locator(".code").inner_text().split()]


def drawing(canvas) -> str:
    return canvas.evaluate("(canvas) => canvas.toDataURL()")


# ---- laws


def test_of_many_classes_the_largest_have_their_names_on_the_map(run):
    sizes = np.random.default_rng(0).permutation(60) + 1
    of_class = np.repeat(np.arange(60), sizes)
    names = run(
        """const places = new Float32Array(2 * input.classes.length);
        return live.createNames(input.classes, input.words)(places, new Set([input.hidden]));""",
        classes=of_class.tolist(), words=[str(k) for k in range(60)], hidden=int(sizes.argmax()),
    )  # fmt: skip
    named = [int(name["word"]) for name in names]
    assert named == [k for k in range(60) if 40 < sizes[k] < 60]


@pytest.fixture
def of_many_classes(visit):
    """Explore on the digits, with names for sixty classes."""

    def answer(route):
        response = route.fetch()
        card = response.json()
        card["data"]["classes"] = [f"person number {k}" for k in range(60)]
        route.fulfill(response=response, json=card)

    page = visit("_stcore/health", ready="body")
    page.route("**/models/digits/bundle.json*", answer)
    page.goto(page.url.replace("_stcore/health", "?model=digits"))
    page.locator(".class").first.wait_for(state="attached")
    return page


def test_many_classes_leave_room_for_the_page(of_many_classes):
    page = of_many_classes
    assert page.locator(".moves").bounding_box()["height"] < 60
    assert page.locator(".map .legend").bounding_box()["height"] < 120
    page.get_by_role("button", name="60 classes").click()
    page.get_by_title("Go to an example of person number 7", exact=True).click()
    until(page, lambda: "(person number 7)" in page.locator(".atelier").inner_text())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("box", BOXES)
def test_a_place_and_its_pixel_are_one(run, box, size):
    pixels = np.random.default_rng(0).uniform(0, 1, (50, 2)) * size
    whole, back, fixed, same = run(
        """const camera = live.createCamera(256);
        camera.show(input.box);
        camera.resize(input.size);
        const seen = camera.box(), fixed = [];
        camera.pan(31, -17);
        for (const at of input.pixels) {
          const before = camera.toPlace(at);
          camera.zoom(1.3, at);
          const after = camera.toPixel(before);
          fixed.push([after, at]);
          camera.zoom(1 / 1.3, at);
        }
        const back = input.pixels.map((at) => camera.toPixel(camera.toPlace(at)));
        camera.fit();
        return [seen, back, fixed, camera.box()];""",
        box=box, size=size, pixels=pixels.tolist(),
    )  # fmt: skip
    np.testing.assert_allclose(back, pixels, atol=1e-6)
    assert np.allclose(whole, same)
    assert (np.array(whole[:2]) <= np.array(box[:2]) + 1e-9).all()
    assert (np.array(whole[2:]) >= np.array(box[2:]) - 1e-9).all()
    after, at = np.array(fixed).transpose(1, 0, 2)
    inside = np.linalg.norm(after - at, axis=1) < 1e-6  # unless the middle met the limits
    assert inside.mean() > 0.5


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("box", BOXES)
def test_the_map_is_never_lost(run, box, size):
    moves = np.random.default_rng(1).normal(0, 3000, (200, 2)).tolist()
    middles, widths, whole = run(
        """const camera = live.createCamera(256), seen = [], widths = [];
        camera.show(input.box);
        camera.resize(input.size);
        const whole = Math.min(...input.size) / camera.scale();
        for (const [dx, dy] of input.moves) {
          camera.pan(dx, dy);
          camera.zoom(Math.exp(dx / 2000), [0, 0]);
          seen.push(camera.toPlace(camera.middle()));
          widths.push(camera.view.wide);
        }
        return [seen, widths, whole];""",
        box=box, size=size, moves=moves,
    )  # fmt: skip
    low, high = np.array(box[:2]), np.array(box[2:])
    slack = 1e-9 * np.abs(box).max()
    assert ((middles >= low - slack) & (middles <= high + slack)).all()
    assert max(widths) <= max(1.5 * (high - low).max(), whole) * (1 + 1e-9)
    assert min(widths) >= (high - low)[0] / 256 * (1 - 1e-9)


@pytest.mark.parametrize("n", [2, 12, 30])
@pytest.mark.parametrize("spread", [0, 5, 200])
def test_no_word_lies_over_another(run, n, spread):
    rng = np.random.default_rng(n + spread)
    at = 250 + rng.uniform(-spread, spread, (n, 2))
    labels = [
        {"at": spot, "width": 40 + 30 * (i % 3), "height": 16, "offset": 8 * (i % 2)}
        for i, spot in enumerate(at.tolist())
    ]
    boxes, apart = run(
        """const boxes = live.placeLabels(input.labels, [500, 500]);
        const free = (a, i) => boxes.slice(0, i).every((b) => live.areApart(a, b));
        return [boxes, boxes.map(free)];""",
        labels=labels,
    )
    assert all(apart)
    for box in boxes:
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= 500
        assert box["y"] + box["height"] <= 500


def test_a_word_alone_stands_beside_its_pin(run):
    (box,) = run(
        """const label = { at: [100, 100], width: 40, height: 16, offset: 8 };
        return live.placeLabels([label], [500, 500]);"""
    )
    assert box == {"x": 108, "y": 92, "width": 40, "height": 16}


@pytest.mark.parametrize("n", [2, 8, 24])
@pytest.mark.parametrize("spread", [0, 5, 400])
def test_no_pin_lies_over_another_and_those_apart_stay(run, n, spread):
    at = np.random.default_rng(n + spread).uniform(-spread, spread, (n, 2))
    moved = np.array(run("return live.moveApart(input.at, 16);", at=at.tolist()))

    def nearest(places):
        away = np.linalg.norm(places[:, None] - places[None], axis=-1)
        return (away + np.where(np.eye(n), np.inf, 0)).min(1)

    assert nearest(moved).min() > 12
    if nearest(at).min() >= 16:
        assert (moved == at).all()
    np.testing.assert_allclose(moved.mean(0), at.mean(0), atol=1e-6)


@pytest.mark.parametrize("dark", [False, True])
def test_any_column_of_the_atlas_colours_the_map(run, dark):
    values = np.random.default_rng(0).normal(size=200).tolist()
    names, got, bar, titles = run(
        """const one = (name, title, unit, values) => ({ name, title, unit, values });
        const atlas = { n: 200, mean: new Float32Array(600), scale: new Float32Array(600).fill(1),
          columns: [one("slant", "how slanted", "°", input.values),
            one("all alike", "all alike", "", input.values.map(() => 2))] };
        const bench = { atlas, model: { code: { unit: "σ", hasRate: true } } };
        const all = live.colouringsOf(bench);
        const tones = all.map((one) => live.toneOf(one, new Uint8Array(200), input.dark));
        return [live.colourNames(bench), tones, tones[3].bar, all.map(({ title }) => title)];""",
        values=values, dark=dark,
    )  # fmt: skip
    assert names == ["class", "uncertainty", "distance", "slant", "all alike"]
    assert "how slanted" in titles
    assert bar["unit"] == "°"
    for one in got:
        assert min(one["tone"]) >= 0
        assert max(one["tone"]) < len(one["palette"])
        assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in one["palette"])
    order = np.argsort(values)
    assert (np.diff(np.array(got[3]["tone"])[order]) >= 0).all()


# ---- hands and keys


def fingers(page):
    """A function that puts fingers on the screen, in CSS pixels: `touch("touchStart", (x, y))`."""
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *places) -> None:
        points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(places)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    return touch


@pytest.fixture
def phone(visit):
    page = visit("?model=digits", viewport=PHONE, has_touch=True)
    page.locator(".tabs button", has_text="Map").click()
    stage = page.locator(".map .stage")
    stage.scroll_into_view_if_needed()
    painted(page)
    box = stage.bounding_box()
    return page, fingers(page), box["x"], box["y"]


def test_one_finger_previews_and_goes_there_when_it_is_lifted(phone):
    page, touch, x, y = phone
    before, link = code(page), address(page)
    touch("touchStart", (x + 80, y + 90))
    touch("touchMove", (x + 160, y + 120))
    expect(page.locator(".where")).to_contain_text("preview")
    assert code(page) != before
    assert address(page) == link
    touch("touchEnd")
    expect(page.locator(".where")).not_to_contain_text("preview")
    until(page, lambda: address(page) != link)
    assert code(page) != before


def test_two_fingers_zoom_and_go_nowhere_and_the_whole_map_comes_back(phone):
    page, touch, x, y = phone
    before = code(page)
    points = page.locator(".map .points")
    whole = drawing(points)
    touch("touchStart", (x + 100, y + 100))
    touch("touchStart", (x + 100, y + 100), (x + 140, y + 120))
    touch("touchMove", (x + 60, y + 60), (x + 240, y + 180))
    touch("touchEnd")
    painted(page)
    assert drawing(points) != whole
    assert code(page) == before
    page.get_by_label("Show the whole map").click()
    painted(page)
    assert drawing(points) == whole


def test_arrows_preview_enter_goes_and_escape_leaves(visit):
    page = visit("?model=digits")
    stage, before = page.locator(".map .stage"), code(page)
    expect(stage).to_have_attribute("aria-label", re.compile("the current code lies at"))
    stage.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    expect(page.locator(".where")).to_contain_text("preview")
    expect(stage).to_have_attribute("aria-label", re.compile(r"^Preview at .*nearest to .*Enter"))
    seen = code(page)
    assert seen != before
    page.keyboard.press("Escape")
    assert code(page) == before
    page.keyboard.press("ArrowRight")
    link = address(page)
    page.keyboard.press("Enter")
    until(page, lambda: address(page) != link)
    page.keyboard.press("Escape")
    expect(page.locator(".where")).to_contain_text("your code")
    assert code(page) != before


def test_a_hidden_class_stays_hidden_in_other_colours(visit):
    page = visit("?model=digits")
    points, key = page.locator(".map .points"), page.locator(".map .key").first
    expect(page.locator(".check .answer")).not_to_contain_text("Comparing")  # all is in its place
    painted(page)
    everything = drawing(points)
    key.click()
    painted(page)
    assert drawing(points) != everything
    colour = page.get_by_label("colour")
    colour.select_option("distance")
    painted(page)
    coloured = drawing(points)
    expect(key).to_have_attribute("aria-pressed", "false")
    key.click()
    painted(page)
    assert drawing(points) != coloured
    colour.select_option("class")
    painted(page)
    assert drawing(points) == everything


def test_a_two_dimensional_model_is_its_own_map(visit):
    page = visit("?model=digits-2d")
    assert page.get_by_label("map", exact=True).input_value() == "codes"
    until(page, lambda: greys(page, ".carpet").any())
    box = page.locator(".map .stage").bounding_box()
    page.mouse.move(box["x"] + 150, box["y"] + 100)
    expect(page.locator(".where")).to_contain_text("preview")
    painted(page)
    marker = page.locator(".map .marker").bounding_box()
    assert marker["x"] + 10 == pytest.approx(box["x"] + 150, abs=0.1)
    assert marker["y"] + 10 == pytest.approx(box["y"] + 100, abs=0.1)
    first = code(page)
    page.mouse.move(box["x"] + 250, box["y"] + 100)
    second = code(page)
    assert second[1] == first[1]
    assert second[0] > first[0]
