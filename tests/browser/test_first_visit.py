"""The first seconds of a first visit: a walk by itself, until the hand does anything."""

import pytest
from playwright.sync_api import expect

from .conftest import DRAWN, LAPTOP, PATIENCE
from .hand import painted, state, until

CAPTION = ".view .where"
AT = "() => Array.from(document.querySelector('.atelier').atelier.shown.code.z)"


@pytest.fixture
def arrive(app, chromium):
    """A function: open the app in a browser that was never there."""
    contexts = []

    def first(path="", **options):
        contexts.append(chromium.new_context(viewport=LAPTOP, **options))
        contexts[-1].set_default_timeout(PATIENCE)
        return again(path)

    def again(path=""):
        page = contexts[-1].new_page()
        page.goto(app + "/" + path)
        page.locator(DRAWN).first.wait_for(state="attached")
        painted(page)
        return page

    first.again = again
    yield first
    for context in contexts:
        context.close()


def walking(page) -> bool:
    return "a walk" in page.locator(CAPTION).inner_text()


def test_a_walk_crosses_the_map_and_leaves_no_trace(arrive):
    page = arrive()
    begin = state(page)
    seen = set()
    until(page, lambda: seen.add(str(page.evaluate(AT))) or len(seen) > 5)
    assert walking(page)
    expect(page.locator(CAPTION)).to_contain_text("Your turn", timeout=PATIENCE)
    assert state(page) == begin
    assert page.evaluate(AT) == list(begin["code"]["z"])
    expect(page.locator(".do-undo")).to_be_disabled()


TOUCHES = {
    "a key": lambda page: page.keyboard.press("Shift"),
    "the mouse": lambda page: (page.mouse.move(300, 400), page.mouse.move(310, 400)),
    "a press": lambda page: page.locator(".view .frame").click(),
    "the wheel": lambda page: page.mouse.wheel(0, 20),
}


@pytest.mark.parametrize("touch", TOUCHES.values(), ids=TOUCHES)
def test_it_ends_at_the_first_touch_and_does_not_come_back(arrive, touch):
    page = arrive()
    until(page, lambda: walking(page))
    touch(page)
    until(page, lambda: not walking(page))
    assert not walking(arrive.again())


@pytest.mark.parametrize(
    ("path", "options"), [("", {"reduced_motion": "reduce"}), ("?model=digits&z=@7", {})]
)
def test_nothing_moves_where_it_should_not(arrive, path, options):
    page = arrive(path, **options)
    page.wait_for_timeout(300)
    assert not walking(page)
    assert page.evaluate(AT) == list(state(page)["code"]["z"])
