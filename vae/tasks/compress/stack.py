"""The stack that symbols are pushed to and popped from: asymmetric numeral systems.

The top of the stack is a whole number, `head`, the rest 16-bit words. A symbol with `count` of the
2^bits numbers from `start` on is pushed as

    head -> (head // count) * 2^bits + start + head % count

which multiplies the head by 2^bits / count, so log2(2^bits / count) bits longer; popping is its
inverse. The head stays in [2^32, 2^48), where JavaScript's numbers are exact as well. (The library
constriction takes probabilities as floats, which it rounds to counts by rules of its own, and its
heads have 64 bits. Here counts are given, and the page has to push them to the same words.)

A stack to encode on is never empty: below its first word lie those that `words_of` makes of a
digest of the data. So the bits that bits back needs to begin with need no place in the file, and
a decoder, which is left with exactly these, knows by them that it has restored every bit.
"""

import hashlib
import struct
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from vae.errors import InputError

WORD = 16  # bits
LOW, HIGH = 32, 48  # the head is in [2^LOW, 2^HIGH)
HEAD = HIGH // WORD  # words that it takes
ALTERED = "The file is cut short or altered."
CHECKED = 2  # words below the head, at least, by which a decoder knows the data

Interval = tuple[int, int]  # start, count
Find = Callable[[Any, int], tuple[int, int, int]]  # law, number -> symbol, start, count


def words_of(digest: bytes) -> Iterator[int]:
    """Words without end: the digest's, then those of its own digest, and so on."""
    while True:
        yield from struct.unpack("<16H", digest)
        digest = hashlib.sha256(digest).digest()


class Stack:
    """`words` with the head on top, and `below` them words that are taken when they are used up."""

    def __init__(self, head: int, words: list[int], below: Iterator[int]):
        self.head, self.words, self.below = head, words, below

    def push(self, intervals: Iterable[Interval], bits: int) -> None:
        head, words, top = self.head, self.words, HIGH - bits
        for start, count in intervals:
            while head >= count << top:
                words.append(head & 0xFFFF)
                head >>= WORD
            head = (head // count << bits) + head % count + start
        self.head = head

    def pop(self, find: Find, laws: Iterable, bits: int) -> list[int]:
        """A symbol for each of `laws`, by which `find` says whose interval a number is in."""
        head, symbols, mask = self.head, [], (1 << bits) - 1
        for law in laws:
            symbol, start, count = find(law, head & mask)
            head = count * (head >> bits) + (head & mask) - start
            while head < 1 << LOW:
                head = head << WORD | self.word()
            symbols.append(symbol)
        self.head = head
        return symbols

    def word(self) -> int:
        if self.words:
            return self.words.pop()
        for word in self.below:
            return word
        raise InputError(ALTERED)

    @property
    def bits(self) -> int:
        """Its length."""
        return WORD * len(self.words) + self.head.bit_length()

    def to_bytes(self) -> bytes:
        head = [self.head >> WORD * i & 0xFFFF for i in range(HEAD)]
        return struct.pack(f"<{len(self.words) + HEAD}H", *self.words, *head)


def empty(digest: bytes) -> Stack:
    """A stack with nothing on it but the first words of a digest."""
    below = words_of(digest)
    head = 1 << LOW | next(below) << WORD | next(below)
    return Stack(head, [next(below) for _ in range(CHECKED)][::-1], below)


def from_bytes(data: bytes) -> Stack:
    """The inverse of `to_bytes`. Raises InputError for bytes that are none of its."""
    words = [word for (word,) in struct.iter_unpack("<H", data[: len(data) // 2 * 2])]
    head = sum(word << WORD * i for i, word in enumerate(words[-HEAD:]))
    if len(data) % 2 or not 1 << LOW <= head < 1 << HIGH:
        raise InputError(ALTERED)
    return Stack(head, words[:-HEAD], iter(()))


def is_empty(stack: Stack, digest: bytes) -> bool:
    """Whether nothing is left but words of this digest: whether the data are those of the file."""
    fresh = empty(digest)
    while len(fresh.words) < len(stack.words):
        fresh.words.insert(0, next(fresh.below))
    return (stack.head, stack.words) == (fresh.head, fresh.words)
