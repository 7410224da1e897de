"""What axe-core says of every page, on a laptop in the light theme and on a phone in the dark."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from vae.pages import PAGES

from .conftest import LAPTOP, PHONE
from .hand import painted
from .test_disk import opened, saved  # noqa: F401

# All rules, also the experimental ones: that a name contains what is seen is one of them.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "experimental"]
RUN = """async ([where, values]) => {
  const options = { resultTypes: ["violations"], runOnly: { type: "tag", values } };
  const { violations } = await axe.run(where ?? document, options);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html }) => `${id}: ${target.join(" ")} ${html.slice(0, 160)}`));
}"""
LOOKS = [(LAPTOP, "light"), (PHONE, "dark")]
OPEN = ".atelier:not([aria-busy])"
STATES = [
    *(page.path for page in list(PAGES.values())[1:]),
    "",
    "morph?mode=four",
    "generate?z=@12",
    "directions?mode=hand",
    "sheet?part=traversals",
    "models?part=compare&with=digits,digits-2d,odd,nowhere",
    "models?part=plane",
    "models?part=dial",
    "models?part=twins",
    "models?part=noise",
    "inside?lesson=1.1&of=@115",
    "ancestors?part=search",
]
OFFLINE = ["explore", "yours", "morph", "models", "lessons"]  # what offers less without Python


def violations(page, where: str | None = None) -> list[str]:
    painted(page)
    return page.evaluate(RUN, [where, RULES])


def expect_none(page) -> None:
    """Every part of the page in every look; in the first each form and each menu is opened."""
    page.evaluate(AXE_SCRIPT)
    for size, theme in LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=theme)
        if (size, theme) == LOOKS[0]:
            assert [one for button in openers(page) for one in opened_by(page, button)] == []
        tabs = page.locator(".atelier .tabs button").locator("visible=true")
        for i in range(max(tabs.count(), 1)):
            if tabs.count():
                tabs.nth(i).click()
            assert violations(page) == []


def openers(page):
    """What opens menus and forms, one help and one term: the boxes of these are all alike."""
    kinds = (":enabled:not(.ask):not(.term)", ".ask:enabled", ".term")
    menus, helps, terms = (
        page.locator(f".atelier button[popovertarget]{kind}").locator("visible=true")
        for kind in kinds
    )
    return [*menus.all(), *helps.all()[:1], *terms.all()[:1]]


def opened_by(page, button) -> list[str]:
    button.click()
    violated = violations(page, ".atelier [popover]:popover-open")
    page.keyboard.press("Escape")
    return violated


@pytest.mark.parametrize("address", STATES)
def test_every_page_is_without_violations(visit, address):
    expect_none(visit(address, ready=OPEN))


def test_the_list_of_keys_is_without_violations(visit):
    page = visit()
    page.keyboard.press("?")
    page.evaluate(AXE_SCRIPT)
    assert violations(page, "dialog[open]") == []


@pytest.mark.parametrize("key", OFFLINE)
def test_a_page_of_the_html_file_is_without_violations(opened, key):  # noqa: F811
    page = opened(f"#page={key}", ready=OPEN)
    page.evaluate(AXE_SCRIPT)
    assert violations(page) == []
