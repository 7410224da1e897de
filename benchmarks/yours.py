"""How soon a person's own picture is on the screen, and how soon a drawing is understood.

    python -m benchmarks.yours [--uploads 20] [--moves 300] [--chromium PATH] [--json FILE]

An upload begins when the browser has the file and ends with the frame in which the last of these
is on the screen: the steps of the preparation, the reconstruction, the place on the map, and
the sentence that says how usual the picture is. Beside it stands the same with `umap.transform` for
the place, which a server would have to run: its time is measured by itself and added. Strokes are
real mouse movements on the pad, timed as `benchmarks.browser` says.
"""

import time
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page

from benchmarks.browser import (
    FOUND,
    PAINTED,
    STEPS,
    Chromium,
    around,
    floor,
    fresh,
    launched,
    move,
    row,
    settle,
    warm_app,
)
from benchmarks.table import DIGITS, Json, machine, run, show, spread

# Resolves with the milliseconds of each part, from the file's arrival to the frame that shows it.
WATCH = """() => {
  const words = document.querySelector(".atelier .diagnosis");
  const strip = document.querySelector(".atelier .strip");
  const parts = {}, after = new MessageChannel();
  let begin = 0, say;
  window.uploaded = new Promise((resolve) => (say = resolve));
  const done = (name) => requestAnimationFrame(() => after.port2.postMessage(name));
  after.port1.onmessage = ({ data }) => {
    parts[data] ??= performance.now() - begin;
    if (["steps", "place", "verdict"].every((name) => parts[name])) say(parts);
  };
  delete words.dataset.kind;
  strip.replaceChildren();
  const watch = new MutationObserver(() => {
    if (strip.querySelector("img")) done("steps");
    if (words.dataset.kind) done("verdict");
  });
  watch.observe(document.querySelector(".atelier .yours"), { subtree: true, childList: true,
    attributes: true, attributeFilter: ["data-kind"] });
  // The frame that paints the reconstruction also puts the marker on the map.
  const painted = ({ detail }) => {
    if (!begin || !strip.querySelector("img")) return;
    document.removeEventListener("atelier:painted", painted, true);
    after.port2.postMessage("place");
  };
  document.addEventListener("atelier:painted", painted, true);
  const arrived = { capture: true, once: true };
  window.addEventListener("change", () => (begin = performance.now()), arrived);
}"""


def seven(width: int, height: int) -> Image.Image:
    """Two strokes of a pen on paper, in uneven light with noise: (width, height), grey."""
    rng = np.random.default_rng(0)
    image = Image.new("L", (width, height), 225)
    pen, (w, h) = ImageDraw.Draw(image), (width / 100, height / 100)
    corners = [(32 * w, 25 * h), (66 * w, 23 * h), (45 * w, 78 * h)]
    pen.line(corners, fill=45, width=round(5 * min(w, h)), joint="curve")
    light = np.linspace(1, 0.75, width)[None] * np.linspace(0.95, 1, height)[:, None]
    noise = rng.normal(0, 5, (height, width))
    return Image.fromarray((np.asarray(image) * light + noise).clip(0, 255).astype(np.uint8))


def encoded(image: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    image.save(out, kind, quality=85)
    return out.getvalue()


def upload(page: Page, file: dict) -> dict[str, float]:
    """Milliseconds of each part of one upload."""
    page.evaluate(WATCH)
    page.locator(".bring input").set_input_files(file)
    parts = page.evaluate("() => window.uploaded")
    page.locator(".item .remove").click()  # your pictures are as before
    page.wait_for_timeout(500)
    return parts


def uploaded(browser: Browser, url: str, files: dict[str, dict], n: int) -> dict[str, list[dict]]:
    with fresh(browser) as page:
        page.goto(f"{url}/your-image?model=digits")
        settle(page)
        page.evaluate("() => document.querySelector('[data-source=picture]').click()")
        for file in files.values():
            upload(page, file)  # Python imports what it needs at the first
        return {what: [upload(page, file) for _ in range(n)] for what, file in files.items()}


def drawing(browser: Browser, url: str, n: int) -> dict:
    with fresh(browser) as page:
        page.goto(f"{url}/your-image?model=digits")
        settle(page)
        page.locator(".do-clear").click()
        seen = move(page, "pointermove", PAINTED, around(page.locator(".pad"), n), True)
    return row("a stroke on the pad", seen)


def transform(n: int) -> tuple[float, list[float]]:
    """Seconds to fit UMAP to the atlas; milliseconds of `transform` for one code, the first time,
    when it compiles, and n times more."""
    from umap import UMAP

    import vae

    bundle = vae.load(DIGITS)
    made = bundle.card.atlas.umap
    begin = time.perf_counter()
    fitted = UMAP(
        n_neighbors=made["neighbors"],
        min_dist=made["min_dist"],
        metric=made["metric"],
        random_state=made["seed"],
        n_jobs=1,
    ).fit(bundle.atlas.mean)
    fit = time.perf_counter() - begin
    codes = np.random.default_rng(0).normal(size=(n + 1, 1, bundle.atlas.mean.shape[1]))
    taken = []
    for code in codes.astype(np.float32):
        begin = time.perf_counter()
        fitted.transform(code)
        taken.append(1000 * (time.perf_counter() - begin))
    return fit, taken


def line(what: str, parts: list[dict], placing: list[float]) -> dict:
    whole = [max(p.values()) for p in parts]
    return {
        "upload": what,
        "n": len(parts),
        "steps shown, ms": spread([p["steps"] for p in parts]),
        "reconstruction and place, ms": spread([p["place"] for p in parts]),
        "verdict, ms": spread([p["verdict"] for p in parts]),
        "everything, ms": spread(whole),
        "with umap.transform, ms": spread([a + b for a, b in zip(whole, placing, strict=True)]),
    }


def main(
    uploads: int = 20, moves: int = 300, chromium: Chromium = FOUND, file: Json = None
) -> None:
    notes = [machine()]
    sizes = {"a JPEG photograph of 12 megapixels": (4000, 3000, "JPEG"),
             "a PNG of 280 x 280 pixels": (280, 280, "PNG")}  # fmt: skip
    files = {
        what: {"name": f"seven.{kind}", "mimeType": f"image/{kind.lower()}",
               "buffer": encoded(seven(w, h), kind)}
        for what, (w, h, kind) in sizes.items()
    }  # fmt: skip
    with launched(chromium, notes) as browser, warm_app(browser) as url:
        taken = uploaded(browser, url, files, uploads)
        strokes = [drawing(browser, url, moves), floor(browser, moves)]
    fit, (first, *placing) = transform(uploads)
    for what, picture in files.items():
        notes.append(f"{what}: {len(picture['buffer']) / 1e6:.2f} MB")
    notes += [
        f"umap.transform of one code: {spread(placing)} ms (n = {len(placing)}); before that, in "
        f"each process, {fit:.0f} s of fitting and {first / 1000:.1f} s for the first code",
        f"pairs are median, p95; {STEPS} mouse movements a leg",
    ]
    show(notes, [line(what, parts, placing) for what, parts in taken.items()], strokes, file=file)


if __name__ == "__main__":
    run(main)
