"""What phones and the teacher ask of a class: results, or one sentence each, and it goes on."""

import csv
import io
import json
import socket
import zipfile
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import requests
from PIL import Image

from vae.errors import InputError
from vae.ui import classroom, network, serve
from vae.ui.routes import room
from vae.ui.routes.lessons import lessons

X = bytes(range(256)) * 3 + bytes(16)
Z = ",".join(["0.5"] * 16)
TEACHERS = ("room-events", "room-file")


@pytest.fixture
def opened(url, monkeypatch):
    """A class whose addresses are those of the routes."""
    monkeypatch.setattr(classroom, "classroom", None)
    return classroom.begin(url, url)


@pytest.fixture
def teacher(opened):
    with requests.Session() as session:
        answer = session.get(opened.teach, allow_redirects=False, timeout=60)
        assert answer.status_code == 303
        assert answer.headers["location"] == "/class"
        assert {"HttpOnly", "SameSite=strict"} <= set(answer.headers["set-cookie"].split("; "))
        yield session


def picture(**other) -> dict:
    sent = {"pupil": "pupil-00", "name": "Ada", "model": "digits", "z": Z}
    return sent | {"x": b64encode(X).decode()} | other


def post(one, what: str, body, code: str | None = None, **more) -> requests.Response:
    code = one.room.code if code is None else code
    data = body if isinstance(body, bytes) else json.dumps(body)
    return requests.post(f"{one.lan}/room-{what}/{code}", data, timeout=60, **more)


def refused(answer: requests.Response) -> str:
    assert answer.status_code in (422, 429), answer.text[:300]
    words = answer.json()["refused"]
    assert words.endswith((".", ".)"))
    return words


def act(one, teacher, **asked) -> requests.Response:
    return teacher.post(f"{one.here}/room-acts", json.dumps(asked), timeout=60)


class Stream:
    """The teacher's events, one at a time."""

    def __init__(self, one, teacher):
        self.answer = teacher.get(f"{one.here}/room-events", stream=True, timeout=60)
        self.lines = self.answer.iter_lines()

    def next(self) -> dict:
        line = next(line for line in self.lines if line.startswith(b"data: "))
        return json.loads(line.removeprefix(b"data: "))

    def until(self, holds) -> dict:
        while not holds(event := self.next()):
            continue
        return event


@pytest.fixture
def stream(opened, teacher):
    one = Stream(opened, teacher)
    yield one
    one.answer.close()


# ---- phones


def test_without_a_class_there_is_one_sentence_everywhere(url, monkeypatch):
    monkeypatch.setattr(classroom, "classroom", None)
    off = classroom.Classroom(url, url)
    assert refused(post(off, "pictures", picture())) == room.OFF
    for path in ("room/ABC234", *TEACHERS):
        assert refused(requests.get(f"{url}/{path}", timeout=60)) == room.OFF
    for path in ("join/ABC234", "teach/key"):
        assert requests.get(f"{url}/{path}", timeout=60).text == room.OFF
    answer = requests.get(f"{url}/class", allow_redirects=False, timeout=60)
    assert answer.headers["location"] == "/?unknown=%2Fclass"


def test_the_qr_code_leads_a_phone_to_the_page_that_the_teacher_chose(opened, teacher):
    def led() -> tuple[str, dict]:
        answer = requests.get(opened.join, allow_redirects=False, timeout=60)
        to = urlsplit(answer.headers["location"])
        return to.path, {k: v for k, (v,) in parse_qs(to.query).items()}

    assert led() == ("/your-image", {"room": opened.room.code})
    opens = {"page": "inside", "model": "digits-2d", "lesson": "1.2"}
    assert act(opened, teacher, act="open", opens=opens).ok
    assert led() == (
        "/inside",
        {"model": "digits-2d", "lesson": "1.2", "room": opened.room.code},
    )
    for wrong in ({"page": "class"}, {"page": "yours", "model": "nowhere"}):
        refused(act(opened, teacher, act="open", opens={"model": "digits"} | wrong))
    assert led()[0] == "/inside"


def test_a_picture_reaches_the_teacher_as_it_was_sent(opened, stream):
    assert stream.next()["order"] == []
    answer = post(opened, "pictures", picture(name=" <b>Ada</b>\n"))
    assert answer.json() == {"count": 1, "most": opened.room.limits.pictures}
    event = stream.until(lambda event: event["order"])
    (one,) = event["pictures"]
    assert (one["name"], one["z"]) == ("<b>Ada</b>", Z)
    assert one["x"] == b64encode(X).decode()
    post(opened, "pictures", picture(name=""))
    event = stream.until(lambda event: len(event["order"]) == 2)
    assert [one["id"] for one in event["pictures"]] == [2]  # the first one is there already


@pytest.mark.parametrize("code", ["ABC234", "x", "<b>"])
def test_a_wrong_room_code_is_one_sentence(opened, code):
    assert "no such room" in refused(post(opened, "pictures", picture(), code))
    assert "no such room" in refused(requests.get(f"{opened.lan}/room/{code}", timeout=60))
    assert not opened.room.pictures


WRONG = {
    "no JSON": b"{",
    "not UTF-8": b'{"pupil": "\xff"}',
    "a list": [],
    "nothing": {},
    "no pupil": picture(pupil=""),
    "a strange pupil": picture(pupil="<script>"),
    "another model": picture(model="nowhere"),
    "a path for a model": picture(model="../digits"),
    "a short code": picture(z="1,2"),
    "words for a code": picture(z=Z.replace("0.5", "nan", 1)),
    "a huge number": picture(z=Z.replace("0.5", "1e9", 1)),
    "a short picture": picture(x="AAAA"),
    "no base64": picture(x="<svg>"),
    "a long name": picture(name="x" * 10_000),
    "too much": picture(name="x" * 200_000),
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG)
def test_what_is_no_picture_is_one_sentence_and_the_class_goes_on(opened, body):
    refused(post(opened, "pictures", body))
    assert not opened.room.pictures
    assert post(opened, "pictures", picture()).ok


def test_a_phone_that_vanishes_in_the_middle_of_a_send_leaves_nothing(opened):
    parts = urlsplit(opened.lan)
    body = json.dumps(picture()).encode()
    head = f"POST /room-pictures/{opened.room.code} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
    with socket.create_connection((parts.hostname, parts.port)) as phone:
        phone.sendall(
            f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[: len(body) // 2]
        )
    assert post(opened, "pictures", picture(pupil="pupil-01")).ok
    assert [one.pupil for one in opened.room.pictures.values()] == [1]


def test_200_sends_of_one_phone_are_slowed_down_and_another_is_heard(opened):
    with ThreadPoolExecutor(4) as sends:
        answers = list(sends.map(lambda _: post(opened, "pictures", picture()), range(200)))
    status = [answer.status_code for answer in answers]
    assert set(status) <= {200, 422, 429}
    assert 429 in status
    assert len(opened.room.pictures) == status.count(200) <= opened.room.limits.pictures
    assert post(opened, "pictures", picture(pupil="pupil-01")).ok


# ---- predictions


def predicted(value, lesson: str = "1", step: int = 2, pupil: str = "pupil-00") -> dict:
    return {"pupil": pupil, "lesson": lesson, "step": step, "value": value}


def steps_with(kind: str) -> list[tuple[str, int]]:
    """The steps of all lessons whose prediction is a number, or has choices."""
    return [
        (lesson.key, i)
        for lesson in lessons().all
        for i, step in enumerate(lesson.steps)
        if step.predict and getattr(step.predict, kind)
    ]


def test_predictions_are_counted_without_their_pupils(opened, stream):
    lesson, step = steps_with("choices")[0]
    for i, value in enumerate((1, 1, 0, None)):
        assert post(opened, "predictions", predicted(value, lesson, step, f"pupil-{i:02d}")).ok
    event = stream.until(lambda event: sum(n for _, n in counts(event)) == 4)
    assert counts(event) == [[0, 1], [1, 2], [None, 1]]
    assert "pupil-0" not in json.dumps(event)


def counts(event: dict) -> list:
    return next(iter(event["predictions"].values()), [])


@pytest.mark.parametrize("value", [-1, 99, 0.5, "1", [1]])
def test_what_is_none_of_the_answers_is_refused(opened, value):
    refused(post(opened, "predictions", predicted(value, *steps_with("choices")[0])))
    assert not opened.room.predictions


@pytest.mark.parametrize("step", [("1", 999), ("nothing", 0)])
def test_a_step_without_a_question_takes_no_prediction(opened, step):
    assert "asks for no prediction" in refused(post(opened, "predictions", predicted(1, *step)))


# ---- the teacher


def test_only_the_teacher_may_look_and_act(opened):
    fill = post(opened, "pictures", picture())
    assert fill.ok
    cookies = {opened.cookie: "wrong"}
    for path in TEACHERS:
        for jar in ({}, cookies):
            answer = requests.get(f"{opened.lan}/{path}", cookies=jar, timeout=60)
            assert "Only the teacher" in refused(answer)
    for what in ("hide", "remove", "bar", "clear", "end"):
        asked = json.dumps({"act": what, "ids": [1]})
        answer = requests.post(f"{opened.lan}/room-acts", asked, cookies=cookies, timeout=60)
        assert "Only the teacher" in refused(answer)
    answer = requests.get(f"{opened.lan}/teach/{opened.room.code}", timeout=60)
    assert answer.status_code == 404
    assert not answer.cookies
    assert [one.hidden for one in opened.room.pictures.values()] == [False]


def test_the_teacher_hides_removes_clears_and_ends(opened, teacher, stream):
    for _ in range(3):
        post(opened, "pictures", picture())
    assert act(opened, teacher, act="hide", ids=[1, 2]).ok
    assert stream.until(lambda event: event["hidden"] == [1, 2])
    assert act(opened, teacher, act="show", ids=[1]).ok
    assert act(opened, teacher, act="remove", ids=[3]).ok
    assert stream.until(lambda event: event["order"] == [1, 2])["hidden"] == [2]
    assert act(opened, teacher, act="clear").ok
    assert stream.until(lambda event: event["order"] == [])
    assert post(opened, "pictures", picture(pupil="pupil-01")).ok
    assert act(opened, teacher, act="end").ok
    assert stream.until(lambda event: event["over"])["order"] == []
    assert "class is over" in refused(post(opened, "pictures", picture()))
    refused(act(opened, teacher, act="begin"))


def test_two_windows_of_the_teacher_are_counted(opened, teacher, stream):
    assert stream.until(lambda event: event["teachers"] == 1)
    other = Stream(opened, teacher)
    assert other.until(lambda event: event["teachers"] == 2)
    assert stream.until(lambda event: event["teachers"] == 2)
    other.answer.close()
    assert stream.until(lambda event: event["teachers"] == 1)


def test_the_file_has_what_is_shown(opened, teacher):
    for name in ("Ada/../x", "=1+1", "hidden"):
        assert post(opened, "pictures", picture(name=name)).ok
    lesson, step = steps_with("choices")[0]
    post(opened, "predictions", predicted(1, lesson, step, "pupil-01"))
    act(opened, teacher, act="hide", ids=[3])
    answer = teacher.get(f"{opened.here}/room-file", timeout=60)
    assert opened.room.code in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        pngs = [name for name in archive.namelist() if name.startswith("pictures/")]
        assert pngs == ["pictures/01 Ada____x.png", "pictures/02 _1_1.png"]
        with Image.open(archive.open(pngs[0])) as image:
            assert (np.asarray(image).ravel() == np.frombuffer(X, np.uint8)).all()
        rows = list(csv.reader(archive.read("codes.csv").decode().splitlines()))
        assert [row[1] for row in rows[1:]] == ["Ada/../x", "'=1+1"]
        assert rows[1][4] == Z
        said = archive.read("predictions.csv").decode().splitlines()
        assert said[1:] == [f"{lesson}.{step + 1},1,1"]


# ---- where it is


def test_the_address_for_phones_is_one_that_they_can_reach(monkeypatch):
    lone = ["127.0.0.1", "169.254.3.4", "0.0.0.0"]
    monkeypatch.setattr(network, "routed", lambda: lone[:1])
    monkeypatch.setattr(network, "own", lambda: [*lone, "192.168.4.1"])
    assert network.lan_address() == "192.168.4.1"
    monkeypatch.setattr(network, "own", lambda: lone)
    with pytest.raises(InputError, match="no address in a network"):
        network.lan_address()


def test_this_computers_own_addresses_are_found():
    assert "127.0.0.1" in network.own()


def test_the_qr_code_is_a_picture_in_the_page():
    assert classroom.qr_code("http://192.168.1.7:8501/join/ABC234").startswith("data:image/svg")


@pytest.fixture
def begun(monkeypatch):
    """A function that opens a class as the command does; the address that it says phones open."""
    monkeypatch.setattr(classroom, "classroom", None)

    def begin(address: str, *names: str) -> str:
        serve.open_class(address, 8501, "http://localhost:8501", [*names])
        return classroom.now().lan

    return begin


def test_phones_open_the_name_that_was_given_or_the_address_that_was_found(begun, monkeypatch):
    monkeypatch.setattr(network, "lan_address", lambda: "192.168.4.1")
    assert begun(serve.ANYWHERE) == "http://192.168.4.1:8501"
    assert begun(serve.ANYWHERE, "lab.example") == "http://lab.example:8501"
    assert begun("192.168.7.7") == "http://192.168.7.7:8501"


def test_a_computer_in_no_network_opens_no_class(begun, monkeypatch):
    for source in ("routed", "own"):
        monkeypatch.setattr(network, source, lambda: ["127.0.0.1"])
    with pytest.raises(SystemExit, match="no phone can reach it"):
        begun(serve.ANYWHERE)
    with pytest.raises(SystemExit, match="No phone can reach"):
        begun("127.0.0.1")
    assert classroom.now() is None


def test_the_terminal_says_who_can_send(begun, capsys):
    begun("192.168.7.7")
    said, one = capsys.readouterr().out, classroom.now()
    assert one.teach in said
    assert one.join in said
    assert f"who has the room code {one.room.code} can send" in said
