"""Which seats nobody has needed for sixty days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from api.provisioning import unused_seats
from api.provisioning.forecast import DayEnd

TODAY = date(2026, 11, 26)


def ago(days: int, used: int, limit: int | None = 25) -> DayEnd:
    """A day that ended so."""
    return DayEnd(TODAY - timedelta(days=days), used, limit)


@pytest.mark.parametrize(
    ("days", "used", "limit", "unused"),
    [
        ([ago(60, 10), ago(30, 18), ago(1, 12)], 12, 25, 7),
        ([ago(67, 10), ago(30, 18), ago(1, 12)], 12, 25, 7),
        ([ago(60, 10), ago(1, 12)], 20, 25, 5),  # fewer are free today
        ([ago(60, 25), ago(1, 12)], 12, 25, 0),
        ([ago(68, 25), ago(60, 20), ago(1, 12)], 12, 25, 5),  # what was before does not matter
        ([ago(59, 10), ago(1, 12)], 12, 25, 0),  # nobody knows how it was sixty days ago
        ([ago(68, 10), ago(1, 12)], 12, 25, 0),
        ([ago(60, 10, 12), ago(30, 10)], 10, 25, 2),  # seats that came later are not unused for so long
        ([ago(60, 10, None), ago(30, 10)], 10, 25, 0),
        ([ago(60, 10)], 10, None, 0),
        ([ago(60, 30), ago(30, 30)], 30, 25, 0),
        ([], 0, 25, 0),
    ],
)
def test_seats_are_unused_that_were_free_each_day(
    days: list[DayEnd], used: int, limit: int | None, unused: int
) -> None:
    assert unused_seats.count(days, TODAY, used=used, limit=limit) == unused


def test_it_is_said_in_words() -> None:
    assert unused_seats.text(7, "Full").startswith("7 full seats were not needed for 60 days.")
    assert unused_seats.text(1, "Full").startswith("1 full seat was not needed")
