"""How quickly pictures follow the hand, in a real browser; the usual ways of Streamlit beside us.

    python -m benchmarks.live [--moves 300] [--loads 7] [--chromium PATH] [--json FILE]
    python -m benchmarks.live --models [--moves 300]    # ours alone, over all shipped models

Needs `pip install playwright` and a Chromium. Real mouse movements go to a slider and to the map,
timed as `benchmarks.browser` says.
"""

import sys
import time
from statistics import median
from typing import Annotated

import typer
from playwright.sync_api import Browser, Page

from benchmarks.browser import (
    APP,
    FOUND,
    PAINTED,
    ROOT,
    SLIDER,
    STAGE,
    Chromium,
    along,
    around,
    first_drag,
    floor,
    fresh,
    launched,
    move,
    row,
    server,
    settle,
    warm_app,
)
from benchmarks.table import Json, machine, run, show, spread

THUMB = "[data-testid=stSlider] div:has(> [data-testid=stSliderThumbValue])"
SLIDERS = "benchmarks/peers/sliders.py"
STREAMLIT = [
    *[sys.executable, "-m", "streamlit", "run"],
    *["--server.headless=true", "--server.address=localhost"],
]
USUAL = [*STREAMLIT, "app.py", "--server.port"]
PEER = [*STREAMLIT, SLIDERS, "--runner.postScriptGC=true", "--server.port"]
COMPONENT = [*STREAMLIT, "benchmarks/peers/component.py", "--server.port"]
SERVED = (
    "import streamlit as st, typer; from vae.ui.serve import serve; "
    f"typer.run(serve(st.App('{SLIDERS}')))"
)
OURS = [sys.executable, "-c", SERVED, "--no-browser", "--port"]


def ours(browser: Browser, url: str, n: int, model: str = "") -> list[dict]:
    with fresh(browser) as page:
        page.goto(f"{url}?model={model}" if model else url)
        settle(page)
        slider = move(page, "input", PAINTED, along(page.locator(SLIDER).first, n), True)
        page.wait_for_timeout(1000)
        hover = move(page, "pointermove", PAINTED, around(page.locator(STAGE), n), False)
    name = f"{model}: " if model else ""
    return [row(f"{name}slider", slider), row(f"{name}hover on the map", hover)]


def over_models(moves: int, chromium: str, file) -> None:
    """The same of every shipped model."""
    notes = [machine(), "pairs are median, p95"]
    with launched(chromium, notes) as browser, warm_app(browser) as url:
        rows = [row for model in shipped() for row in ours(browser, url, moves, model)]
    show(notes, rows, file=file)


def shipped() -> list[str]:
    return sorted(card.parent.name for card in (ROOT / "assets").glob("*/bundle.json"))


def component(browser: Browser, url: str, n: int) -> dict:
    with fresh(browser) as page:
        page.goto(url)
        slider = page.locator("input[type=range]")
        slider.wait_for(timeout=180_000)
        page.wait_for_timeout(1000)
        return row(
            "peer: a component that asks Python",
            move(page, "input", "peer:painted", along(slider, n), True),
        )


def releases(page: Page, n: int) -> dict:
    """Drag `st.slider` n times, each time a little, and let go: only then does it say anything."""
    thumb = page.locator(THUMB).first
    page.evaluate("() => watchHand('pointerup', 'load')")
    for i in range(n):
        here = along(thumb, 0)[0]
        page.mouse.move(*here)
        page.mouse.down()
        page.mouse.move(here[0] + (20 if i % 10 < 5 else -20) + i / 10, here[1], steps=3)
        page.mouse.up()
        page.wait_for_timeout(500)
    return page.evaluate("seen") | {"seconds": 0, "said": [s for s in page.said if s == "message"]}


def sliders(browser: Browser, url: str, n: int) -> list[dict]:
    with fresh(browser) as page:
        page.goto(url)
        page.locator("img").wait_for(timeout=180_000)
        page.wait_for_timeout(1000)
        thumb = page.locator(THUMB).first
        track = page.locator("[data-testid=stSlider] [role=group]").first
        path = along(track, n)
        path[0] = along(thumb, 0)[0]
        held = move(page, "pointermove", "load", path, True)
        page.said.clear()
        let_go = releases(page, max(n // 10, 5))
    return [
        row("peer: st.slider and st.image, while dragging", held),
        row("the same, from letting go", let_go),
    ]


def rerun(browser: Browser, url: str, n: int) -> list[float]:
    """Milliseconds of n reruns, from the message that asks for one to the last answer."""
    with fresh(browser) as page:
        page.goto(url)
        page.locator("img").wait_for(timeout=180_000)
        page.locator("[data-testid=stSlider] input").first.focus()
        page.evaluate("reruns.length = 0")
        for _ in range(n):
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(400)
        return [ms for ms in page.evaluate("reruns") if ms]


def cold(browser: Browser, command: list[str]) -> float:
    """Seconds from the start of the process to the first dragged picture."""
    begin = time.perf_counter()
    with server(*command) as url, fresh(browser) as page:
        first_drag(page, url)
        return time.perf_counter() - begin


def main(
    moves: int = 300,
    loads: int = 7,
    models: Annotated[bool, typer.Option("--models", help="all shipped models, alone")] = False,
    chromium: Chromium = FOUND,
    file: Json = None,
) -> None:
    if models:
        over_models(moves, chromium, file)
        return
    notes = [machine()]
    with launched(chromium, notes) as browser:
        starts = {"app": cold(browser, APP), "app by streamlit run": cold(browser, USUAL)}
        with warm_app(browser) as url:
            rows = [*ours(browser, url, moves), floor(browser, moves)]
            opened = []
            for _ in range(loads):
                with fresh(browser) as page:
                    opened.append(first_drag(page, url) / 1000)
        with server(*COMPONENT) as url:
            rows.append(component(browser, url, moves))
        with server(*PEER) as url:
            rows += sliders(browser, url, moves)
            plain = rerun(browser, url, 30)
        with server(*OURS) as url:
            quick = rerun(browser, url, 30)
    notes += [
        "pairs are median, p95",
        f"page opened → can drag, server warm, empty browser cache: median {median(opened):.2f} s, "
        f"slowest {max(opened):.2f} s (n = {len(opened)})",
        "process started → can drag: "
        + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in starts.items())
        + " (n = 1)",
        f"rerun of the page with ten st.slider: {spread(quick)} ms as `python app.py` serves it "
        f"(n = {len(quick)}), {spread(plain)} ms by streamlit run's defaults (n = {len(plain)})",
    ]
    show(notes, rows, file=file)


if __name__ == "__main__":
    run(main)
