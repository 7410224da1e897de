"""How quickly the pages of tasks follow the hand, in a real browser.

    python -m benchmarks.tools [--moves 300] [--chromium PATH] [--json FILE]

Real mouse movements go to the threshold of Surprise, to four models at once and to the slider of β
on Models, to σ on Inside and to a slider of Match; timed as `benchmarks.browser` says.
"""

from typing import NamedTuple

from playwright.sync_api import Browser

from benchmarks.browser import (
    FOUND,
    PAINTED,
    Chromium,
    along,
    around,
    floor,
    fresh,
    launched,
    move,
    row,
    warm_app,
)
from benchmarks.table import Json, machine, run, show


class Tool(NamedTuple):
    what: str
    path: str
    where: str  # a selector
    cause: str = "input"


FOUR = "digits,digits-2d,digits-ae,digits-beta-4"
SIGMA = ".machine input[type=range]"
TOOLS = (
    Tool("threshold of Surprise", "surprise?model=digits", "input[aria-label=Threshold]"),
    Tool("a stroke, four models", f"models?part=compare&with={FOUR}", ".pad", "pointermove"),
    Tool(
        "β on Models",
        "models?model=digits-beta-1&part=dial",
        "[role=slider], .dial input[type=range]",
    ),
    Tool("σ on Inside, digits", "inside?model=digits", SIGMA),
    Tool("σ on Inside, faces", "inside?model=faces", SIGMA),
    Tool("slider of Match, faces", "match?model=faces", ".axis input"),
)


def measured(browser: Browser, url: str, tool: Tool, n: int) -> dict:
    with fresh(browser) as page:
        page.goto(f"{url}/{tool.path}")
        page.locator(".atelier:not([aria-busy])").wait_for(timeout=180_000)
        hand = page.locator(tool.where).first
        hand.wait_for(timeout=180_000)
        page.wait_for_timeout(4000)  # until the work of opening is over
        path = around(hand, n) if tool.where == ".pad" else along(hand, n)
        return row(tool.what, move(page, tool.cause, PAINTED, path, True))


def main(moves: int = 300, chromium: Chromium = FOUND, file: Json = None) -> None:
    notes = [machine(), "pairs are median, p95"]
    with launched(chromium, notes) as browser:
        with warm_app(browser) as url:
            rows = [measured(browser, url, tool, moves) for tool in TOOLS]
        rows.append(floor(browser, moves))
    show(notes, rows, file=file)


if __name__ == "__main__":
    run(main)
