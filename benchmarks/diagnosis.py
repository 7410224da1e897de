"""What Your image says of pictures whose right answer is known.

    VAE_DATA_DIR=… python -m benchmarks.diagnosis [--n 100] [--seed 0] [--split test] [--json FILE]

Each picture goes the way that a file goes: Python prepares it and looks at it, with the job that
the route runs, and the page's own `diagnose`, in Chromium, gives the verdict, with the other
preparations that Python has tried. Rows "as input" skip all that: those pixels are what the model
gets. Photographs are crops of scikit-learn's two sample images, the left halves for validation and
the right ones for the test; faces are Frey Faces. The limits in use were chosen on crops of both
halves and on the first 900 faces, so those rows are no independent test. A refusal, that there is
no ink, counts as unlike.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO

import numpy as np
from PIL import Image

from benchmarks.browser import APP, FOUND, Chromium, launched, server
from benchmarks.table import DIGITS, Json, machine, run, show

KINDS = ("typical", "prepared", "several", "photograph", "extreme", "unlike", "refused")
UNLIKE = ("photograph", "extreme", "unlike", "refused")
Maker = Callable[[np.random.Generator], Image.Image]

DIAGNOSE = """async (pictures) => {
  const { openBundle } = await import("/live/io/bundle.js");
  const { diagnose, otherwise, pricesOf } = await import("/live/pages/yours/diagnosis.js");
  const { unpack } = await import("/live/state/pictures.js");
  const { model, atlas } = await (window.opened ??= openBundle(Object.fromEntries(
    ["bundle.json", "weights.safetensors", "atlas.safetensors"]
      .map((file) => [file, `/models/digits/${file}`]))));
  const judge = { model, prices: pricesOf(atlas), drawings: true };
  const full = (picture) => ({ ...picture, x: unpack(picture.x) });
  return pictures.map((picture) => {
    const { kind, better } = diagnose(judge, full(picture),
      picture.others?.map(full) ?? [...otherwise(full(picture).x, model.image)]);
    return { kind, change: better?.change ?? null };
  });
}"""


def main(
    n: int = 100,
    seed: int = 0,
    split: str = "test",
    chromium: Chromium = FOUND,
    file: Json = None,
) -> None:
    notes = [machine(), f"{n} pictures a row, seed {seed}, {split} images; shapes: one of each"]
    rows = []
    with launched(chromium, notes) as browser, server(*APP) as url:
        page = browser.new_context(bypass_csp=True).new_page()
        page.goto(url)
        for what, (make, as_file, right) in sets(split).items():
            rng = np.random.default_rng(seed)
            count = 1 if what.startswith("shape") else n
            asked = [answer(make(rng), as_file) for _ in range(count)]
            verdicts = page.evaluate(DIAGNOSE, [a for a in asked if a])
            verdicts += [{"kind": "refused", "change": None}] * asked.count(None)
            rows.append(row(what, verdicts, right))
    show(notes, rows, file=file)


def row(what: str, verdicts: list[dict], right: tuple[str, float, Callable] | None) -> dict:
    counts = Counter(verdict["kind"] for verdict in verdicts)
    said = {"pictures": what, "n": len(verdicts), **{kind: counts[kind] for kind in KINDS}}
    if right is None:
        return {**said, "right": "", "wanted": ""}
    name, least, holds = right
    share = sum(map(holds, verdicts)) / len(verdicts)
    wanted = f"≥ {least:.0%} {name}" + ("" if share >= least else ": missed")
    return {**said, "right": f"{share:.1%}", "wanted": wanted}


def answer(image: Image.Image, as_file: bool) -> dict | None:
    """A picture as the page has it: pixels, looks and other preparations; None where refused."""
    from vae.errors import InputError
    from vae.ui.jobs import pictures

    if not as_file:
        return {"x": pictures.packed(np.asarray(image))}
    out = BytesIO()
    image.save(out, "PNG")
    try:
        made, tried = (
            json.loads(next(job(DIGITS, out.getvalue(), {})).body)
            for job in (pictures.picture, pictures.preparations)
        )
    except InputError:
        return None
    return {"x": made["x"], "looks": made["looks"], "others": tried["preparations"]}


# ---- pictures


def kind_is(*kinds: str) -> Callable[[dict], bool]:
    return lambda verdict: verdict["kind"] in kinds


def offers(**change: object) -> Callable[[dict], bool]:
    return lambda verdict: verdict["change"] == change


def sets(split: str) -> dict[str, tuple[Maker, bool, tuple | None]]:
    """Of each set: what draws a picture, whether it comes as a file, and what is right."""
    digit, garment = images("mnist", split), images("fashion", split)
    usual, unlike = ("typical", 0.95, kind_is("typical")), ("unlike", 0.95, kind_is(*UNLIKE))
    most, several = ("unlike", 0.9, kind_is(*UNLIKE)), ("several", 0.9, kind_is("several"))
    swapped = ("offered the swap", 0.9, offers(swap=True))
    return {
        "digits": (digit, True, usual),
        "digits, ink on white": (lambda rng: inverted(digit(rng)), True, usual),
        "digits on nearly white paper": (lambda rng: on_paper(digit(rng), rng), True, usual),
        "digits as input": (digit, False, usual),
        "Fashion-MNIST": (garment, True, unlike),
        "Fashion-MNIST as input": (garment, False, unlike),
        "photographs": (photographs(split), True, most),
        "faces": (images("frey", split), True, most),
        "several digits": (lambda rng: beside(digit, rng), True, several),
        "digits, inverted, as input": (lambda rng: inverted(digit(rng)), False, swapped),
        "digits upside down": (lambda rng: digit(rng).rotate(180), True, None),
        "digits turned by 90°": (lambda rng: digit(rng).rotate(90), True, None),
        "digits thresholded": (lambda rng: digit(rng).point(lambda v: 255 * (v > 127)), True, None),
        "digits blurred, 3 × 3": (lambda rng: blurred(digit(rng)), True, None),
        **{f"shape: {name}": (lambda rng, a=a: a, False, None) for name, a in shapes()},
    }


def images(name: str, split: str) -> Maker:
    from vae.data import DATASETS

    x = DATASETS[name].load(split).x.numpy()
    return lambda rng: Image.fromarray(x[rng.integers(len(x)), 0])


def inverted(image: Image.Image) -> Image.Image:
    return image.point(lambda v: 255 - v)


def blurred(image: Image.Image) -> Image.Image:
    from PIL import ImageFilter

    return image.filter(ImageFilter.BoxBlur(1))


def on_paper(digit: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Ink of any darkness on paper of 245 to 253, with some grain."""
    side, ground, pen = int(rng.integers(60, 400)), rng.integers(245, 254), rng.integers(0, 190)
    ink = np.pad(np.asarray(digit.resize((side, side), Image.Resampling.BICUBIC)) / 255, side // 6)
    grain = rng.normal(0, rng.uniform(0, 1.5), ink.shape)
    return Image.fromarray((ground + (pen - ground) * ink + grain).clip(0, 255).astype(np.uint8))


def beside(digit: Maker, rng: np.random.Generator) -> Image.Image:
    """Two to four digits in a row, light on dark or dark on light."""
    board, at = Image.new("L", (160, 60)), 6
    for _ in range(rng.integers(2, 5)):
        mark = digit(rng)
        mark = mark.crop(mark.getbbox())
        board.paste(mark, (at, int(rng.integers(6, 30))))
        at += mark.width + int(rng.integers(3, 12))
    whole = board.crop((0, 0, at, 60)).resize((4 * at, 240), Image.Resampling.BICUBIC)
    return inverted(whole) if rng.random() < 0.5 else whole


def photographs(split: str) -> Maker:
    """Crops of two photographs, of random place and size."""
    from sklearn.datasets import load_sample_images

    halves = [np.split(image, 2, axis=1)[split == "test"] for image in load_sample_images().images]

    def crop(rng: np.random.Generator) -> Image.Image:
        whole = halves[rng.integers(2)]
        h, w = rng.integers(80, min(whole.shape[:2]), 2)
        top, left = (
            int(rng.integers(0, n - m + 1)) for n, m in zip(whole.shape, (h, w), strict=False)
        )
        return Image.fromarray(whole[top : top + h, left : left + w])

    return crop


def shapes() -> Iterator[tuple[str, Image.Image]]:
    """By hand, as the model's input."""
    boxes = {
        "blank": [],
        "dot": [(13, 13, 15, 15)],
        "square": [(6, 6, 22, 22)],
        "cross": [(13, 4, 15, 24), (4, 13, 24, 15)],
    }
    for name, parts in boxes.items():
        image = Image.new("L", (28, 28))
        for part in parts:
            image.paste(255, part)
        yield name, image


if __name__ == "__main__":
    run(main)
