"""A class in one room: what holds whatever pupils send and the teacher does."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae.classroom import LENGTH, LETTERS, Bucket, Limits, Room, TooMuch, new_room, plain, tally
from vae.errors import InputError

SMALL = Limits(pictures=3, all_pictures=8, pupils=4, questions=2)
FREE = replace(SMALL, at_once=10_000, room_at_once=10_000)
NAMES = st.text(max_size=30)


def send(room: Room, pupil: str = "pupil-00", name: str = "", now: float = 0.0) -> int:
    return room.send(pupil, name, "digits", "0,1", "AAA=", now)


def fill(room: Room, pictures: int = 3, pupils: int = 2) -> Room:
    """So many pictures of each of so many pupils, and a prediction of each."""
    for p in range(pupils):
        for _ in range(pictures):
            send(room, f"pupil-{p}")
        room.predict(f"pupil-{p}", "1.3", p, 0)
    return room


@pytest.fixture
def room() -> Room:
    return Room("ABC234", "key", FREE)


def test_codes_are_read_as_they_are_said():
    room = new_room()
    assert len(room.code) == LENGTH
    assert set(room.code) <= set(LETTERS)
    room.check(f" {room.code.lower()} ")
    assert new_room().code != room.code
    assert new_room().key != room.key


@pytest.mark.parametrize("code", ["", "ABC235", "ABC23", "ABC2344", "<b>"])
def test_another_code_is_refused(room, code):
    with pytest.raises(InputError, match="no such room"):
        room.check(code)


def test_what_is_sent_is_there_as_it_was_sent(room):
    assert send(room, name="Ada") == 1
    assert send(room, "pupil-01") == 1
    assert send(room, name="Ada again") == 2
    there = room.pictures.values()
    assert [(one.id, one.pupil, one.name) for one in there] == [
        (1, 1, "Ada"),
        (2, 2, ""),
        (3, 1, "Ada again"),
    ]
    assert {(one.model, one.z, one.x, one.hidden) for one in there} == {
        ("digits", "0,1", "AAA=", False)
    }


# ---- limits


@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.sampled_from(["send", "predict", "remove", "bar"])),
        max_size=60,
    )
)
def test_no_limit_is_passed_whatever_comes(steps):
    room = Room("ABC234", "key", FREE)
    for who, what in steps:
        if what == "remove":
            room.remove(list(room.pictures)[:who])
        elif what == "bar":
            room.bar([who])
        else:
            try:
                if what == "send":
                    send(room, f"pupil-{who}")
                else:
                    room.predict(f"pupil-{who}", f"1.{who % 4}", who, 0)
            except InputError as why:
                assert str(why).endswith(".")  # noqa: PT017
        pictures = [one.pupil for one in room.pictures.values()]
        assert len(pictures) <= FREE.all_pictures
        assert len(room.pupils) <= FREE.pupils
        assert len(room.predictions) <= FREE.questions
        assert all(pictures.count(number) <= FREE.pictures for number in pictures)
        assert len({who.number for who in room.pupils.values()}) == len(room.pupils)


def test_of_200_sends_a_second_a_few_are_taken_and_the_others_are_not_kept_out():
    room = Room("ABC234", "key", Limits())
    taken = 0
    for i in range(200):
        try:
            taken += bool(send(room, "quick-one", now=i / 200))
        except TooMuch as why:
            assert "too quick" in str(why)  # noqa: PT017
    assert taken == room.limits.at_once
    assert send(room, "another-one", now=0.5) == 1
    assert send(room, "quick-one", now=5) == taken + 1


def test_ever_new_pupils_are_slowed_down_together():
    room = Room("ABC234", "key", Limits(pupils=10_000, all_pictures=10_000))
    taken = 0
    for i in range(1000):
        try:
            taken += bool(send(room, f"pupil-{i}", now=i / 1000))
        except TooMuch:
            continue
    assert taken <= room.limits.room_at_once + 1 / room.limits.room_seconds


@given(st.lists(st.floats(0, 3), max_size=50), st.integers(1, 5), st.floats(0.1, 2))
def test_a_bucket_gives_no_more_than_it_says(waits, at_once, seconds):
    bucket, now, taken = Bucket(at_once, seconds), 0.0, 0
    for wait in waits:
        now += wait
        taken += bucket.take(now)
        assert taken <= at_once + now / seconds + 1e-6


def test_a_class_of_thirty_sends_at_once():
    room = Room("ABC234", "key", Limits())
    assert [send(room, f"pupil-{i}") for i in range(30)] == [1] * 30


# ---- names


@given(NAMES)
def test_a_name_is_one_line_of_text(name):
    kept = plain(name, 30)
    assert kept == plain(kept, 30)
    assert len(kept) <= len(name)
    assert not set(kept) & set("\n\r\t\u2028\u202e\u200b\x00")


def test_markup_is_a_name_like_any_other(room):
    send(room, name="<b onclick=x>A</b>")
    assert room.pictures[1].name == "<b onclick=x>A</b>"


def test_a_long_name_is_refused_and_nothing_is_kept(room):
    with pytest.raises(InputError, match=r"at most 24 characters; this one has 10,000\."):
        send(room, name="x" * 10_000)
    assert not room.pictures
    assert not room.pupils


# ---- what the teacher does


def test_hidden_pictures_stay_and_come_back(room):
    before = dict(fill(room).pictures)
    room.hide([1, 2, 99], True)
    assert room.summary()["hidden"] == [1, 2]
    assert list(room.pictures) == list(before)
    room.hide([1, 2], False)
    assert room.pictures == before


def test_what_is_removed_is_gone_and_makes_room(room):
    fill(room)
    with pytest.raises(InputError, match="3 pictures, which is the limit"):
        send(room, "pupil-0")
    room.remove([1, 99])
    assert room.summary()["order"] == [2, 3, 4, 5, 6]
    assert send(room, "pupil-0") == 3
    assert list(room.pictures)[-1] == 7  # no number is given twice


def test_who_is_barred_sends_no_more_and_others_do(room):
    fill(room, pictures=1)
    room.bar([1])
    assert [one.pupil for one in room.pictures.values()] == [2]
    assert room.summary()["predictions"] == {"1.3": [[1, 1]]}
    for act in (send, lambda room, pupil: room.predict(pupil, "1.3", 0, 0)):
        with pytest.raises(InputError, match="takes no more from this device"):
            act(room, "pupil-0")
    room.clear()
    with pytest.raises(InputError, match="takes no more"):
        send(room, "pupil-0")
    assert send(room, "pupil-1") == 1


def test_clear_forgets_all_and_the_class_goes_on(room):
    fill(room).clear()
    assert (room.pictures, room.predictions, room.pupils) == ({}, {}, {})
    assert send(room) == 1


def test_the_end_keeps_nothing_and_takes_nothing(room):
    fill(room).end()
    assert (room.pictures, room.predictions, room.pupils) == ({}, {}, {})
    assert room.summary()["over"]
    for act in (
        send,
        lambda room: room.check("ABC234"),
        lambda room: room.predict("p", "1.3", 0, 0),
    ):
        with pytest.raises(InputError, match="class is over"):
            act(room)


# ---- predictions


def test_a_pupil_has_one_prediction_of_each_question(room):
    for value in (0, 2, None):
        room.predict("pupil-00", "1.3", value, 0)
    room.predict("pupil-01", "1.3", 2, 0)
    room.predict("pupil-01", "1.4", 0.5, 0)
    assert room.summary()["predictions"] == {"1.3": [[2, 1], [None, 1]], "1.4": [[0.5, 1]]}


@given(st.lists(st.one_of(st.none(), st.integers(0, 4), st.floats(0, 9)), max_size=30))
def test_a_tally_counts_every_value_once(values):
    counts = tally(values)
    assert sum(n for _, n in counts) == len(values)
    assert len({value for value, _ in counts}) == len(counts)
    numbers = [value for value, _ in counts if value is not None]
    assert numbers == sorted(numbers)


def test_nobody_is_known_who_has_sent_nothing(room):
    room.check("ABC234")
    assert room.summary()["pupils"] == 0
    send(room)
    assert room.summary()["pupils"] == 1
