"""Each lesson from its first step to its last, as a student takes it, and every number that it
shows beside one worked out with PyTorch."""

from functools import partial

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

from vae.lessons import TEXTS, within
from vae.lessons.names import MEASURES, PREDICATES
from vae.lessons.plans import plans
from vae.lessons.reading import read
from vae.pages import PAGES

from .conftest import PHONE
from .hand import address, drag, fits, painted, state, until
from .measured import WANTED, Bench
from .test_axe import AXE_SCRIPT, violations
from .test_disk import opened, saved  # noqa: F401
from .test_layout import SIZES, ZOOMED, inside, sized

LESSONS = {path.stem: read(path) for path in within(TEXTS)}
STEP = ".lesson .step"
SCHEMA = """() => Object.entries(document.querySelector(".atelier").schema)
  .map(([key, { as, write }]) => [as ?? key, Boolean(write)])"""


# ---- the tables on either side


@pytest.mark.parametrize("key", PAGES)
def test_the_fields_of_a_page_are_those_of_its_state(visit, key):
    fields = set()
    for model in ("digits", "digits-2d"):
        ready = f".atelier[data-page={key}]:not([aria-busy])"
        page = visit(f"{PAGES[key].path}?model={model}", ready=ready)
        fields |= {tuple(field) for field in page.evaluate(SCHEMA)}
    linked = {name for name, is_linked in fields if is_linked}
    assert linked == {*PAGES[key].fields}
    assert {name for name, is_linked in fields if not is_linked} - linked == {*PAGES[key].unlinked}


def test_measures_and_predicates_have_the_names_that_python_knows(page):
    names = """async ([module, table]) => Object.keys((await import(module))[table])"""
    measures = page.evaluate(names, ["/live/lessons/measures.js", "MEASURES"])
    assert measures == [*MEASURES]
    assert measures == [*WANTED]
    assert page.evaluate(names, ["/live/lessons/predicates.js", "PREDICATES"]) == [*PREDICATES]


HOLDS = """async ([name, values, given]) =>
  (await import("/live/lessons/predicates.js")).PREDICATES[name]({ texts: values }, ...given)"""


@pytest.mark.parametrize(
    ("name", "given", "done", "open_"),
    [
        ("is", ["0"], [["1", "0"], ["0"]], [["0", "1"], [None]]),
        ("between", ["1", "2.5"], [["0", "1"], ["2.5"]], [["0.9"], ["1", "3"], [None]]),
        ("changed", [], [["1", "0"], [None, "1"]], [["1"], ["1", "0", "1"]]),
        ("tried", ["2"], [["1", "2", "3"], ["1", "2", "1", "3"]], [["1", "2"], ["1", "2", "1"]]),
    ],
)
def test_a_predicate_holds_when_the_field_was_so(page, name, given, done, open_):
    for values, wanted in [*((v, True) for v in done), *((v, False) for v in open_)]:
        assert page.evaluate(HOLDS, [name, values, given]) is wanted, values


# ---- from the first step to the last


def press(selector: str, times: int = 1):
    def act(page) -> None:
        for i in range(times):
            buttons = page.locator(selector)
            buttons.nth(i if buttons.count() >= times else 0).click()
            painted(page)

    return act


def keys(key: str, times: int):
    def act(page) -> None:
        page.locator(f"{STEP} h2").click()
        for _ in range(times):
            page.keyboard.press(key)
            painted(page)

    return act


def slide(selector: str, value: str):
    return lambda page: page.locator(selector).fill(value)


def hold(page) -> None:
    """Two places on the map."""
    box = page.locator(".map .stage").bounding_box()
    for share in (0.4, 0.6):
        page.mouse.click(box["x"] + share * box["width"], box["y"] + 0.5 * box["height"])
        painted(page)


def drag_threshold(page) -> None:
    drag(page, page.get_by_role("slider", name="Threshold"), (0.3, 0.5), (0.5, 0.5))


def choose(label: str, value: str):
    return lambda page: page.get_by_label(label).select_option(value)


def stroke(page) -> None:
    drag(page, page.locator(".pad"), (0.2, 0.3), (0.7, 0.6), (0.3, 0.8))


def label(page, n: int = 3) -> None:
    for count in range(1, n + 1):
        page.locator(".question .class").nth(3).click()
        until(page, lambda count=count: len(state(page)["labels"]) == count)


def slide_two(page) -> None:
    for i in range(2):
        slide(f".dim input[type=range] >> nth={i}", "1")(page)
        painted(page)


def threes(page) -> None:
    """One after the other, until one reads clearly."""
    for _ in range(8):
        page.locator(".classes .class").nth(3).click()
        painted(page)
        if page.locator(".task.done").count():
            return


def lean(page) -> None:
    """Each slider to one end and back, until the picture leans."""
    sliders = page.locator(".sliders input[type=range]")
    for i in range(sliders.count()):
        value = sliders.nth(i).input_value()
        for end in ("2.5", "-2.5"):
            sliders.nth(i).fill(end)
            painted(page)
            if page.locator(".task.done").count():
                return
        sliders.nth(i).fill(value)


def to_border(page) -> None:
    """On the map from the middle of the fours to that of the nines."""
    box = page.locator(".map .stage").bounding_box()
    for y in range(1, 12):
        for x in range(1, 12):
            page.mouse.click(box["x"] + x * box["width"] / 12, box["y"] + y * box["height"] / 12)
            painted(page)
            if page.locator(".task.done").count():
                return


DEEDS = {  # of a lesson and step: what a student does
    ("1", 1): press(".do-roll", 4),
    ("1", 2): press(".input .row:nth-of-type(2) button", 4),
    ("1", 3): slide(".machine .slider input", "0"),
    ("1", 4): press(".line[data-part=rate]"),
    ("1", 5): hold,
    ("2", 1): slide(".code-table input >> nth=0", "2.5"),
    ("2", 2): press(".do-roll", 3),
    ("2", 5): press(".line[data-part=code]"),
    ("3", 1): slide(".beta input", "5"),
    ("3", 2): slide(".beta input", "0"),
    ("3", 3): press(".do-film"),
    ("3", 4): press(".parts [data-part=plane]"),
    ("4", 1): press(".choose .do-more", 2),
    ("4", 2): slide(".choose .slider input >> nth=0", "0.5"),
    ("4", 3): press("[data-source=mixture]"),
    ("4", 4): press(".choose .do-more"),
    ("5", 1): keys("r", 3),
    ("5", 2): press(".twins .do-more", 2),
    ("5", 3): press(".twins .do-more"),
    ("5", 4): lambda page: [slide(".twins .given input[type=range]", v)(page) for v in "01"],
    ("6", 1): press(".classes .class", 4),
    ("6", 2): press(".classes .class", 4),
    ("6", 3): press(".input .row:nth-of-type(2) button"),
    ("6", 4): label,
    ("7", 1): drag_threshold,
    ("7", 2): choose("fitted to", "12"),
    ("7", 3): stroke,
    ("7", 4): press(".probe button >> text=blank"),
    ("8", 1): stroke,
    ("8", 2): keys("r", 1),
    ("8", 3): keys("r", 1),
    ("8", 4): slide(".draws .slider input", "6"),
    **{("11", i): label for i in (1, 3, 4)},
    ("0", 1): threes,
    ("0", 2): lean,
    ("0", 3): to_border,
    ("0", 4): stroke,
    ("0", 5): lambda page: [slide(".scrubber", v)(page) for v in ("0.25", "0.5", "0.75")],
    ("0", 6): press(".choose .do-more", 2),
    ("12", 1): keys("r", 3),
    ("12", 2): press(".choose .do-more", 2),
    ("12", 3): press(".do-roll", 3),
    ("12", 4): press(".classes .class", 3),
    ("12", 5): stroke,
    **{("11", i): partial(label, n=5) for i in (2, 5)},
    ("9", 1): press(".do-search"),
    ("9", 2): press(".do-five", 3),
    ("9", 3): slide(".prices input[type=range]", "20"),
    ("9", 4): press(".do-flip"),
    ("10", 1): slide_two,
    ("10", 2): press(".do-step", 5),
    ("10", 3): keys("r", 1),
    ("10", 4): press(".do-closed"),
    ("10", 5): press(".choose .do-more", 2),
}


def number(text: str) -> float:
    return float(text.replace("−", "-").removesuffix(" %")) / (100 if text.endswith("%") else 1)


def fineness(text: str) -> float:
    """How far a written number may be from the exact one."""
    digits = len(text.removesuffix(" %").partition(".")[2])
    if text.endswith("%"):
        return 0.011
    return max(1.1 * 10**-digits, 2e-3 * abs(number(text)))  # pathwise is a difference quotient


def expect_measured(page, bench: Bench) -> None:
    outputs = page.locator(f"{STEP} .measured")
    expect(page.locator(f"{STEP} .measured[aria-busy]")).to_have_count(0)
    for output in outputs.all():
        name, *given = output.get_attribute("data-measure").split()
        with torch.no_grad():
            want, text = WANTED[name](bench, *given), output.inner_text()
        assert number(text) == pytest.approx(want, abs=fineness(text)), (name, given)


def predict(page, step) -> None:
    form = page.locator(f"{STEP} .prediction")
    if step.predict.number:
        form.locator("input").fill(str(step.predict.number.min))
    else:
        form.locator("input").first.check()
    assert page.locator(f"{STEP} .reveal").count() == 0
    form.locator(".do-predict").click()


def take(page, lesson, i: int, bench: Bench) -> None:
    """One step, until its numbers are there."""
    step = lesson.steps[i - 1]
    expect(page.locator(f"{STEP} h2")).to_have_text(step.title)
    expect(page.locator(f".atelier[data-page={step.page}]:not([aria-busy])")).to_have_count(1)
    if step.predict:
        predict(page, step)
    if step.do:
        assert page.locator(".task.done").count() == 0
        DEEDS[lesson.key, i](page)
        expect(page.locator(".task.done")).to_have_count(1)
    if step.reveal:
        expect(page.locator(".reveal")).to_have_count(1)
    if step.predict:
        expect(page.locator(".outcome")).to_contain_text("redicted")
    expect_measured(page, bench)


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_is_walked_from_beginning_to_end(visit, name):
    lesson = LESSONS[name]
    page, bench = visit("lessons", ready=".lessons-list li"), Bench(lesson.models)
    page.locator(f"[data-lesson='{lesson.key}'] .do-begin").click()
    for i in range(1, len(lesson.steps) + 1):
        take(page, lesson, i, bench)
        assert f"lesson={lesson.key}.{i}" in address(page)
        page.locator(".do-next").click()
    row = page.locator(f"[data-lesson='{lesson.key}']")
    expect(row).to_contain_text(f"{len(lesson.steps)} of {len(lesson.steps)} steps")
    assert page.locator(".notices .notice").count() == 0


# ---- the panel


def test_a_link_opens_a_step_and_what_was_done_is_kept(visit):
    page = visit("lessons?lesson=1.3", ready=STEP)
    expect(page.locator(f"{STEP} h2")).to_have_text(LESSONS["1-cloud"].steps[2].title)
    assert state(page)["of"]["example"] == 115
    page.locator(".do-no-idea").click()
    slide(".machine .slider input", "0")(page)
    expect(page.locator(".outcome")).to_contain_text("Measured")
    page.reload()
    expect(page.locator(".outcome")).to_contain_text("Measured")
    assert state(page)["factor"] == 0  # the address says so
    page.locator(".do-restart").click()
    expect(page.locator(f"{STEP} h2")).to_have_text(LESSONS["1-cloud"].steps[0].title)
    page.locator(".steps button").nth(2).click()
    expect(page.locator(".task")).to_have_count(1)
    assert page.locator(".outcome").count() == 0
    until(page, lambda: state(page)["factor"] == 1)


def test_it_works_where_the_browser_keeps_nothing(visit):
    page = visit("lessons", ready=".lessons-list li", locale="en-NZ")  # a context of its own
    page.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); }")
    page.goto(address(page) + "&lesson=2.4")
    page.locator(STEP).wait_for()
    page.locator(".do-no-idea").click()
    expect(page.locator(".outcome")).to_contain_text("Measured")


def test_a_step_is_one_thing_to_undo_and_keys_lead_from_step_to_step(visit):
    page = visit("inside?model=digits", ready=".atelier[data-page=inside]:not([aria-busy])")
    before = state(page)
    page.evaluate("sessionStorage.clear()")
    page.goto(address(page) + "&lesson=1.1")
    page.locator(STEP).wait_for()
    assert state(page)["of"]["example"] == 115
    page.locator(f"{STEP} h2").click()
    page.keyboard.press("z")
    until(page, lambda: state(page) == before)
    page.keyboard.press("]")
    expect(page.locator(".steps [aria-current]")).to_have_text("2")
    page.keyboard.press("[")
    expect(page.locator(".steps [aria-current]")).to_have_text("1")


def test_a_lesson_stays_from_page_to_page_and_leads_back(visit):
    page = visit("lessons?lesson=1.1", ready=STEP)
    page.locator(".pages [data-page=bits]").click()
    page.locator(".atelier[data-page=bits]:not([aria-busy])").wait_for()
    expect(page.locator(".elsewhere")).to_be_visible()
    page.locator(".do-return").click()
    page.locator(".atelier[data-page=inside]:not([aria-busy])").wait_for()
    expect(page.locator(STEP)).to_be_visible()
    assert page.locator(".elsewhere").count() == 0
    page.locator(".do-leave").click()
    expect(page.locator(".lesson")).to_have_count(0)
    assert "lesson" not in address(page).partition("?")[2]


PRINTS = """() => {
  window.print = () => { window.printed = document.querySelector(".printed").innerText; };
}"""


def test_a_row_of_a_plan_opens_its_step_or_page_and_a_plan_is_printed(visit):
    page = visit("lessons", ready=".plan")
    page.evaluate(PRINTS)
    plan = page.locator(".plan").first
    plan.locator("summary").click()
    page.emulate_media(media="print")
    plan.locator(".do-print").evaluate("button => button.click()")
    for one in plans([*LESSONS.values()])[0].parts:
        assert one.words in page.evaluate("printed")
    assert page.locator(".printed").is_visible()
    assert not page.locator(".plan").first.is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".printed").count() == 0
    page.emulate_media(media="screen")
    plan.get_by_role("button", name="lesson 1.1").click()
    expect(page.locator(f"{STEP} h2")).to_have_text(LESSONS["1-cloud"].steps[0].title)


def test_a_pupils_sheet_has_the_questions_and_no_answer(visit):
    page = visit("lessons", ready=".plan")
    page.evaluate(PRINTS)
    page.locator("[data-lesson='1'] .do-print").click()
    page.emulate_media(media="print")
    text = page.locator(".printed").inner_text()
    for step in LESSONS["1-cloud"].steps:
        assert step.title in text
        assert max(step.reveal[-1], key=len) not in text
    assert "Name:" in text
    assert "My prediction: ______" in text


SLANT = """async ([pixels, shape]) =>
  (await import("/live/core/slant.js")).slantOf(Float32Array.from(pixels), shape)"""


def test_slant_is_that_of_a_sheared_stroke(page):
    y, x = np.mgrid[:28, :28].astype(float)
    for degrees in (-20, 0, 15):
        lean = np.tan(np.radians(degrees)) * (13.5 - y)
        ink = np.exp(-((x - 14 - lean) ** 2) / 4) * (abs(y - 13.5) < 10)
        assert page.evaluate(SLANT, [ink.ravel().tolist(), [1, 28, 28]]) == pytest.approx(
            degrees, abs=0.5
        )
    assert page.evaluate(SLANT, [[0] * 784, [1, 28, 28]]) == 0


@pytest.mark.parametrize("wrong", ["1.99", "nonsense", "9999.1", "<b>.1"])
def test_a_step_that_is_not_there_is_one_sentence(visit, wrong):
    page = visit(f"lessons?lesson={wrong}", ready=".lessons-list li")
    expect(page.locator(".notices")).to_contain_text(f"There is no step “{wrong}”; lessons here")
    assert "lesson=" not in address(page)


def test_on_a_phone_it_is_a_sheet_that_folds(visit):
    page = visit("lessons?lesson=1.1", STEP, PHONE, has_touch=True, is_mobile=True)
    sheet = page.locator(".lesson")
    assert fits(page)
    assert sheet.bounding_box()["height"] <= 0.55 * PHONE["height"]
    page.locator(".do-fold").tap()
    expect(page.locator(STEP)).to_be_hidden()
    assert sheet.bounding_box()["height"] < 80


@pytest.mark.parametrize("path", ["inside?lesson=1.1&of=@115", "explore?lesson=6.1&z=@3"])
def test_page_and_lesson_fit_on_every_screen(visit, path):
    page = visit(path, ready=STEP)
    for size in [*SIZES, ZOOMED]:
        sized(page, size)
        assert fits(page), size
        assert page.locator(f"{STEP} h2").bounding_box()["width"] > 100, size
        assert inside(page, ".lesson .do-next"), size


def test_a_step_with_its_numbers_is_without_violations(visit):
    page = visit("lessons?lesson=2.3", ready=STEP)
    page.locator(".do-no-idea").click()
    expect(page.locator(".outcome")).to_contain_text("Measured")
    expect(page.locator(".measured[aria-busy]")).to_have_count(0)
    page.evaluate(AXE_SCRIPT)
    assert violations(page, ".lesson") == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, ".lesson") == []


def test_the_html_file_has_its_lessons(opened):  # noqa: F811
    page = opened("#page=lessons&lesson=1.1", ready=STEP)
    page.locator(".do-no-idea").click()
    press(".do-roll", 4)(page)
    expect(page.locator(".outcome")).to_contain_text("Measured")
    expect(page.locator(".measured[aria-busy]")).to_have_count(0)
    page.locator(".steps button").nth(4).click()
    expect(page.locator(".elsewhere")).to_contain_text("“digits-2d”, which is not here")
