"""Who uses the app without a mouse, or without seeing it."""

import pytest
from playwright.sync_api import expect

from vae.pages import PAGES

OPEN = ".atelier:not([aria-busy])"


def address_of(key: str) -> str:
    return "" if key == next(iter(PAGES)) else PAGES[key].path


def type_of_focused(page) -> str:
    return page.evaluate("document.activeElement.type")


@pytest.mark.parametrize("key", PAGES)
def test_a_page_has_one_heading_with_its_name_and_one_main_part(visit, key):
    page = visit(address_of(key), ready=OPEN)
    expect(page.get_by_role("heading", level=1)).to_have_text(PAGES[key].title)
    expect(page.get_by_role("main")).to_have_count(1)


@pytest.mark.parametrize("key", [key for key in PAGES if key != "sheet"])
def test_the_first_slider_is_within_ten_stops_from_the_top(visit, key):
    page = visit(address_of(key), ready=OPEN)
    page.keyboard.press("Tab")
    for _ in range(9):
        if type_of_focused(page) == "range":
            break
        skips = page.evaluate("document.activeElement.textContent.startsWith('Skip to')")
        page.keyboard.press("Enter" if skips else "Tab")
    assert type_of_focused(page) == "range"
