"""How quickly morphs, sheets and the page from disk follow the hand; what Python needs for a walk.

    python -m benchmarks.morph [--moves 300] [--repeats 20] [--chromium PATH] [--json FILE]

The first table is timed as in `benchmarks.live`: real mouse movements on the scrubber, on the pad
of the four corners, on the sheet, and on a slider of the HTML file, which is opened from disk with
the network cut. The second is Python alone, on one thread: the geodesic between two held-out codes
as the app asks for it, and a film of 60 frames, decoded and written. "First" is the first call in
this process, after the imports; a warm call follows for each of the pairs, drawn with seed 0.
"""

import argparse
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.live import (
    FLAGS,
    SLIDER,
    along,
    around,
    first_drag,
    floor,
    fresh,
    move,
    row,
    server,
    settle,
    wait_for_warm_up,
)
from benchmarks.table import machine, show, spread

ROOT = Path(__file__).parents[1]
BUNDLE = ROOT / "assets" / "digits"
SHEET = ROOT / "vae" / "ui" / "live" / "sheet.js"
PAINTED = "atelier:painted"
STEPS, FRAMES = 16, 60


# ---- in the page


def morphs(browser: Browser, url: str, n: int) -> list[dict]:
    with fresh(browser) as page:
        page.goto(f"{url}/morph?model=digits")
        settle(page)
        page.wait_for_function("!document.querySelector('.way-row.empty')", timeout=180_000)
        page.wait_for_timeout(1000)
        scrubber = move(page, "input", PAINTED, along(page.locator(".scrubber"), n), True)
        page.locator("button[data-mode=four]").click()
        page.wait_for_timeout(2000)
        pad = move(page, "pointermove", PAINTED, around(page.locator(".corner-pad"), n), False)
    return [row("scrubber of a morph", scrubber), row("four corners", pad)]


def sheet(browser: Browser, url: str, n: int) -> list[dict]:
    if not SHEET.is_file():
        return []
    with fresh(browser) as page:
        page.goto(f"{url}/sheet?model=digits")
        stage = page.locator(".sheet-stage")
        stage.locator("canvas").first.wait_for(timeout=180_000)
        page.wait_for_timeout(4000)  # until its pictures are there
        return [
            row("hover on the sheet", move(page, "pointermove", PAINTED, around(stage, n), False))
        ]


def from_disk(browser: Browser, file: Path, n: int) -> dict:
    with fresh(browser) as page:
        page.context.set_offline(True)
        page.goto(file.as_uri())
        settle(page)
        slider = move(page, "input", PAINTED, along(page.locator(SLIDER).first, n), True)
    return row("slider, HTML file from disk", slider)


def opened(page: Page, file: Path) -> float:
    """Seconds until a slider of the HTML file moves its picture."""
    return first_drag(page, file.as_uri()) / 1000


# ---- in Python


def walks(repeats: int) -> list[dict]:
    import torch

    import vae
    from vae.film import WRITERS, Film
    from vae.geodesic import geodesic
    from vae.paths import SHARE, World, images, line, times, walk

    torch.set_num_threads(1)
    bundle = vae.load(BUNDLE)
    codes, rng = bundle.atlas.mean, np.random.default_rng(0)
    pairs = [codes[rng.choice(len(codes), 2, replace=False)] for _ in range(repeats)]

    def decode(z):
        return bundle.model.decode(z).mean

    def shortest(pair: np.ndarray) -> float:
        """The share of the straight line's energy that is left."""
        rounds = list(geodesic(decode, *torch.from_numpy(pair), steps=STEPS, share=SHARE))
        return rounds[-1].energy / rounds[0].energy

    def film(pair: np.ndarray) -> bytes:
        walked = walk(line, pair, World(decode, codes), times(2, FRAMES))
        frames = images(walked, decode).mul(255).round().byte()
        return WRITERS[".gif"](frames, Film())

    taken = {
        f"geodesic, {STEPS} steps": timed(shortest, pairs),
        f"GIF of {FRAMES} frames at scale 8": timed(film, pairs),
    }
    kept = f"{median(map(shortest, pairs)):.2f} of the line's energy"
    size = f"{median(len(film(pair)) for pair in pairs) / 1000:.0f} kB"
    return [
        {"what": what, "n": len(pairs), "first, ms": f"{first:.0f}", "warm, ms": spread(warm)}
        | {"result (median)": result}
        for (what, (first, warm)), result in zip(taken.items(), (kept, size), strict=True)
    ]


def timed(act: Callable[[np.ndarray], object], pairs: list) -> tuple[float, list[float]]:
    """Milliseconds of the first call, and of one more for each pair."""
    taken = []
    for pair in [pairs[0], *pairs]:
        begin = time.perf_counter()
        act(pair)
        taken.append(1000 * (time.perf_counter() - begin))
    return taken[0], taken[1:]


def main() -> None:
    from vae.export import page as whole_page

    about = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    about.add_argument("--moves", type=int, default=300)
    about.add_argument("--repeats", type=int, default=20)
    about.add_argument("--chromium", default=shutil.which("chromium"), help="else Playwright's own")
    about.add_argument("--json", type=Path)
    args = about.parse_args()
    notes = [machine()]
    with sync_playwright() as p, TemporaryDirectory() as folder:
        browser = p.chromium.launch(executable_path=args.chromium, args=FLAGS)
        notes.append(f"Chromium {browser.version}, headless, SwiftShader; no GPU is used")
        file = Path(folder) / "digits.html"
        file.write_text(whole_page(BUNDLE), "utf-8")
        with server("app") as url:
            with fresh(browser) as page:
                first_drag(page, url)
            wait_for_warm_up()
            rows = [*morphs(browser, url, args.moves), *sheet(browser, url, args.moves)]
        rows += [from_disk(browser, file, args.moves), floor(browser, args.moves)]
        with fresh(browser) as page:
            notes.append(
                f"HTML file of {file.stat().st_size / 1e6:.1f} MB opened from disk → can drag: "
                f"{opened(page, file):.2f} s (n = 1)"
            )
    notes.append("pairs are median, p95")
    show(notes, rows, args.json)
    print()
    apart = args.json and args.json.with_stem(f"{args.json.stem}-python")
    show(["Python, one thread; pairs are median, p95"], walks(args.repeats), apart)


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
