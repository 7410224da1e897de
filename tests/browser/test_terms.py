"""Terms where they are read: once a page, by pointer and by keys, also in the HTML file."""

import pytest
from playwright.sync_api import expect

from vae.pages import PAGES

from .hand import painted, until
from .test_disk import opened, saved  # noqa: F401

OPEN = ".atelier:not([aria-busy])"
TERMS = "() => Array.from(document.querySelectorAll('.term'), (term) => term.dataset.term)"
BOX = ".term-box:popover-open"


@pytest.mark.parametrize("path", ["", "models"])
def test_a_page_underlines_a_term_once(visit, path):
    page = visit(path, ready=OPEN)
    page.locator(".term").first.wait_for()
    terms = page.evaluate(TERMS)
    assert len(terms) > 4
    assert len(set(terms)) == len(terms)


def test_a_term_opens_under_the_pointer_with_the_focus_and_by_a_press(visit):
    page = visit("models", ready=OPEN)
    term = page.locator(".term", has_text="latent dimensions")
    term.hover()
    expect(page.locator(BOX)).to_contain_text("what it changes in the picture was learned")
    page.mouse.move(0, 0)
    expect(page.locator(BOX)).to_have_count(0)
    term.click()
    expect(page.locator(BOX)).to_have_count(1)
    page.locator(BOX).get_by_text("Formula").click()
    expect(page.locator(f"{BOX} .formula")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(BOX)).to_have_count(0)
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    until(page, lambda: page.locator(BOX).count() == 1)
    expect(page.locator(BOX)).to_contain_text("dimension")


def test_a_term_in_a_help_text_leaves_that_open(visit):
    page = visit("your-image", ready=OPEN)
    page.get_by_label("What is the surprise?").click()
    term = page.locator("[popover]:popover-open .term").first
    term.hover()
    expect(page.locator(BOX)).to_have_count(1)
    expect(term).to_be_visible()


def test_a_text_that_changes_stays_whole(visit):
    """A mark in it would come and go at each move."""
    page = visit("bits?model=digits", ready=OPEN)
    page.evaluate(
        """() => {
          const p = document.querySelector(".bench").appendChild(document.createElement("p"));
          Object.assign(p, { id: "changing", textContent: "the geodesic" });
        }"""
    )
    changing = page.locator("#changing")
    expect(changing.locator(".term")).to_have_count(1)
    changing.evaluate("(p) => { p.textContent = 'another geodesic'; }")
    page.wait_for_timeout(600)
    expect(changing).to_have_text("another geodesic")
    assert changing.locator(".term").count() == 0


def test_the_html_file_has_its_terms_too(opened):  # noqa: F811
    page = opened(f"#page={list(PAGES)[-1]}", ready=OPEN)
    page.locator(".term").first.hover()
    expect(page.locator(BOX)).to_have_count(1)
    painted(page)
