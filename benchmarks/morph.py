"""How quickly morphs, sheets and the page from disk follow the hand, in a real browser.

    python -m benchmarks.morph [--moves 300] [--chromium PATH] [--json FILE]

Real mouse movements go to the scrubber, to the pad of the four corners, to the sheet, and to a
slider of the HTML file, which is opened from disk with the network cut; timed as
`benchmarks.browser` says.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

from benchmarks.browser import (
    FOUND,
    PAINTED,
    SLIDER,
    Chromium,
    along,
    around,
    first_drag,
    floor,
    fresh,
    launched,
    move,
    row,
    settle,
    warm_app,
)
from benchmarks.table import DIGITS, Json, machine, run, show
from vae.export import page as whole_page


def morphs(browser: Browser, url: str, n: int) -> list[dict]:
    with fresh(browser) as page:
        page.goto(f"{url}/morph?model=digits")
        settle(page)
        page.wait_for_function("!document.querySelector('.path-row.empty')", timeout=180_000)
        page.wait_for_timeout(1000)
        scrubber = move(page, "input", PAINTED, along(page.locator(".scrubber"), n), True)
        page.locator("button[data-mode=four]").click()
        page.wait_for_timeout(2000)
        pad = move(page, "pointermove", PAINTED, around(page.locator(".corner-pad"), n), False)
    return [row("scrubber of a morph", scrubber), row("four corners", pad)]


def sheet(browser: Browser, url: str, n: int) -> dict:
    with fresh(browser) as page:
        page.goto(f"{url}/sheet?model=digits")
        stage = page.locator(".sheet-stage")
        stage.locator("canvas").first.wait_for(timeout=180_000)
        page.wait_for_timeout(4000)  # until its pictures are there
        seen = move(page, "pointermove", PAINTED, around(stage, n), False)
    return row("hover on the sheet", seen)


def from_disk(browser: Browser, file: Path, n: int) -> dict:
    with fresh(browser) as page:
        page.context.set_offline(True)
        page.goto(file.as_uri())
        settle(page)
        slider = move(page, "input", PAINTED, along(page.locator(SLIDER).first, n), True)
    return row("slider, HTML file from disk", slider)


def main(moves: int = 300, chromium: Chromium = FOUND, file: Json = None) -> None:
    notes = [machine()]
    with launched(chromium, notes) as browser, TemporaryDirectory() as folder:
        html = Path(folder) / "digits.html"
        html.write_text(whole_page(DIGITS), "utf-8")
        with warm_app(browser) as url:
            rows = [*morphs(browser, url, moves), sheet(browser, url, moves)]
        rows += [from_disk(browser, html, moves), floor(browser, moves)]
        with fresh(browser) as page:
            seconds = first_drag(page, html.as_uri()) / 1000
        size = html.stat().st_size / 1e6
    notes += [
        f"HTML file of {size:.1f} MB opened from disk → can be dragged: {seconds:.2f} s (n = 1)",
        "pairs are median, p95",
    ]
    show(notes, rows, file=file)


if __name__ == "__main__":
    run(main)
