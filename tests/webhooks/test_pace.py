"""When something is sent again, and what answers mean for that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from api.webhooks import pace
from api.webhooks.pace import Meaning

NOON = datetime(2040, 1, 1, 12, tzinfo=UTC)


def test_ten_attempts_take_three_days_a_fifth_more_or_less() -> None:
    minutes = [0, 1 / 12, 5, 30, *(hours * 60 for hours in (2, 5, 10, 14, 20, 24))]
    for attempts, gap in enumerate(minutes):
        for _ in range(20):
            due = pace.next_attempt(attempts, NOON)
            assert due is not None
            assert 0.8 * gap <= (due - NOON) / timedelta(minutes=1) <= 1.2 * gap
    assert pace.next_attempt(len(minutes), NOON) is None


def test_no_two_wait_equally_long() -> None:
    assert len({pace.next_attempt(3, NOON) for _ in range(10)}) == 10


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        (200, Meaning.ARRIVED),
        (204, Meaning.ARRIVED),
        (299, Meaning.ARRIVED),
        (301, Meaning.REFUSED),
        (302, Meaning.REFUSED),
        (307, Meaning.REFUSED),
        (400, Meaning.REFUSED),
        (404, Meaning.REFUSED),
        (410, Meaning.GONE),
        (429, Meaning.BUSY),
        (500, Meaning.REFUSED),
        (502, Meaning.BUSY),
        (503, Meaning.BUSY),
        (504, Meaning.BUSY),
        (None, Meaning.BUSY),
    ],
)
def test_what_a_status_means(status: int | None, meaning: Meaning) -> None:
    assert pace.meaning(status) is meaning


@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [
        (429, "120", 120),
        (503, " 60 ", 60),
        (503, "Sun, 01 Jan 2040 12:10:00 GMT", 600),
        (503, "Sun, 01 Jan 2040 11:00:00 GMT", 0),
        (503, f"Sun, 01 Jan {9**40} 11:00:00 GMT", None),
        (503, "Sun, 01 Jan 2040 11:00:00 +99999999999999999999", None),
        (502, "0", 0),
        (429, "99999999999999999999", 86400),
        (429, "soon", None),
        (429, "-5", None),
        (429, "², please", None),
        (429, None, None),
        (500, "120", None),
        (200, "120", None),
    ],
)
def test_a_busy_receiver_may_say_when(status: int, header: str | None, seconds: int | None) -> None:
    expected = None if seconds is None else NOON + timedelta(seconds=seconds)
    assert pace.wish(status, header, NOON) == expected


def test_nothing_is_sent_before_the_receiver_wants_it() -> None:
    tomorrow = NOON + timedelta(days=1)
    assert pace.next_attempt(1, NOON, tomorrow) == tomorrow
    assert pace.next_attempt(9, NOON, NOON) != NOON


def test_who_does_not_answer_is_left_alone_longer_and_longer() -> None:
    pauses = [(pace.pause(failures, NOON, is_busy=True) - NOON).total_seconds() for failures in range(1, 50)]
    assert 4 <= pauses[0] <= 6
    assert 12 <= pauses[1] <= 18
    assert all(240 <= each <= 360 for each in pauses[6:])
    assert 4 <= (pace.pause(40, NOON, is_busy=False) - NOON).total_seconds() <= 6
