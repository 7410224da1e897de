"""How quickly pictures follow the hand, in a real browser; the usual ways of Streamlit beside us.

    python -m benchmarks.live [--moves 300] [--loads 7] [--chromium PATH] [--json FILE]

Needs `pip install playwright` and a Chromium. Real mouse movements (Playwright's, one at a time,
each when the last has been taken in) go to a slider and to the map. Two times stand in the table:

    hand → painted   from the movement's own time stamp to the end of the frame that shows its
                     picture; Chromium hands movements to a page once a frame, so up to 16.7 ms of
                     this are the browser's wait for the next frame
    page → painted   from the page's first listener to the same end: what the page is answerable for

"The end of the frame": style, layout and paint are done, a message posted in the frame has arrived
(see hand.js). No GPU is used: Chromium draws in software, WebGL by SwiftShader, on the same cores.
"""

import argparse
import math
import os
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from benchmarks.table import machine, show, spread

HERE = Path(__file__).parent
FLAGS = [
    *["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
    # SwiftShader is for WebGL. A whole page put together by it takes more than ten times the
    # processor time of Chromium's own software compositor, which a computer without a GPU gets.
    "--disable-gpu-compositing",
]
SLIDER, STAGE = ".atelier input[type=range]", ".atelier .stage"
STEPS = 10  # mouse movements from one place of a path to the next
THUMB = "[data-testid=stSlider] div:has(> [data-testid=stSliderThumbValue])"

BARE = """<input type="range" min="-4" max="4" step="any"><canvas width="28" height="28"></canvas>
<script>
  const pen = document.querySelector("canvas").getContext("2d");
  document.querySelector("input").oninput = ({ target }) => requestAnimationFrame(() => {
    pen.fillStyle = `hsl(${100 * target.value} 50% 50%)`;
    pen.fillRect(0, 0, 28, 28);
    document.dispatchEvent(new Event("bare:painted"));
  });
</script>"""

PYTHON = [sys.executable, "app.py", "--no-browser", "--port"]
STREAMLIT = [
    *[sys.executable, "-m", "streamlit", "run"],
    *["--server.headless=true", "--server.address=localhost"],
]
SLIDERS = "benchmarks/peers/sliders.py"
OURS = (
    "import streamlit as st, typer; from vae.ui.serve import serve; "
    f"typer.run(serve(st.App('{SLIDERS}')))"
)
SERVERS = {
    "app": PYTHON,
    "app by streamlit run": [*STREAMLIT, "app.py", "--server.port"],
    "st.slider": [*STREAMLIT, SLIDERS, "--runner.postScriptGC=true", "--server.port"],
    "st.slider, our serving": [sys.executable, "-c", OURS, "--no-browser", "--port"],
    "component": [*STREAMLIT, "benchmarks/peers/component.py", "--server.port"],
}


@contextmanager
def server(name: str) -> Iterator[str]:
    """The address of a server of its own, as soon as it listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [*SERVERS[name], str(port)], cwd=HERE.parent, stdout=subprocess.DEVNULL
    )
    try:
        while socket.socket().connect_ex(("127.0.0.1", port)):
            if process.poll() is not None:
                raise SystemExit(f"{' '.join(process.args)} ended with {process.returncode}")
            time.sleep(0.02)
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait()


@contextmanager
def fresh(browser: Browser) -> Iterator[Page]:
    """A page with an empty cache; `page.said` lists all that it says to the server."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_init_script(path=HERE / "hand.js")
    page = context.new_page()
    page.said = []
    page.on("request", lambda r: page.said.append(r.url.split("/")[-1]))
    page.on("websocket", lambda ws: ws.on("framesent", lambda _: page.said.append("message")))
    try:
        yield page
    finally:
        context.close()


def first_drag(page: Page, url: str) -> float:
    """Milliseconds from the navigation to the first dragged picture."""
    page.goto(url, wait_until="commit")
    return page.evaluate("firstDrag()")


def settle(page: Page) -> None:
    """Until the map is drawn and the work of opening is over."""
    page.locator(f"{STAGE} canvas").nth(1).wait_for(timeout=180_000)
    page.wait_for_timeout(3000)


def move(page: Page, cause: str, painted: str, path: list, held: bool) -> dict:
    """Lead the mouse along `path`, STEPS movements a leg; the frames that answered."""
    page.mouse.move(*path[0])
    if held:
        page.mouse.down()
    page.evaluate("([cause, painted]) => watchHand(cause, painted)", [cause, painted])
    page.said.clear()
    begin = time.perf_counter()
    for place in path[1:]:
        page.mouse.move(*place, steps=STEPS)
    seconds = time.perf_counter() - begin
    said = list(page.said)
    page.wait_for_timeout(500)
    if held:
        page.mouse.up()
    return page.evaluate("seen") | {"seconds": seconds, "said": said}


def along(slider: Locator, n: int) -> list[tuple[float, float]]:
    """To and fro on a slider."""
    x, y, width, height = slider.bounding_box().values()
    wave = [math.sin(i) for i in range(n // STEPS + 1)]
    return [(x + width * (0.5 + 0.45 * u), y + height / 2) for u in wave]


def around(stage: Locator, n: int) -> list[tuple[float, float]]:
    """All over the map."""
    x, y, width, height = stage.bounding_box().values()
    wave = [(math.sin(i / 2), math.cos(i / 1.4)) for i in range(n // STEPS + 1)]
    return [(x + width * (0.5 + 0.4 * u), y + height * (0.5 + 0.4 * v)) for u, v in wave]


def row(what: str, seen: dict) -> dict:
    """A line of the table."""
    frames, seconds, said = seen["frames"], seen["seconds"], Counter(seen["said"])

    def between(a: str, b: str) -> str:
        return spread([f[b] - f[a] for f in frames])

    return {
        "what": what,
        "n": len(frames),
        "hand → painted, ms": between("hand", "end"),
        "page → painted, ms": between("page", "end"),
        "page → pixels put, ms": between("page", "put"),
        "images/s": f"{len(frames) / seconds:.1f}" if seconds else "–",
        "moves/s": f"{seen['moves'] / seconds:.1f}" if seconds else "–",
        "sent to the server": ", ".join(f"{n} × {what}" for what, n in said.items()) or 0,
    }


def floor(browser: Browser, n: int) -> dict:
    """A page without a model: what mouse, browser and machine take by themselves."""
    with fresh(browser) as page:
        page.set_content(BARE)
        slider = page.locator("input")
        return row(
            "for scale: a bare page", move(page, "input", "bare:painted", along(slider, n), True)
        )


def ours(browser: Browser, url: str, n: int) -> list[dict]:
    with fresh(browser) as page:
        page.goto(url)
        settle(page)
        slider = move(page, "input", "atelier:painted", along(page.locator(SLIDER).first, n), True)
        page.wait_for_timeout(1000)
        hover = move(page, "pointermove", "atelier:painted", around(page.locator(STAGE), n), False)
    return [row("slider", slider), row("hover on the map", hover)]


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


def cold(browser: Browser, name: str) -> float:
    """Seconds from the start of the process to the first dragged picture."""
    begin = time.perf_counter()
    with server(name) as url, fresh(browser) as page:
        first_drag(page, url)
        return time.perf_counter() - begin


def wait_for_warm_up() -> None:
    """Until UMAP, which the app compiles in the background at its first visit, has done so."""
    subprocess.run([sys.executable, "-m", "vae", "project", "--warm"], cwd=HERE.parent, check=True)


def main() -> None:
    about = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    about.add_argument("--moves", type=int, default=300)
    about.add_argument("--loads", type=int, default=7)
    about.add_argument("--chromium", default=shutil.which("chromium"), help="else Playwright's own")
    about.add_argument("--json", type=Path)
    args = about.parse_args()
    notes = [machine()]
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=args.chromium, args=FLAGS)
        notes.append(f"Chromium {browser.version}, headless, SwiftShader; no GPU is used")
        starts = {name: cold(browser, name) for name in ("app", "app by streamlit run")}
        with server("app") as url:
            with fresh(browser) as page:
                first_drag(page, url)
            wait_for_warm_up()
            rows = [*ours(browser, url, args.moves), floor(browser, args.moves)]
            opened = []
            for _ in range(args.loads):
                with fresh(browser) as page:
                    opened.append(first_drag(page, url) / 1000)
        with server("component") as url:
            rows.append(component(browser, url, args.moves))
        with server("st.slider") as url:
            rows += sliders(browser, url, args.moves)
            plain = rerun(browser, url, 30)
        with server("st.slider, our serving") as url:
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
    show(notes, rows, args.json)


if __name__ == "__main__":
    os.chdir(HERE.parent)
    main()
