"""A class in one room: what pupils have sent, in memory, and what the teacher does with it.

    room = new_room()                       # room.code for the pupils, room.key for the teacher
    room.send(pupil, "Ada", "digits", z, x, now=time.monotonic())
    room.predict(pupil, "1.3", 2, now=time.monotonic())
    room.hide([4], True); room.remove([4]); room.bar([2]); room.clear(); room.end()
    room.summary(); room.pictures           # what the teacher sees

A pupil is a word that their browser has made up. Who has sent nothing is not known here, and only
what was sent is kept. The caller says what time it is, in seconds, and stays on one thread.
"""

import secrets
import unicodedata
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from vae.errors import InputError

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is read as another
LENGTH = 6  # of a room code: a billion of them
OVER = "This class is over: nothing can be sent any more."
HELD_BACK = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}  # what could turn or break a line of text


class TooMuch(InputError):
    """The same may be taken later."""


@dataclass(frozen=True)
class Limits:
    name: int = 24  # characters
    pictures: int = 12  # of one pupil
    all_pictures: int = 400
    pupils: int = 120
    questions: int = 100  # that there are predictions of
    at_once: int = 4  # of one pupil; and then one every
    seconds: float = 1.0
    room_at_once: int = 120  # of all pupils
    room_seconds: float = 0.05


@dataclass(frozen=True)
class Picture:
    """What a pupil has sent; all of it but `hidden` stays as it was sent."""

    id: int
    pupil: int  # from 1 on, in the order in which they came
    name: str  # empty where they gave none
    model: str
    z: str  # the code, as text
    x: str  # the pixels as the model was given them, in base64
    hidden: bool = False


@dataclass
class Bucket:
    """So many at once, and then one every so many seconds."""

    at_once: int
    seconds: float
    there: float = field(init=False)
    since: float = field(init=False, default=float("-inf"))

    def __post_init__(self):
        self.there = self.at_once

    def take(self, now: float) -> bool:
        """Whether there is one more."""
        self.there = min(self.at_once, self.there + (now - self.since) / self.seconds)
        self.since = now
        if self.there < 1:
            return False
        self.there -= 1
        return True


@dataclass
class Pupil:
    number: int
    bucket: Bucket
    barred: bool = False


Value = float | int | None  # of a prediction: a choice's place or a number; None for no idea
Tally = list[list]  # [value, count], …


class Room:
    """One class, from its beginning to its end."""

    def __init__(self, code: str, key: str, limits: Limits | None = None):
        self.code, self.key = code, key
        self.limits = limits or Limits()
        self.bucket = Bucket(self.limits.room_at_once, self.limits.room_seconds)
        self.pupils: dict[str, Pupil] = {}
        self.pictures: dict[int, Picture] = {}
        self.predictions: dict[str, dict[str, Value]] = {}  # by question, then by pupil
        self.opens: dict[str, str] = {}  # what who joins is led to: page, model, lesson
        self.count = 0  # of pictures ever sent
        self.came = 0  # pupils, ever
        self.over = False

    # ---- what pupils do

    def check(self, code: str) -> None:
        """Raises InputError where this is no room code, or the class is over."""
        if code.strip().upper() != self.code:
            raise InputError("There is no such room here: the room code is on the teacher's page.")
        if self.over:
            raise InputError(OVER)

    def send(self, pupil: str, name: str, model: str, z: str, x: str, now: float) -> int:
        """Take a picture; how many of this pupil's there are. Raises InputError, TooMuch."""
        name = plain(name, self.limits.name)
        who = self.admit(pupil, now)
        mine = sum(one.pupil == who.number for one in self.pictures.values())
        if mine >= self.limits.pictures:
            raise InputError(f"You have sent {mine} pictures, which is the limit.")
        if len(self.pictures) >= self.limits.all_pictures:
            raise InputError(f"{len(self.pictures)} pictures were sent, and no more fit the room.")
        self.count += 1
        self.pictures[self.count] = Picture(self.count, who.number, name, model, z, x)
        return mine + 1

    def predict(self, pupil: str, question: str, value: Value, now: float) -> None:
        """Take a prediction in place of this pupil's earlier one. Raises InputError, TooMuch."""
        if question not in self.predictions and len(self.predictions) >= self.limits.questions:
            raise InputError("This class has predicted enough: the teacher can clear the room.")
        self.admit(pupil, now)
        self.predictions.setdefault(question, {})[pupil] = value

    def admit(self, pupil: str, now: float) -> Pupil:
        if self.over:
            raise InputError(OVER)
        who = self.pupils.get(pupil)
        if who and who.barred:
            raise InputError("The teacher takes no more from this device.")
        if who is None:
            if len(self.pupils) >= self.limits.pupils:
                raise InputError(f"{len(self.pupils)} are in the room already, and no more fit in.")
            bucket = Bucket(self.limits.at_once, self.limits.seconds)
            who = Pupil(self.came + 1, bucket)
        if not who.bucket.take(now):
            raise TooMuch("That was too quick: wait a second and send again.")
        if not self.bucket.take(now):
            raise TooMuch("Too many are sending at this moment: wait a second and send again.")
        self.pupils[pupil] = who
        self.came = max(self.came, who.number)
        return who

    # ---- what the teacher does

    def hide(self, ids: Collection[int], hidden: bool) -> None:
        """Hidden pictures stay, and are not shown."""
        for i in self.pictures.keys() & set(ids):
            self.pictures[i] = replace(self.pictures[i], hidden=hidden)

    def remove(self, ids: Collection[int]) -> None:
        for i in ids:
            self.pictures.pop(i, None)

    def bar(self, numbers: Collection[int]) -> None:
        """Remove all that these pupils have sent, and take no more from them."""
        barred = {word: who for word, who in self.pupils.items() if who.number in numbers}
        for who in barred.values():
            who.barred = True
        self.remove([i for i, one in self.pictures.items() if one.pupil in numbers])
        for predicted in self.predictions.values():
            for word in barred.keys() & predicted.keys():
                del predicted[word]

    def clear(self) -> None:
        """Forget all that was sent, and by whom; who was barred stays so."""
        self.pictures.clear()
        self.predictions.clear()
        self.pupils = {word: who for word, who in self.pupils.items() if who.barred}

    def end(self) -> None:
        self.over = True
        self.clear()

    # ---- what the teacher sees

    def shown(self) -> list[Picture]:
        return [one for one in self.pictures.values() if not one.hidden]

    def tallies(self) -> dict[str, Tally]:
        """How often each value was predicted, by question."""
        return {question: tally(of.values()) for question, of in self.predictions.items()}

    def summary(self) -> dict[str, Any]:
        """All but the pictures themselves, of which it has the order."""
        return {
            "order": list(self.pictures),
            "hidden": [i for i, one in self.pictures.items() if one.hidden],
            "pupils": len(self.pupils),
            "predictions": self.tallies(),
            "opens": self.opens,
            "over": self.over,
        }


def new_room(limits: Limits | None = None) -> Room:
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return Room(code, secrets.token_urlsafe(16), limits)


def tally(values: Collection[Value]) -> Tally:
    """How often each value is there: [[value, count], …], by size, None at the end."""
    counts = Counter(values)
    return [[v, counts[v]] for v in sorted(counts, key=lambda v: (v is None, v or 0))]


def plain(name: str, longest: int) -> str:
    """A name as one line of text. Raises InputError where it is too long."""
    kept = "".join(c if unicodedata.category(c) not in HELD_BACK else " " for c in name)
    words = " ".join(kept.split())
    if len(words) > longest:
        raise InputError(f"A name has at most {longest} characters; this one has {len(words):,}.")
    return words
