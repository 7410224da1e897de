"""Who waits for what, and who is next.

async with line.turn("visitor.7"):        # here it is our turn; cancelled, we leave the line
    ...
line.place("visitor.7")                   # 3: third in line
"""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import anyio

from vae.errors import InputError

LONGEST = 200  # requests that wait in one line


class Busy(InputError):
    """There is too much to do already; the same request may be answered later."""


class Line:
    """So many requests at a time; the others wait in the order in which they came."""

    def __init__(self, places: int):
        self.free = places
        self.waiting: dict[anyio.Event, str] = {}  # who is called, and by which ticket

    @asynccontextmanager
    async def turn(self, ticket: str) -> AsyncIterator[None]:
        """Raises Busy where the line is too long."""
        await self.enter(ticket)
        try:
            yield
        finally:
            self.leave()

    async def enter(self, ticket: str) -> None:
        if self.free:
            self.free -= 1
            return
        if len(self.waiting) >= LONGEST:
            raise Busy(f"{LONGEST} requests are waiting already; try again in a few minutes.")
        call = anyio.Event()
        self.waiting[call] = ticket
        try:
            await call.wait()
        except BaseException:
            if self.waiting.pop(call, None) is None:
                self.leave()  # it was called at the very moment when it went away
            raise

    def leave(self) -> None:
        """Call the next one, or leave the place free."""
        if self.waiting:
            call = next(iter(self.waiting))
            del self.waiting[call]
            call.set()
        else:
            self.free += 1

    def place(self, ticket: str) -> int:
        """From 1 on; 0 where nobody with this ticket waits here."""
        for i, other in enumerate(self.waiting.values(), 1):
            if other == ticket:
                return i
        return 0


class Limit:
    """How much there may be at a time under one key, as requests of one visitor."""

    def __init__(self, most: int, refusal: str):
        self.most, self.refusal = most, refusal
        self.now: Counter[str] = Counter()

    @contextmanager
    def more(self, key: str, n: int = 1) -> Iterator[None]:
        """Raises Busy where there is too much already."""
        if self.now[key] + n > self.most:
            raise Busy(self.refusal)
        self.now[key] += n
        try:
            yield
        finally:
            self.now[key] -= n
            if not self.now[key]:
                del self.now[key]
