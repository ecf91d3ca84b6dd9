"""When seats will all be taken, by what is known of the last four weeks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.provisioning.forecast import LOOKS_AHEAD_DAYS, DayEnd, Forecast, forecast

LAST = date(2026, 4, 30)


def ending(used: Sequence[int], limit: int | None = 100, *, without: Sequence[int] = ()) -> list[DayEnd]:
    """Days up to the last one; `without` counts back from it."""
    count = len(used)
    ago = {count - 1 - number: value for number, value in enumerate(used)}
    return [DayEnd(LAST - timedelta(days=back), value, limit) for back, value in ago.items() if back not in without]


def days_of(snapshots: list[DayEnd]) -> int | None:
    found = forecast(snapshots)
    return found.days if found else None


@pytest.mark.parametrize(
    ("used", "limit", "expected"),
    [
        (range(0, 80), 98, 19),
        (range(0, 20), 100, 81),
        (range(0, 40, 2), 100, 31),
        (range(10, 18), 18, 1),
        ([1, 2, 3, 4, 5, 6, 7], 100, None),  # six changes
        ([1, 2, 3, 4, 5, 6, 7, 8], 100, 92),  # seven
        ([5] * 30, 100, None),
        (range(50, 20, -1), 100, None),
        (range(0, 30), None, None),
        ([0] * 8 + [50], 100, None),  # one day of hiring is no trend
        ([0, 0, 1, 1, 2, 2, 3, 3, 4], 5, 2),  # four days at 0 and four at 1: one every other day
        (range(90, 101), 100, 0),
        (range(90, 111), 100, 0),
        ([], 100, None),
        ([7], 100, None),
    ],
)
def test_the_median_of_the_daily_changes_goes_on(used: Sequence[int], limit: int | None, expected: int | None) -> None:
    assert days_of(ending(used, limit)) == expected


def test_only_the_last_four_weeks_count() -> None:
    fast_then_slow = [*range(0, 600, 20), *range(600, 629)]
    assert days_of(ending(fast_then_slow, 638)) == 10


def test_four_weeks_are_the_changes_of_twenty_eight_days() -> None:
    """Half of them are threes: one fewer or one more would move the median of two."""
    changes = [3, *[3] * 14, *[1] * 14]
    used = [sum(changes[:number]) for number in range(len(changes) + 1)]
    assert days_of(ending(used, used[-1] + 100)) == 50


def test_what_changed_across_a_missing_day_does_not_count() -> None:
    steady_but_for_a_leap_over_a_gap = [*range(0, 10), 500, 501, 502]
    assert days_of(ending(steady_but_for_a_leap_over_a_gap, 512, without=[2])) == 10
    assert days_of(ending(range(0, 16), without=range(0, 16, 2))) is None


def test_days_may_come_in_any_order() -> None:
    days = ending(range(0, 30))
    assert forecast(reversed(days)) == forecast(days)


def test_the_limit_of_the_last_day_counts() -> None:
    days = ending(range(0, 30), 40)
    assert days_of([*days[:-1], DayEnd(LAST, 29, 129)]) == 100


def test_what_would_take_ten_years_is_not_in_sight() -> None:
    assert days_of(ending(range(0, 20), 19 + LOOKS_AHEAD_DAYS)) == LOOKS_AHEAD_DAYS
    assert days_of(ending(range(0, 20), 20 + LOOKS_AHEAD_DAYS)) is None
    assert days_of(ending(range(0, 20), 2**62)) is None


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (19, "Full in about 19 days, on 2026-05-19, if it goes on like the last four weeks."),
        (1, "Full in about 1 day, on 2026-05-01, if it goes on like the last four weeks."),
        (0, "Full."),
    ],
)
def test_it_is_told_in_words(days: int, text: str) -> None:
    assert Forecast(days, LAST).text == text


@given(used=st.lists(st.integers(0, 200), max_size=40), limit=st.integers(0, 200), more=st.integers(0, 50))
def test_more_seats_never_fill_up_earlier(used: list[int], limit: int, more: int) -> None:
    first, second = forecast(ending(used, limit)), forecast(ending(used, limit + more))
    if first and second:
        assert first.days <= second.days


@given(start=st.integers(0, 50), pace=st.integers(1, 20), count=st.integers(8, 60), free=st.integers(0, 500))
def test_a_steady_pace_is_foretold_exactly(start: int, pace: int, count: int, free: int) -> None:
    used = [start + pace * number for number in range(count)]
    days = days_of(ending(used, used[-1] + free))
    assert days is not None
    assert days * pace >= free > (days - 1) * pace
