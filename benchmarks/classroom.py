"""A class in one room: how soon what is sent is seen, and whether anybody's hand is slowed down.

    python -m benchmarks.classroom [--pages 30] [--rounds 3] [--moves 60] [--chromium PATH]

Thirty real pages in one browser, each with a cache of its own, send to the teacher's page beside
them, all on this machine. A send begins when its button is pressed and is seen at the end of the
frame that shows it on the wall; all press at one moment, or one after the other while hands move.
"""

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page

from benchmarks.browser import (
    APP,
    FOUND,
    HAND,
    PAINTED,
    Chromium,
    along,
    around,
    launched,
    move,
    row,
)
from benchmarks.table import ROOT, Json, machine, run, show, spread

LAPTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
OPEN = ".atelier:not([aria-busy])"
PATIENCE = 300_000  # ms to open a page beside thirty others
SLOW = 20  # seconds between two sends of one pupil while hands move
MOST = 11  # sends of one pupil meanwhile: the room takes 12
WORDS = count()
NOW = "performance.timeOrigin + performance.now()"

PUPIL = f"""
window.sent = {{}};
window.sendAs = (name) => {{
  document.querySelector(".sending input").value = name;
  sent[name] = {NOW};
  document.querySelector(".do-send").click();
}};
window.sendAt = (name, time) => setTimeout(() => sendAs(name), time - ({NOW}));
window.keepSending = (name, first, every) => {{
  let i = 0;
  const go = () => i < {MOST} && sendAs(`${{name}}.${{i++}}`);
  setTimeout(() => (go(), window.sender = setInterval(go, every)), first);
}};
"""
TEACHER = f"""
window.wall = {{}};
const after = new MessageChannel();
after.port1.onmessage = ({{ data }}) => data.forEach((name) => (wall[name] = {NOW}));
new MutationObserver((changes) => {{
  const items = changes.flatMap(({{ addedNodes }}) => [...addedNodes])
    .filter((node) => node.classList?.contains("item"));
  const names = items.map((item) => item.querySelector(".name").textContent);
  if (names.length) requestAnimationFrame(() => after.port2.postMessage(names));
}}).observe(document, {{ childList: true, subtree: true }});
"""


@contextmanager
def class_open() -> Iterator[tuple[str, str]]:
    """The address of the teacher's page, and the one for pupils."""
    command = [*APP, "8501", "--class", "--host", "localhost"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    said = "".join(process.stdout.readline() for _ in range(4))
    teach, join = (re.search(rf"http\S+/{what}/\S+", said)[0] for what in ("teach", "join"))
    try:
        while not answers(join):
            time.sleep(0.05)
        yield teach, join
    finally:
        process.terminate()
        process.wait()


def answers(url: str) -> bool:
    try:
        urlopen(url).close()
        return True
    except URLError:
        return False


def opened(browser: Browser, url: str, script: str, viewport: dict) -> Page:
    context = browser.new_context(viewport=viewport, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    for text in (HAND.read_text("utf-8"), script):
        context.add_init_script(text)
    page = context.new_page()
    page.said = []
    page.on("request", lambda request: page.said.append(request.url.split("/")[3]))
    page.on("websocket", lambda ws: ws.on("framesent", lambda _: page.said.append("message")))
    page.goto(url)
    page.locator(OPEN).first.wait_for()
    return page


def bursts(teacher: Page, pupils: list[Page], rounds: int) -> list[float]:
    """All press at the same moment, again and again; until each is seen."""
    ms = []
    for _ in range(rounds):
        word = f"{next(WORDS)}."
        when = 1000 * time.time() + 1000
        for i, page in enumerate(pupils):
            page.evaluate("([name, time]) => sendAt(name, time)", [f"{word}{i}", when])
        teacher.wait_for_timeout(2500)
        ms += all_seen(teacher, pupils, word)
    return ms


@contextmanager
def sending(pupils: list[Page]) -> Iterator[None]:
    """All send again and again, each at its own time."""
    for i, page in enumerate(pupils):
        first = 1000 * SLOW * i / len(pupils)
        page.evaluate("(all) => keepSending(...all)", [f"on.{i}", first, 1000 * SLOW])
    yield
    for page in pupils:
        page.evaluate("clearInterval(sender)")
    pupils[0].wait_for_timeout(2000)


def clear(teacher: Page) -> None:
    teacher.evaluate("fetch('/room-acts', { method: 'POST', body: '{\"act\": \"clear\"}' })")
    teacher.locator(".wall .item").first.wait_for(state="detached")


def all_seen(teacher: Page, pupils: list[Page], word: str) -> list[float]:
    """Milliseconds from each send to the teacher's screen; all of them must come."""
    sent = {name: at for page in pupils for name, at in page.evaluate("sent").items()}
    mine = {name: at for name, at in sent.items() if name.startswith(word)}
    teacher.wait_for_function("(names) => names.every((name) => name in wall)", arg=[*mine])
    wall = teacher.evaluate("wall")
    return [wall[name] - at for name, at in mine.items()]


def strokes(pupils: list[Page]) -> list[tuple[Page, str, str]]:
    return [(page, ".pad", "pointermove") for page in pupils]


def morphs(teacher: Page) -> list[tuple[Page, str, str]]:
    """Between the first two pictures on the wall."""
    for thumb in teacher.locator(".wall .thumb").all()[:2]:
        thumb.click()
    return [(teacher, ".together input", "input")]


def hands(pages: list[tuple[Page, str, str]], moves: int) -> list[dict]:
    """Each page's hand in turn: what `move` has seen of it."""
    seen = []
    for page, where, cause in pages:
        hand = page.locator(where).first
        path = around(hand, moves) if cause == "pointermove" else along(hand, moves)
        seen.append(move(page, cause, PAINTED, path, True))
    return seen


def together(what: str, seen: list[dict]) -> dict:
    """One line of the table for several pages."""
    return row(what, {
        "frames": [frame for one in seen for frame in one["frames"]],
        "moves": sum(one["moves"] for one in seen),
        "seconds": sum(one["seconds"] for one in seen),
        "said": [what for one in seen for what in one["said"]],
    }) | {"slowest page, median ms": f"{max(map(middle, seen)):.1f}"}  # fmt: skip


def middle(seen: dict) -> float:
    return float(spread([f["end"] - f["page"] for f in seen["frames"]]).split(",")[0])


def line(what: str, ms: list[float]) -> dict:
    return {
        "what": what,
        "n": len(ms),
        "pressed → on the teacher's screen, ms": spread(ms),
        "slowest": f"{max(ms):.0f}",
    }


def main(
    pages: int = 30,
    rounds: int = 3,
    moves: int = 60,
    chromium: Chromium = FOUND,
    file: Json = None,
) -> None:
    notes = [machine(), "pairs are median, p95", f"{pages} pages and the teacher's, one browser"]
    with launched(chromium, notes) as browser, class_open() as (teach, join):
        teacher = opened(browser, teach, TEACHER, LAPTOP)
        pupils = [opened(browser, join, PUPIL, PHONE) for _ in range(pages)]
        teacher.wait_for_timeout(5000)  # until the work of opening is over
        sends = [line("all at one moment", bursts(teacher, pupils, rounds))]
        quiet = [hands(strokes(pupils), moves), hands(morphs(teacher), 5 * moves)]
        clear(teacher)
        bursts(teacher, pupils[:2], 1)
        with sending(pupils):
            busy = [hands(strokes(pupils), moves), hands(morphs(teacher), 5 * moves)]
        ms = all_seen(teacher, pupils, "on.")
        sends.append(line("one after the other, while hands move", ms))
    drags = [
        together("a stroke of each pupil, nobody sends", quiet[0]),
        together("the same, while all send", busy[0]),
        together("the teacher's morph, nobody sends", quiet[1]),
        together("the same, while all send", busy[1]),
    ]
    show(notes, sends, drags, file=file)


if __name__ == "__main__":
    run(main)
