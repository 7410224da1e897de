"""A film of how a map formed: the frames of a record (record.py), with points that glide."""

from pathlib import Path

import numpy as np

from vae.errors import InputError
from vae.record import About, about, frames, originals

SIDE, MARGIN, DOT = 400, 20, 2  # pixels
MOST = 160  # frames
STEPS = 4  # from one look to the next
PAPER, INK = 255, 90
RARE = 0.005  # of the examples at either side may be out of view
# As live/widgets/palette.js has them on light paper.
CLASSES = ("#0072b2", "#b26b00", "#00805f", "#d55e00", "#b5568e",
           "#2a86bd", "#857a00", "#332288", "#882255", "#6b6b6b")  # fmt: skip


def frames_of(folder: Path) -> np.ndarray:
    """(T, 3, H, W) uint8: the map, and below it pictures and what the model made of them.

    Raises:
        InputError: there is no record yet.
    """
    known = about(folder)
    looks = frames(folder, known) if known else []
    if not len(looks):
        raise InputError("Nothing has been recorded of this training yet.")
    given = pictures_row(np.frombuffer(originals(folder), np.uint8), known)
    colours = colours_of(known)
    times = np.linspace(0, len(looks) - 1, min(MOST, STEPS * (len(looks) - 1) + 1))
    return np.stack([frame(looks, t, given, known, colours) for t in times]).transpose(0, 3, 1, 2)


def frame(looks, t: float, given: np.ndarray, known: About, colours: np.ndarray) -> np.ndarray:
    """(H, W, 3) between two looks."""
    before, after = int(t), min(int(t) + 1, len(looks) - 1)
    places = [normal(looks[i]["places"]) for i in (before, after)]
    share = smooth(t - before)
    at = (1 - share) * places[0] + share * places[1]
    rebuilt = pictures_row(looks[round(t)]["pictures"].ravel(), known)
    return np.concatenate([drawn(at, colours), given, rebuilt])


def smooth(t: float) -> float:
    return t * t * (3 - 2 * t)


def normal(places: np.ndarray) -> np.ndarray:
    """(N, 2) so that nearly all of it is in [-1, 1], in the middle."""
    low, high = np.quantile(places, [RARE, 1 - RARE], axis=0)
    return (places - (low + high) / 2) / max((high - low).max() / 2, 1e-9)


def drawn(places: np.ndarray, colours: np.ndarray) -> np.ndarray:
    """Points in [-1, 1] as squares of their colours: (SIDE, SIDE, 3)."""
    board = np.full((SIDE, SIDE, 3), PAPER, np.uint8)
    reach = SIDE / 2 - MARGIN
    at = np.clip(SIDE / 2 + places * [reach, -reach], DOT, SIDE - 1 - DOT).astype(int)
    for dx, dy in np.ndindex(2 * DOT, 2 * DOT):
        board[at[:, 1] + dy - DOT, at[:, 0] + dx - DOT] = colours
    return board


def colours_of(known: About) -> np.ndarray:
    """(N, 3): by class, where there are any."""
    if known.labels is None:
        return np.full((known.n, 3), INK, np.uint8)
    rgb = np.array([list(bytes.fromhex(colour[1:])) for colour in CLASSES], np.uint8)
    return rgb[np.array(known.labels) % len(rgb)]


def pictures_row(values: np.ndarray, known: About) -> np.ndarray:
    """Pictures (P, C, H, W), flat, side by side as wide as the map: (h, SIDE, 3)."""
    c, h, w = known.image
    pictures = values.reshape(-1, c, h, w)
    cell = SIDE // len(pictures)
    tall = max(round(cell * h / w), 1)
    rows, columns = np.arange(tall) * h // tall, np.arange(cell) * w // cell
    scaled = pictures[:, :, rows][..., columns].transpose(2, 0, 3, 1)
    row = np.full((tall, SIDE, 3), PAPER, np.uint8)
    row[:, : cell * len(pictures)] = scaled.reshape(tall, -1, c)
    return row
