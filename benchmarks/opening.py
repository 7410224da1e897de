"""How soon the picture can be dragged on a slow line, and how soon all of the page is there.

    python -m benchmarks.opening [--loads 5] [--megabits 5] [--latency 20] [--chromium PATH]

The browser's cache is empty each time, and the server warm. Chromium itself slows the line, for the
page and its workers; the WebSocket, which carries little, is as fast as ever.
"""

from collections import defaultdict
from statistics import median
from typing import Annotated

import typer
from playwright.sync_api import Browser, Page

from benchmarks.browser import FOUND, STAGE, Chromium, first_drag, fresh, launched, warm_app
from benchmarks.table import Json, machine, run, show

WHOLE = f".atelier:not([aria-busy]) {STAGE.removeprefix('.atelier ')}:not(:has(.waiting))"
SINCE = "() => performance.now()"


def slowed(page: Page, megabits: float, latency: float) -> dict[str, int]:
    """Slow the page's line; returns what fills with the bytes of each kind of file as they come."""
    line = page.context.new_cdp_session(page)
    names, sizes = {}, defaultdict(int)

    def came(event: dict) -> None:
        names[event["requestId"]] = kind(event["response"]["url"])

    def ended(event: dict) -> None:
        sizes[names.get(event["requestId"], "other")] += event["encodedDataLength"]

    line.on("Network.responseReceived", came)
    line.on("Network.loadingFinished", ended)
    line.send("Network.enable")
    rate = megabits * 1e6 / 8
    conditions = {"downloadThroughput": rate, "uploadThroughput": rate, "latency": latency}
    line.send("Network.emulateNetworkConditions", {"offline": False, **conditions})
    return sizes


def kind(url: str) -> str:
    """What a file is part of."""
    for part, name in (("/models/", "model"), ("/live/", "modules"), ("/static/", "Streamlit")):
        if part in url:
            return name
    return "other"


def opened(browser: Browser, url: str, megabits: float, latency: float) -> dict:
    with fresh(browser) as page:
        sizes = slowed(page, megabits, latency)
        drag = first_drag(page, url) / 1000
        page.locator(WHOLE).wait_for(timeout=180_000)
        whole = page.evaluate(SINCE) / 1000
        return {"drag": drag, "whole": whole, "sizes": dict(sizes)}


def main(
    loads: int = 5,
    megabits: Annotated[float, typer.Option(help="of the line, a second")] = 5,
    latency: Annotated[float, typer.Option(help="ms of each answer")] = 20,
    chromium: Chromium = FOUND,
    file: Json = None,
) -> None:
    notes = [machine()]
    with launched(chromium, notes) as browser, warm_app(browser) as url:
        all_loads = [opened(browser, url, megabits, latency) for _ in range(loads)]
    rows = [
        {
            "what": words,
            "median, s": f"{median(one[key] for one in all_loads):.2f}",
            "slowest, s": f"{max(one[key] for one in all_loads):.2f}",
            "n": loads,
        }
        for key, words in (("drag", "page opened → can drag"), ("whole", "→ all of it is there"))
    ]
    sizes = all_loads[-1]["sizes"]
    parts = ", ".join(f"{name} {size / 1e6:.2f}" for name, size in sorted(sizes.items()))
    notes += [
        f"a line of {megabits:g} Mbit/s with {latency:g} ms, an empty cache, a warm server",
        f"MB that came: {parts}; together {sum(sizes.values()) / 1e6:.2f}",
    ]
    show(notes, rows, file=file)


if __name__ == "__main__":
    run(main)
