"""Who waits comes in turn, may leave at any moment, and no place is ever lost."""

import random

import anyio
import pytest
from loops import run

from vae.ui import line
from vae.ui.line import Busy, Limit, Line


async def rest() -> None:
    """Let all others go on until they wait."""
    for _ in range(20):
        await anyio.lowlevel.checkpoint()


@pytest.mark.parametrize("places", [1, 2, 5])
def test_all_are_served_in_the_order_in_which_they_came(places):
    async def scenario():
        one, inside, served = Line(places), [0, 0], []

        async def visit(i):
            async with one.turn(str(i)):
                inside[0] += 1
                inside[1] = max(inside)
                served.append(i)
                await rest()
                inside[0] -= 1

        async with anyio.create_task_group() as tasks:
            for i in range(12):
                tasks.start_soon(visit, i)
                await anyio.lowlevel.checkpoint()
        return served, inside, one.free

    assert run(scenario) == (list(range(12)), [0, places], places)


def test_a_place_in_line_counts_down():
    async def scenario():
        one, seen = Line(1), []
        gates = [anyio.Event() for _ in range(4)]

        async def visit(i):
            async with one.turn(f"v.{i}"):
                await gates[i].wait()

        async with anyio.create_task_group() as tasks:
            for i in range(4):
                tasks.start_soon(visit, i)
                await rest()
            for gate in gates:
                seen.append([one.place(f"v.{i}") for i in range(4)])
                gate.set()
                await rest()
        return seen

    assert run(scenario) == [[0, 1, 2, 3], [0, 0, 1, 2], [0, 0, 0, 1], [0, 0, 0, 0]]


@pytest.mark.parametrize("seed", range(20))
def test_no_place_is_lost_whoever_leaves_and_whenever(seed):
    """Visitors are cancelled at random moments: waiting, being called, inside."""

    async def scenario():
        one, rng = Line(2), random.Random(seed)

        async def visit(scope):
            with scope:
                async with one.turn(""):
                    for _ in range(rng.randrange(6)):
                        await anyio.lowlevel.checkpoint()

        async with anyio.create_task_group() as tasks:
            scopes = [anyio.CancelScope() for _ in range(30)]
            for scope in scopes:
                tasks.start_soon(visit, scope)
            for scope in rng.sample(scopes, 15):
                for _ in range(rng.randrange(4)):
                    await anyio.lowlevel.checkpoint()
                scope.cancel()
        return one.free, len(one.waiting)

    assert run(scenario) == (2, 0)


def test_a_line_has_an_end(monkeypatch):
    monkeypatch.setattr(line, "LONGEST", 3)

    async def scenario():
        one, refusals = Line(1), []

        async def visit():
            try:
                async with one.turn(""):
                    await rest()
            except Busy as why:
                refusals.append(str(why))

        async with anyio.create_task_group() as tasks:
            for _ in range(6):
                tasks.start_soon(visit)
        return refusals

    assert run(scenario) == ["3 requests are waiting already; try again in a few minutes."] * 2


def test_a_limit_counts_each_key_apart_and_forgets():
    limit = Limit(2, "Two are enough.")
    with limit.more("a"), limit.more("a"), limit.more("b", 2):
        for key in "ab":
            with pytest.raises(Busy, match="Two are enough"), limit.more(key):
                pass
    with limit.more("a", 2):
        pass
    assert not limit.now
