"""A real browser and a server of its own, and how quickly pictures there follow the hand.

Real mouse movements (Playwright's, one at a time, each when the last has been taken in) go to
whatever is measured. A table has two times:

    hand → painted   from the movement's own time stamp to the end of the frame that shows its
                     picture; Chromium hands movements to a page once a frame, so up to 16.7 ms of
                     this are the browser's wait for the next frame
    page → painted   from the page's first listener to the same end: what the page is answerable for

"The end of the frame": style, layout and paint are done, a message posted in the frame has arrived
(see hand.js). No GPU is used: Chromium draws in software, WebGL by SwiftShader, on the same cores.
"""

import math
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from benchmarks.table import ROOT, spread

Chromium = Annotated[str | None, typer.Option(help="its path; else Playwright's own")]
FOUND = shutil.which("chromium")
HAND = Path(__file__).parent / "hand.js"
FLAGS = [
    *["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
    # SwiftShader is for WebGL. A whole page put together by it takes more than ten times the
    # processor time of Chromium's own software compositor, which a computer without a GPU gets.
    "--disable-gpu-compositing",
]
SLIDER, STAGE = ".atelier input[type=range]", ".atelier .stage"
PAINTED = "atelier:painted"
STEPS = 10  # mouse movements from one place of a path to the next
APP = [sys.executable, "app.py", "--no-browser", "--port"]

BARE = """<input type="range" min="-4" max="4" step="any"><canvas width="28" height="28"></canvas>
<script>
  const pen = document.querySelector("canvas").getContext("2d");
  document.querySelector("input").oninput = ({ target }) => requestAnimationFrame(() => {
    pen.fillStyle = `hsl(${100 * target.value} 50% 50%)`;
    pen.fillRect(0, 0, 28, 28);
    document.dispatchEvent(new Event("bare:painted"));
  });
</script>"""


@contextmanager
def launched(path: str | None, notes: list[str]) -> Iterator[Browser]:
    """Chromium, and a note of its version."""
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=path, args=FLAGS)
        notes.append(f"Chromium {browser.version}, headless, SwiftShader; no GPU is used")
        yield browser


@contextmanager
def server(*command: str) -> Iterator[str]:
    """The address of a server started by `command` and a port, as soon as it listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([*command, str(port)], cwd=ROOT, stdout=subprocess.DEVNULL)
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
    context.add_init_script(path=HAND)
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


@contextmanager
def warm_app(browser: Browser) -> Iterator[str]:
    """The app's address, after its first visit and what that starts in the background: UMAP
    compiles itself."""
    with server(*APP) as url:
        with fresh(browser) as page:
            first_drag(page, url)
        subprocess.run([sys.executable, "-m", "vae", "project", "--warm"], cwd=ROOT, check=True)
        yield url


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
