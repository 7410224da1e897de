"""Every page on every screen: what belongs together is in view together, and nothing is cut off."""

import pytest
from playwright.sync_api import expect

from vae.pages import PAGES

from .conftest import PHONE
from .hand import address, fits, painted, until

ZOOMED = (640, 360)  # what a page zoomed to 200 % has on a screen of 1280 x 720
SIZES = [(1280, 720), (1366, 768), (1920, 1080), (1024, 768), (820, 1180), (844, 390), (390, 844)]
SEVERAL = (
    "yours",
    "models",
    "surprise",
    "bits",
    "labels",
    "train",
    "inside",
    "ancestors",
    "match",
    "lessons",
)  # pictures, none the main one
TWICE = 400  # px: what the picture of a laptop's page has at least

INSIDE = """(all) => all.map((e) => {
  const { top, bottom, left, right, width } = e.getBoundingClientRect();
  return width > 0 && top >= 0 && bottom <= innerHeight && left >= 0 && right <= innerWidth;
})"""
# The buttons, tabs and summaries whose words reach beyond their edge; names of pictures may,
# and so may the way past the head, which is not seen.
CUT_OFF = """() =>
  [...document.querySelectorAll(".atelier :is(button:not(.thumb, .skip), .pages a, summary)")]
  .filter((e) => e.offsetParent && e.textContent)
  .filter((e) => {
    const words = document.createRange(), box = e.getBoundingClientRect();
    words.selectNodeContents(e);
    const { left, right, top, bottom } = words.getBoundingClientRect();
    return left < box.left - 1 || right > box.right + 1 ||
      top < box.top - 1 || bottom > box.bottom + 1;
  })
  .map((e) => e.textContent)"""


def sized(page, size: tuple[int, int]) -> None:
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    painted(page)


def inside(page, selector: str) -> bool:
    """Whether all of the first of these is on the screen, without scrolling."""
    return page.locator(selector).locator("visible=true").first.evaluate(f"e => ({INSIDE})([e])")[0]


def side(page) -> float:
    return page.locator(".frame canvas").first.bounding_box()["width"]


@pytest.mark.parametrize("key", PAGES)
def test_nothing_is_cut_off_and_nothing_is_wider_than_the_screen(visit, key):
    path = "" if key == "explore" else PAGES[key].path
    page = visit(f"{path}?model=digits", ".atelier[data-page]:not([aria-busy])")
    page.locator(".bench").locator("visible=true").first.wait_for()
    for size in [*SIZES, ZOOMED]:
        sized(page, size)
        assert fits(page), size
        assert page.evaluate(CUT_OFF) == [], size
        if key not in SEVERAL:
            assert inside(page, ".frame"), size


def test_picture_and_sliders_are_in_view_together(visit):
    page = visit("?model=digits")
    sides = {}
    for size in SIZES:
        sized(page, size)
        assert inside(page, ".frame"), size
        assert inside(page, ".dim"), size
        sides[size] = side(page)
    assert TWICE <= sides[1280, 720] <= sides[1366, 768] < sides[1920, 1080]
    assert sides[1366, 768] % 28 == 0  # pixels of one size


@pytest.mark.parametrize("size", [(1024, 768), (820, 1180), (844, 390), (390, 844)])
def test_the_picture_stays_in_view_while_the_last_slider_is_moved(visit, size):
    page = visit("?model=digits")
    sized(page, size)
    page.locator(".dim").last.scroll_into_view_if_needed()
    assert inside(page, ".frame")
    assert inside(page, ".dim >> nth=-1")


def test_every_row_of_sliders_is_in_view_or_its_card_says_that_there_is_more(visit):
    page = visit("?model=digits")
    sized(page, (1280, 720))
    assert all(page.locator(".rows .dim").evaluate_all(INSIDE))
    page.keyboard.press("f")
    rows = page.locator(".sliders > .rows")
    expect(page.locator(".with-film")).to_have_count(1)
    assert rows.evaluate("e => e.scrollHeight > e.clientHeight")
    assert "local, local, scroll, scroll" in rows.evaluate(
        "e => getComputedStyle(e).backgroundAttachment"
    )


def test_tabs_lead_to_every_page_on_a_phone(visit):
    page = visit("?model=digits", ".dim", PHONE, has_touch=True, is_mobile=True)
    current = page.locator(".pages [aria-current=page]")
    for key, one in reversed(PAGES.items()):
        page.locator(f".pages [data-page={key}]").tap()
        page.locator(f".atelier[data-page={key}]:not([aria-busy])").wait_for()
        expect(current).to_have_text(one.title)
        assert inside(page, ".pages [aria-current]")
        assert page.locator(".pages a").evaluate_all(
            "all => all.every((e) => e.getBoundingClientRect().height >= 40)"
        )
    assert "model=digits" in address(page)


def test_tabs_work_by_keyboard_and_keep_the_focus(visit):
    page = visit("?model=digits")
    page.locator(".pages [data-page=morph]").focus()
    page.keyboard.press("Enter")
    page.locator(".atelier[data-page=morph]:not([aria-busy])").wait_for()
    expect(page.locator(".pages [data-page=morph]")).to_be_focused()


def test_the_map_of_a_phone_begins_in_the_upper_half(visit):
    page = visit("?model=digits", ".dim", PHONE, has_touch=True, is_mobile=True)
    page.locator(".tabs").get_by_text("Map").tap()
    assert page.locator(".stage").bounding_box()["y"] < PHONE["height"] / 2
    assert inside(page, ".frame")
    page.get_by_label("What is the map?").tap()
    help_text = page.locator(".map [popover]:popover-open")
    expect(help_text).to_contain_text("Touch a place")
    expect(help_text).not_to_contain_text("lick")


def test_somebody_chooses_the_other_theme_and_it_stays(visit):
    page = visit("?model=digits", color_scheme="light")
    paper = "getComputedStyle(document.querySelector('.atelier')).color"
    before = page.evaluate(paper)
    page.locator(".do-theme").click()
    dark = page.evaluate(paper)
    assert dark != before
    page.reload()
    page.locator(".atelier[data-theme=dark]").wait_for()
    assert page.evaluate(paper) == dark


def on_stage(page) -> bool:
    return page.locator(".atelier.on-stage").count() == 1


def fills_screen(page) -> bool:
    return page.evaluate("document.fullscreenElement !== null")


def test_the_stage_is_kept_from_page_to_page_and_in_the_link(visit):
    page = visit("?model=digits")
    sized(page, (1920, 1080))
    small = side(page)
    page.keyboard.press("p")
    until(page, lambda: fills_screen(page))
    assert on_stage(page)
    assert side(page) > 1.3 * small
    assert "stage=on" in address(page)
    type_sizes = "all => all.map((e) => parseFloat(getComputedStyle(e).fontSize))"
    words = page.locator(".pages a, .dim .name, .dim .value, .where").locator("visible=true")
    assert min(words.evaluate_all(type_sizes)) >= 28
    assert page.locator(".dim").locator("visible=true").count() == 5
    for key in ("morph", "yours", "generate", "directions", "sheet", "models", "explore"):
        page.locator(f".pages [data-page={key}]").click()
        page.locator(f".atelier[data-page={key}]:not([aria-busy])").wait_for()
        assert on_stage(page)
        assert fits(page)
        assert fills_screen(page)
    page.keyboard.press("p")
    until(page, lambda: not fills_screen(page))
    assert not on_stage(page)
    assert "stage" not in address(page)


def test_a_link_opens_on_stage_and_escape_leaves(visit):
    page = visit("?model=digits&stage=on")
    assert on_stage(page)
    page.keyboard.press("Escape")
    expect(page.locator(".atelier.on-stage")).to_have_count(0)


def test_a_browser_that_refuses_full_screen_is_one_sentence(visit):
    page = visit("?model=digits")
    page.evaluate("() => delete Element.prototype.requestFullscreen")
    page.locator(".do-stage").click()
    assert on_stage(page)
    expect(page.locator(".notice")).to_contain_text("does not let the page fill the screen here")
