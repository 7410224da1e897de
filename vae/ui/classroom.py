"""The class of this process, where one is on: its room, its addresses, and who hears of changes.

It is begun once, before anybody is served; all else here runs on the server's loop.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import compare_digest

import anyio
import segno

from vae.classroom import Room, new_room

COOKIE = "vae-atelier-teacher-"  # and the room code: two classes on one computer are not mixed up


@dataclass
class Classroom:
    """A room with its addresses: `lan` leads pupils to this app, `here` the teacher."""

    lan: str  # http://192.168.1.7:8501
    here: str
    room: Room = field(default_factory=new_room)
    teachers: int = 0  # of windows in which the teacher's page is open
    changed: anyio.Event = field(default_factory=anyio.Event)  # of the next change

    @property
    def join(self) -> str:
        return f"{self.lan}/join/{self.room.code}"

    @property
    def teach(self) -> str:
        return f"{self.here}/teach/{self.room.key}"

    @property
    def cookie(self) -> str:
        return COOKIE + self.room.code

    def is_taught_by(self, cookies: Mapping[str, str]) -> bool:
        """Whether these are the cookies of a browser that has opened the teacher's address."""
        return compare_digest(cookies.get(self.cookie, "").encode(), self.room.key.encode())

    def ring(self) -> None:
        """All who wait for a change hear of one."""
        self.changed.set()
        self.changed = anyio.Event()


classroom: Classroom | None = None


def begin(lan: str, here: str) -> Classroom:
    """Open the class of this process."""
    global classroom
    classroom = Classroom(lan, here)
    return classroom


def now() -> Classroom | None:
    """The class, where one is on."""
    return classroom


def qr_code(text: str) -> str:
    """As the address of a picture that a page can hold."""
    return segno.make_qr(text, error="m").svg_data_uri(border=2, light="#fff")
