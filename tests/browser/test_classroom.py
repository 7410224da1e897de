"""A class in one room: a teacher's page, and pupils who send to it."""

import re

import numpy as np
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from .conftest import LAPTOP, PATIENCE, PHONE, start
from .hand import downloaded, fits, greys, painted, state, until
from .test_axe import expect_none, violations

OPEN = ".atelier:not([aria-busy])"
JOIN = re.compile(r"http\S+/join/(\w+)")
TEACH = re.compile(r"http\S+/teach/\S+")


@pytest.fixture(scope="module")
def addresses(tmp_path_factory, models):
    """The app with a class: (of the teacher's page, for pupils, its own)."""
    process, url = start(tmp_path_factory.mktemp("cache"), models, "--class", "--host", "localhost")
    said = "".join(process.stdout.readline() for _ in range(3))
    yield TEACH.search(said)[0], JOIN.search(said)[0], url
    process.terminate()
    process.communicate()


@pytest.fixture
def visitor(chromium):
    """A function: a page in a browser of its own, as of another person."""
    contexts, errors = [], []

    def open_page(address, viewport=PHONE):
        contexts.append(chromium.new_context(viewport=viewport, reduced_motion="reduce"))
        contexts[-1].set_default_timeout(PATIENCE)
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: errors.append(error.stack or str(error)))
        page.goto(address)
        page.locator(OPEN).first.wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors


@pytest.fixture
def teacher(addresses, visitor):
    """The teacher's page, of a room in which nothing is yet; phones open Your image."""
    page = visitor(addresses[0], LAPTOP)
    page.get_by_label("Phones open").select_option("Your image")
    act(page, "clear")
    expect(page.locator(".wall .item")).to_have_count(0)
    return page


def act(page, name: str) -> None:
    asked = f'{{"act": "{name}"}}'
    page.evaluate("(body) => fetch('/room-acts', { method: 'POST', body })", asked)


def send(page, name: str = "") -> None:
    page.get_by_label("Your name, if you like").fill(name)
    page.locator(".do-send").click()
    expect(page.locator(".sending [role=status]")).to_contain_text("Sent: ")


def thumbs(teacher):
    return teacher.locator(".wall .item .thumb")


def test_what_two_pupils_send_is_on_the_wall_and_on_the_map(addresses, visitor, teacher):
    first, second = visitor(addresses[1]), visitor(addresses[1])
    assert "room=" not in first.url
    send(first, "<b>Ada</b>")
    second.locator(".drawings button", has_text="a five").click()
    send(second)
    expect(thumbs(teacher)).to_have_count(2)
    expect(thumbs(teacher).first).to_have_text("<b>Ada</b>")
    assert teacher.locator(".wall b").count() == 0
    sent = greys(first, ".reconstruction canvas")
    assert np.abs(greys(teacher, ".wall .item canvas") - sent).max() <= 1

    teacher.locator("[data-show=mean]").click()
    expect(teacher.locator(".view .where")).to_have_text("the mean of 2 codes, decoded")
    pictures = [greys(teacher, f".wall .item:nth-child({i}) canvas") for i in (1, 2)]
    mean = greys(teacher, ".pixels canvas")
    assert np.abs(mean - np.mean(pictures, axis=0)).max() <= 1

    thumbs(teacher).nth(0).click()
    thumbs(teacher).nth(1).click()
    assert len(set(state(teacher)["pair"])) == 2
    expect(teacher.locator(".view .where")).to_have_text("<b>Ada</b> → picture 2")
    slider = teacher.get_by_label("between the two", exact=True)
    slider.fill("1")
    end = greys(teacher, ".view .frame canvas")
    slider.fill("0")
    assert np.abs(greys(teacher, ".view .frame canvas") - end).max() > 100
    teacher.keyboard.press("z")
    assert state(teacher)["t"] == 1


def test_the_teacher_hides_shows_again_and_removes(addresses, visitor, teacher):
    pupil = visitor(addresses[1])
    send(pupil, "one")
    send(pupil, "two")
    expect(thumbs(teacher)).to_have_count(2)
    teacher.get_by_label("What to do with one").click()
    teacher.get_by_role("button", name="Hide", exact=True).click()
    expect(thumbs(teacher)).to_have_text(["two"])
    teacher.locator(".hidden-ones").click()
    teacher.get_by_role("button", name="Show", exact=True).click()
    expect(thumbs(teacher)).to_have_text(["one", "two"])
    teacher.get_by_label("What to do with two").click()
    teacher.get_by_role("button", name="Remove", exact=True).click()
    expect(thumbs(teacher)).to_have_text(["one"])
    file = downloaded(teacher, teacher.locator(".do-save"))
    assert file.suggested_filename.endswith(".zip")
    teacher.locator(".do-clear-room").click()
    teacher.locator("dialog[open] .do-yes").click()
    expect(thumbs(teacher)).to_have_count(0)


def test_a_pupil_joins_by_hand_and_a_wrong_room_is_one_sentence(addresses, visitor):
    pupil = visitor(f"{addresses[2]}/your-image?model=digits", LAPTOP)
    pupil.get_by_label("Room code").fill("nothing")
    pupil.locator(".do-join").click()
    status = pupil.locator(".sending [role=status]")
    expect(status).to_contain_text("There is no such room here")
    pupil.get_by_label("Room code").fill(JOIN.search(addresses[1])[1].lower())
    pupil.keyboard.press("Enter")
    expect(pupil.locator(".do-send")).to_be_visible()
    pupil.reload()
    expect(pupil.locator(".do-send")).to_be_visible()
    assert fits(pupil)


def test_the_teachers_page_is_the_teachers(addresses, visitor):
    pupil = visitor(f"{addresses[2]}/class", LAPTOP)
    expect(pupil.locator(".refused")).to_contain_text("This page is the teacher's")
    assert pupil.locator(".pages [data-page=classroom]").count() == 0
    pupil.evaluate(AXE_SCRIPT)
    assert violations(pupil) == []


def test_two_windows_of_the_teacher_say_so(addresses, visitor, teacher):
    other = teacher.context.new_page()
    other.goto(f"{addresses[2]}/class")
    for page in (teacher, other):
        expect(page.locator(".joining [role=status]")).to_contain_text("in another window too")
    other.close()
    expect(teacher.locator(".joining [role=status]")).not_to_contain_text("in another window")


def test_a_class_that_is_off_is_one_sentence(visit):
    page = visit("your-image?model=digits&room=ABC234", ".pad")
    expect(page.locator(".notice")).to_contain_text("none is open here")
    assert page.locator(".sending").count() == 0
    assert "room=" not in page.url


def test_the_teachers_page_is_without_violations(addresses, visitor, teacher):
    pupil = visitor(addresses[1])
    send(pupil, "Ada")
    send(pupil)
    expect(thumbs(teacher)).to_have_count(2)
    expect_none(teacher)
    teacher.set_viewport_size(LAPTOP)
    for show in ("mean", "morph"):
        teacher.locator(f"[data-show={show}]").click()
        assert violations(teacher) == []
    for size in (LAPTOP, PHONE, {"width": 1024, "height": 768}, {"width": 844, "height": 390}):
        teacher.set_viewport_size(size)
        painted(teacher)
        assert fits(teacher), size


def test_predictions_of_a_lesson_are_bars_before_and_after_the_reveal(addresses, visitor, teacher):
    """Phones are led to the lesson that the teacher chose, and the teacher goes there too."""
    teacher.get_by_label("Phones open").select_option("1")
    pupils = [visitor(addresses[1]) for _ in range(2)]
    for pupil in pupils:
        expect(pupil.locator(".lesson .step")).to_be_visible()
        expect(pupil.locator(".prediction + .quiet")).to_contain_text("without your name")
    teacher.goto(f"{addresses[2]}/?lesson=1.1")
    bars = teacher.locator(".class-count output")
    expect(bars).to_have_text(["0"] * 4)
    pupils[0].locator(".prediction input").nth(1).check()
    pupils[0].locator(".do-predict").click()
    pupils[1].locator(".do-no-idea").click()
    expect(teacher.locator(".class-count strong")).to_have_text("The class: 2 predictions")
    expect(bars).to_have_text(["0", "1", "0", "1"])
    assert teacher.locator(".class-count .right").count() == 0
    teacher.locator(".do-no-idea").click()
    for _ in range(5):
        teacher.keyboard.press("e")
        painted(teacher)
    expect(teacher.locator(".class-count .right")).to_have_count(1)
    assert pupils[0].locator(".class-count").count() == 0


TALLY = """async ([question, counts]) =>
  (await import("/live/core/tally.js")).tally(question, counts).map(({ count }) => count)"""


@pytest.mark.parametrize(
    ("question", "counts", "rows"),
    [
        ({"choices": [{}, {}, {}]}, [[0, 2], [2, 5], [None, 1]], [2, 0, 5, 1]),
        ({"choices": [{}, {}]}, [], [0, 0, 0]),
        (
            {"number": {"min": 0, "max": 6, "unit": ""}},
            [[0, 1], [0.9, 1], [1, 1], [3.5, 2], [6, 4], [None, 3]],
            [2, 1, 0, 2, 0, 4, 3],
        ),
    ],
    ids=["choices", "nobody", "number"],
)
def test_every_prediction_is_in_one_bar(page, question, counts, rows):
    assert page.evaluate(TALLY, [question, counts]) == rows


def test_no_slider_and_no_stroke_sends_anything(addresses, visitor, teacher):
    pupil = visitor(addresses[1], LAPTOP)
    pupil.locator(".do-send").wait_for()
    asked = []
    pupil.on("request", lambda request: asked.append(request.url))
    for i in (1, 2):
        pupil.locator(".drawings button").nth(i).click()
        painted(pupil)
    assert asked == []


def test_the_end_of_a_class_is_said_on_every_screen(addresses, visitor, teacher):
    """Last: nothing can be sent after it."""
    pupil = visitor(addresses[1])
    teacher.locator(".do-end").click()
    teacher.locator("dialog[open] .do-yes").click()
    expect(teacher.locator(".joining [role=status]")).to_contain_text("The class is over")
    pupil.locator(".do-send").click()
    expect(pupil.locator(".sending [role=status]")).to_contain_text("This class is over")
    until(teacher, lambda: thumbs(teacher).count() == 0)
