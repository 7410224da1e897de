"""Many pictures as one file, .vaez, which live/core/bits/file.js reads and writes too.

    "VAEZ", version (1 byte), length of the header (4 bytes, little-endian), the first 16 bytes of
    the header's SHA-256, header, blocks

The header is deflated JSON (an `About`). A block is a stack with a chain of pictures on it, which
is all that restoring one of them takes; it stands on the digest of its place and its symbols, so a
picture that was never in the file is not handed out.
"""

import hashlib
import struct
import zlib
from collections.abc import Iterable, Iterator
from itertools import accumulate, count, islice, pairwise
from typing import Annotated, NamedTuple

import msgspec
import numpy as np
from msgspec import Meta, Struct

from vae.errors import InputError
from vae.tasks.compress.codecs import FINEST, Codec
from vae.tasks.compress.pictures import picture_codec, pop_chains, push_chains
from vae.tasks.compress.stack import ALTERED, empty, from_bytes, is_empty

MAGIC, VERSION = b"VAEZ", 2
START = struct.Struct("<4sBI16s")
LARGEST = 2**28  # bytes of a header
MOST = 2**24  # pictures in a file
DIGITS = "0123456789"
LANES = 16  # blocks that are coded side by side, in one batch of the networks
Size = Annotated[int, Meta(ge=1, le=2**31)]


class About(Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """What a file says of itself, written as a list in this order: names would be half of it."""

    model: str  # SHA-256 of the weights
    title: str  # the model's
    grid: Annotated[int, Meta(ge=0, le=FINEST)]  # a code's numbers are multiples of 2^-grid
    image: tuple[Size, Size, Size]  # (C, H, W)
    levels: Annotated[int, Meta(ge=2, le=256)]  # of a pixel
    block: Size  # pictures in each block but the last
    sizes: tuple[Size, ...]  # bytes of each block
    runs: tuple[tuple[str, Size], ...]  # of names: the first, and how many there are

    def __post_init__(self):
        if self.n > MOST or -(-self.n // self.block) != len(self.sizes):
            raise InputError(ALTERED)
        if len(names := self.names) != self.n:
            raise InputError(ALTERED)
        check_names(names)

    @property
    def n(self) -> int:
        """How many pictures there are."""
        return sum(count for _, count in self.runs)

    @property
    def names(self) -> list[str]:
        """Of the pictures, without a suffix."""
        return [name for first, count in self.runs for name in islice(following(first), count)]

    def lengths(self) -> list[int]:
        """Pictures in each block."""
        return [min(self.block, self.n - start) for start in range(0, self.n, self.block)]


class Archive(NamedTuple):
    about: About
    blocks: list[bytes]


# ---- names


def natural(name: str) -> tuple[str, int, str]:
    """What orders names so that those that follow each other do so."""
    stem = name.rstrip(DIGITS)
    return stem, int(name[len(stem) :] or -1), name


def following(name: str) -> Iterator[str]:
    """The name and those after it: "scan 9", "scan 10"; "007", "008"; "a" has none but itself."""
    stem = name.rstrip(DIGITS)
    digits = name[len(stem) :]
    yield name
    for number in count(int(digits) + 1) if digits else ():
        yield f"{stem}{number:0{len(digits)}d}"


def runs_of(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Names as runs of such that follow each other."""
    runs, after = [], iter(())
    for name in names:
        if next(after, None) == name:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((name, 1))
            after = islice(following(name), 1, None)
    return tuple(runs)


def check_names(names: Iterable[str]) -> None:
    """Raise InputError for a name that is no plain file name, or there twice on some file system:
    restoring never writes outside of its folder, and no picture over another."""
    seen = set()
    for name in names:
        if not is_plain(name):
            raise InputError(f"{name!r} is no name for a picture's file.")
        if name.casefold() in seen:
            raise InputError(f"Two pictures have the name {name!r}.")
        seen.add(name.casefold())


def is_plain(name: str) -> bool:
    return (
        0 < len(name.encode()) <= 200 and name.isprintable() and not set(name) & set('/\\:*?"<>|')
    )


def digest_of(place: int, symbols: np.ndarray) -> bytes:
    """Of a block: its place in the file and its symbols (N, P) uint8."""
    return hashlib.sha256(struct.pack("<I", place) + symbols.tobytes()).digest()


# ---- writing


def blocks_of(codec: Codec, groups: Iterable[np.ndarray], block: int) -> Iterator[bytes]:
    """The blocks of pictures that come as groups (N, P) of symbols, uint8, each of `block * LANES`
    pictures but the last."""
    place = 0
    for group in groups:
        chains = [group[i : i + block] for i in range(0, len(group), block)]
        stacks = [empty(digest_of(place + i, chain)) for i, chain in enumerate(chains)]
        push_chains(codec, stacks, chains)
        place += len(chains)
        yield from (stack.to_bytes() for stack in stacks)


def to_bytes(archive: Archive) -> bytes:
    header = zlib.compress(msgspec.json.encode(archive.about), 9)
    start = START.pack(MAGIC, VERSION, len(header), hashlib.sha256(header).digest()[:16])
    return b"".join([start, header, *archive.blocks])


# ---- reading


def opened(data: bytes) -> Archive:
    """What `to_bytes` wrote.

    Raises:
        InputError: another kind of file, a newer one, one that is cut short or altered.
    """
    if data[:4] != MAGIC:
        raise InputError("This is no .vaez file.")
    if len(data) < START.size:
        raise InputError(ALTERED)
    _, version, length, checksum = START.unpack_from(data)
    if version != VERSION:
        raise InputError(f"The file has format {version}; this program knows format {VERSION}.")
    header = data[START.size : START.size + length]
    if hashlib.sha256(header).digest()[:16] != checksum:
        raise InputError(ALTERED)
    about = about_of(header)
    ends = list(accumulate(about.sizes, initial=START.size + length))
    if ends[-1] != len(data):
        raise InputError(ALTERED)
    return Archive(about, [data[a:b] for a, b in pairwise(ends)])


def about_of(header: bytes) -> About:
    try:
        inflate = zlib.decompressobj()
        return msgspec.json.decode(inflate.decompress(header, LARGEST), type=About)
    except (zlib.error, msgspec.DecodeError, UnicodeDecodeError) as why:
        raise InputError(f"The file's header is not readable ({why}).") from why


def codec_for(archive: Archive, model, weights: str) -> Codec:
    """The codec that reads an archive, by the model whose weights have this SHA-256."""
    about = archive.about
    if about.model != weights:
        raise InputError(
            f"The file was made with another model, {about.title!r}, whose weights have the "
            f"SHA-256 {about.model}: only those can read it."
        )
    if (about.image, about.levels) != (model.config.image, model.likelihood.levels):
        raise InputError(ALTERED)
    return picture_codec(model, about.grid)


def restored(archive: Archive, codec: Codec, places: Iterable[int]) -> Iterator[np.ndarray]:
    """The symbols (N, P) of the blocks at these places, in their order.

    Raises:
        InputError: a block is not what was written, before anything of it is handed out.
    """
    lengths, places = archive.about.lengths(), list(places)
    for i in range(0, len(places), LANES):
        some = sorted(places[i : i + LANES], key=lambda place: -lengths[place])
        stacks = [from_bytes(archive.blocks[place]) for place in some]
        chains = pop_chains(codec, stacks, [lengths[place] for place in some])
        found = dict(zip(some, chains, strict=True))
        for place, stack in zip(some, stacks, strict=True):
            if not is_empty(stack, digest_of(place, found[place])):
                raise InputError(ALTERED)
        yield from (found[place] for place in places[i : i + LANES])


def named(
    archive: Archive, codec: Codec, places: Iterable[int]
) -> Iterator[tuple[str, np.ndarray]]:
    """The names and symbols (P,) of the pictures in the blocks at these places."""
    places, names = list(places), archive.about.names
    for place, rows in zip(places, restored(archive, codec, places), strict=True):
        start = place * archive.about.block
        yield from zip(names[start : start + len(rows)], rows, strict=True)
