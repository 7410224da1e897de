"""Who uses the app without a mouse, or without seeing it."""

from urllib.error import HTTPError
from urllib.parse import unquote
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from vae.pages import PAGES

from .hand import address, state

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


@pytest.mark.parametrize("key", PAGES)
def test_a_page_opens_without_a_complaint_in_the_console(visit, app, key):
    page, complaints = visit(address_of(key), ready=OPEN), []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.reload()
    page.locator(OPEN).wait_for()
    assert complaints == []


def test_the_first_page_has_a_name_too(visit):
    page = visit("explore?model=digits&film=on", ready=OPEN)
    assert state(page)["film"]
    assert address(page).endswith("/?model=digits&film=on")


@pytest.mark.parametrize("wrong", ["nonsense", "morph/deeper", "a%22%3Cb%3E"])
def test_an_address_of_no_page_leads_to_the_first_and_says_so(visit, app, wrong):
    page = visit(wrong, ready=OPEN)
    expect(page.get_by_role("heading", level=1)).to_have_text("Explore")
    expect(page.locator(".notices")).to_contain_text(f"There is no page “/{unquote(wrong)}”")
    assert address(page) == f"{app}/?model=digits"


def test_what_a_link_asks_for_that_no_page_has_is_said_and_leaves_the_address(visit, app):
    page = visit("sheet?colour=red&nonsense=1", ready=OPEN)
    expect(page.locator(".notices .notice")).to_have_count(2)
    expect(page.locator(".notices")).to_contain_text(
        "The link's nonsense is not known on this page"
    )
    assert address(page) == f"{app}/sheet?model=digits"


def test_a_model_that_is_not_there_is_said_and_another_opens(visit):
    page = visit("?model=nowhere", ready=OPEN)
    expect(page.locator(".notices")).to_contain_text("“nowhere”, which is not here")
    assert page.get_by_label("model", exact=True).input_value() == "digits"


def test_a_program_that_asks_for_no_page_gets_no_page(app):
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"{app}/nonsense")
