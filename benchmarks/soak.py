"""A class that stays: a hundred visitors for some minutes, and what the server makes of it.

    python -m benchmarks.soak --minutes 10

A dozen visitors are real pages in Chromium, which drag; the others send what a page sends: the
page itself, its web socket, which stays open as a page's does, and the model's files, then now and
then a picture, a geodesic, a refinement or a film. Beside each kind of request stand how many there
were, how many failed, and their times; below, what the server and the processes that work for it
hold, in memory and open files, ten times on the way. At last forty films are asked for at once, and
the page is opened meanwhile. All on loopback, on Linux. Where anything failed it ends with code 1.
"""

import io
import json
import os
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Annotated

import requests
import typer
from PIL import Image, ImageDraw
from playwright.sync_api import Browser
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from benchmarks.browser import APP, FOUND, SLIDER, STAGE, Chromium, fresh, launched, server
from benchmarks.table import Json, machine, run, show

D = 16  # latents of the shipped digits
MOMENTS = 10  # at which is seen what the server holds
PATIENCE = 120  # seconds for one answer
COMING = 0.1  # of the time: within it all open the page


class Times:
    """Seconds that each kind of request took, and what went wrong."""

    def __init__(self):
        self.taken: dict[str, list[float]] = defaultdict(list)
        self.faults: dict[str, list[str]] = defaultdict(list)

    @contextmanager
    def of(self, kind: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        except Exception as why:  # counted, and said in the table's notes
            self.faults[kind].append(f"{type(why).__name__}: {str(why)[:200]}")
        else:
            self.taken[kind].append(time.perf_counter() - start)

    def failed(self) -> int:
        return sum(map(len, self.faults.values()))

    def rows(self) -> list[dict]:
        kinds = sorted(self.taken.keys() | self.faults.keys())
        return [
            {"request": kind, "n": len(self.taken[kind]), "failed": len(self.faults[kind])}
            | figures(self.taken[kind])
            for kind in kinds
        ]


def figures(seconds: list[float]) -> dict:
    if len(seconds) < 2:
        return {"median, s": "–", "p95, s": "–", "p99, s": "–", "most, s": "–"}
    cuts = quantiles(seconds, n=100, method="inclusive")
    said = {"median": median(seconds), "p95": cuts[94], "p99": cuts[98], "most": max(seconds)}
    return {f"{name}, s": f"{value:.3f}" for name, value in said.items()}


# ---- what a page sends


class Visitor:
    """The requests of one page that somebody has open."""

    def __init__(self, url: str, times: Times, number: int):
        self.url, self.times, self.number = url, times, number
        self.random = random.Random(number)
        self.session, self.sockets, self.asked = requests.Session(), ExitStack(), 0

    def stay(self, end: float) -> None:
        time.sleep(self.random.uniform(0, COMING * (end - time.monotonic())))
        self.open()
        while time.monotonic() < end:
            time.sleep(min(self.random.uniform(2, 10), max(0, end - time.monotonic())))
            ask = self.random.choice(
                [self.open, self.picture, self.geodesic, self.refine, self.film]
            )
            ask()
        self.leave()

    def leave(self) -> None:
        self.session.close()
        self.sockets.close()

    def open(self) -> None:
        with self.times.of("the page"):
            self.get("/")
        with self.times.of("its script, by web socket"):
            self.sockets.close()
            rerun(self.sockets.enter_context(connected(self.url)))
        if not self.asked:  # a browser keeps them
            with self.times.of("a model's files"):
                for name in ("bundle.json", "weights.safetensors", "atlas.safetensors"):
                    self.get(f"/models/digits/{name}")

    def picture(self) -> None:
        self.post("pictures", drawing(self.random.randrange(10)))

    def geodesic(self) -> None:
        self.post("geodesic", json.dumps({"from": self.code(), "to": self.code(), "steps": 16}))

    def refine(self) -> None:
        self.post("refine", bytes(self.random.randbytes(784)), settings=json.dumps({"steps": 50}))

    def film(self, frames: int = 60, scale: int = 8) -> None:
        self.post("film", json.dumps(film(frames, scale)))

    def code(self) -> list[float]:
        return [self.random.gauss(0, 1) for _ in range(D)]

    def get(self, path: str) -> None:
        self.session.get(self.url + path, timeout=PATIENCE).raise_for_status()

    def post(self, what: str, body: str | bytes, **query: str) -> None:
        self.asked += 1
        ticket = {"X-Ticket": f"soak{self.number}.{self.asked}"}
        with self.times.of(what):
            answer = self.session.post(
                f"{self.url}/{what}/digits", body, headers=ticket, params=query, timeout=PATIENCE
            )
            if not answer.ok:
                raise requests.HTTPError(f"{answer.status_code} {answer.text[:150]}")


def film(frames: int, scale: int, kind: str = "mp4") -> dict:
    codes = [[[round(random.gauss(0, 1), 3) for _ in range(D)]] for _ in range(frames)]
    settings = {"scale": scale, "fps": 20}
    return {"kind": kind, "settings": settings, "codes": codes, "weights": [[1]] * frames}


def drawing(digit: int) -> bytes:
    image = Image.new("L", (300, 300), 255)
    ImageDraw.Draw(image).text((60, 0), str(digit), 0, font_size=220)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def connected(url: str) -> connect:
    address = url.replace("http", "ws") + "/_stcore/stream"
    return connect(
        address, origin=url, subprotocols=["streamlit"], max_size=None, open_timeout=PATIENCE
    )


def rerun(socket: ClientConnection) -> None:
    """What a page says first, until its script has run."""
    asked = BackMsg()
    asked.rerun_script.query_string = ""
    socket.send(asked.SerializeToString())
    said = ForwardMsg()
    while said.WhichOneof("type") != "script_finished":
        said.ParseFromString(socket.recv(timeout=PATIENCE))


# ---- real pages


def drag(pages: list, end: float, times: Times) -> None:
    """Move a slider on one page after the other."""
    number = random.Random(0)
    while pages and time.monotonic() < end:
        for page in pages:
            if time.monotonic() >= end:
                return
            with times.of("a slider dragged in Chromium"):
                slider = page.locator(SLIDER).first
                box = slider.bounding_box()
                y = box["y"] + box["height"] / 2
                page.mouse.move(box["x"] + box["width"] / 2, y)
                page.mouse.down()
                page.mouse.move(box["x"] + number.random() * box["width"], y, steps=20)
                page.mouse.up()
            page.wait_for_timeout(1000)
    time.sleep(max(0, end - time.monotonic()))


# ---- what the server holds


def processes() -> list[int]:
    """The app's process and all that it has started."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int(
                (folder / "stat").read_text().rpartition(")")[2].split()[1]
            )
        except OSError:
            continue  # it has ended meanwhile
    ours = [os.getpid()]
    for one in ours:
        ours += [child for child, parent in parents.items() if parent == one]
    apps = [one for one in ours if "app.py" in command_of(one)]
    for one in apps:
        apps += [child for child, parent in parents.items() if parent == one]
    return apps


def command_of(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        return ""


def held(when: str) -> dict:
    """MB (of each process what it does not share) and open files, of the server and its workers."""
    server, *workers = [what_holds(one) for one in processes()] or [(0, 0)]
    return {
        "when": when,
        "server, MB": server[0],
        "workers": len(workers),
        "workers, MB": sum(memory for memory, _ in workers),
        "files": server[1] + sum(files for _, files in workers),
    }


def what_holds(process: int) -> tuple[int, int]:
    """MB and open files of one process; nothing of one that has ended."""
    try:
        smaps = Path(f"/proc/{process}/smaps_rollup").read_text()
        files = len(list(Path(f"/proc/{process}/fd").iterdir()))
    except OSError:
        return 0, 0
    return sum(map(int, re.findall(r"^Private\w+: +(\d+)", smaps, re.M))) // 1024, files


def promise(url: str, films: int) -> dict:
    """The page, again and again, while so many films are asked for at once."""
    times, body = Times(), json.dumps(film(300, 16))

    def ask(i: int) -> None:
        headers = {"X-Ticket": f"promise{i}.0"}
        with times.of("film"):
            requests.post(
                f"{url}/film/digits", body, headers=headers, timeout=3600
            ).raise_for_status()

    start = time.perf_counter()
    with ThreadPoolExecutor(films) as crowd:
        asked = [crowd.submit(ask, i) for i in range(films)]
        while not all(one.done() for one in asked):
            with times.of("page"):
                requests.get(url, timeout=PATIENCE).raise_for_status()
            time.sleep(0.05)
    seen = f"the page, while {films} films of 300 frames at scale 16 were made"
    took = f"{time.perf_counter() - start:.0f}"
    return {
        "request": seen,
        "n": len(times.taken["page"]),
        "failed": times.failed(),
        "all films, s": took,
    } | (figures(times.taken["page"]))


@contextmanager
def opened(running: Browser, url: str, pages: int, times: Times) -> Iterator[list]:
    """The app in so many tabs, each in a browser context of its own."""
    with ExitStack() as stack:
        tabs = [stack.enter_context(fresh(running)) for _ in range(pages)]
        for tab in tabs:
            tab.on("pageerror", lambda error: times.faults["Chromium"].append(str(error)))
            with times.of("the app opened in Chromium"):
                tab.goto(url)
                tab.locator(STAGE).first.wait_for(timeout=PATIENCE * 1000)
        yield tabs


def soak(url: str, tabs: list, others: int, minutes: float, times: Times) -> list[dict]:
    """All stay so long; what the server holds, ten times on the way."""
    start, seen = time.monotonic(), []
    end = start + 60 * minutes
    with ThreadPoolExecutor(max(1, others)) as crowd:
        staying = [crowd.submit(Visitor(url, times, i).stay, end) for i in range(others)]
        for tenth in range(1, MOMENTS + 1):
            drag(tabs, start + 60 * minutes * tenth / MOMENTS, times)
            seen.append(held(f"{minutes * tenth / MOMENTS:.1f} min"))
        for one in staying:
            one.result()
    return seen


def main(
    minutes: Annotated[float, typer.Option(help="how long they stay")] = 10.0,
    visitors: Annotated[int, typer.Option(help="all together")] = 100,
    films: Annotated[int, typer.Option(help="asked for at once, at the end")] = 40,
    pages: Annotated[int, typer.Option(help="of them in Chromium")] = 12,
    chromium: Chromium = FOUND,
    json_file: Json = None,
) -> None:
    notes = [machine(), f"{visitors} visitors for {minutes:g} minutes, {pages} of them in Chromium"]
    times = Times()
    with launched(chromium, notes) as browser, server(*APP) as url:
        Visitor(url, Times(), 0).open()
        with opened(browser, url, pages, times) as tabs:
            seen = soak(url, tabs, visitors - pages, minutes, times)
        kept = promise(url, films)
        seen.append(held("after the films"))
    notes += [f"{kind}: {why}" for kind, faults in times.faults.items() for why in faults[:3]]
    show(notes, times.rows(), seen, [kept], file=json_file)
    if times.failed() + kept["failed"]:
        raise typer.Exit(1)


if __name__ == "__main__":
    run(main)
