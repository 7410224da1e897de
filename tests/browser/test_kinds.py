"""Every page opens models of every kind, without a script error or a sentence that is not true."""

import re

import pytest
from toys import TOYS, save

from vae.pages import PAGES

from .hand import painted

READY = ".atelier[data-page='{}']:not([aria-busy])"
SAYS = """(root) => [root.textContent, ...[...root.querySelectorAll("*")].flatMap((e) =>
  ["aria-label", "aria-valuetext", "title"].map((name) => e.getAttribute(name) ?? ""))]
  .join("\\n")"""
OF_OTHERS = ("models", "ancestors")  # pages that speak of other models too
BROKEN = r"NaN|undefined|Infinity|\[object|\bnull\b"


def untrue(kind: str) -> list[str]:
    """Patterns that no page of such a model may show."""
    code = TOYS[kind].code
    learned = code.prior.kind != "normal"
    choice = any(block.kind == "choice" for block in code.blocks)
    return [
        BROKEN,
        *(
            [r"(deviations|in) σ of the prior|in sigma|\d σ"]
            if learned or not code.has_rate
            else []
        ),
        *([r"(distance|‖μ‖) in σ|within [\d.]+ σ|σ away"] if choice else []),
        *([r"N\(0, ?[I1]\)"] if learned else []),
        *([] if code.has_rate else [r"KL\(q", r"rate \d"]),
        *(["unconditional"] if choice else []),
    ]


@pytest.fixture(scope="module")
def toys(models):
    """Beside the models that the app knows already, one of each kind."""
    for kind in TOYS:
        save(models, kind)


@pytest.mark.parametrize("kind", TOYS)
def test_every_page_opens_it_and_says_nothing_untrue(visit, toys, kind):
    page = visit(f"?model={kind}", ready=READY.format("explore"))
    for key, one in PAGES.items():
        if key != "explore":
            page.get_by_role("link", name=one.title, exact=True).click()
        page.locator(READY.format(key)).wait_for()
        page.keyboard.press("r")
        painted(page)
        assert page.locator("[role=alert]").count() == 0
        says = page.locator(".atelier").evaluate(SAYS)
        for pattern in [BROKEN] if key in OF_OTHERS else untrue(kind):
            assert not re.search(pattern, says), re.search(f".{{0,60}}({pattern}).{{0,60}}", says)
