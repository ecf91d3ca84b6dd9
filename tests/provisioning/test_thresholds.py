"""Thresholds of usage are told once when they are crossed, and again only after usage fell below them."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.provisioning.thresholds import Crossing, crossed, reached, seats_at

USUAL = (80, 90, 100)
percents = st.lists(st.integers(1, 100), max_size=5).map(tuple)
levels = st.tuples(st.integers(0, 60), st.none() | st.integers(0, 50))


@pytest.mark.parametrize(
    ("used", "limit", "expected"),
    [
        (79, 100, set()),
        (80, 100, {80}),
        (90, 100, {80, 90}),
        (100, 100, {80, 90, 100}),
        (130, 100, {80, 90, 100}),
        (8, 10, {80}),
        (5, 7, set()),
        (6, 7, {80}),  # 5.6 seats are six
        (7, 7, {80, 100}),  # 6.3 seats are seven, as are all of them
        (1, 2, set()),
        (2, 2, {100}),  # of three that are two seats, the highest
        (1, 1, {100}),
        (0, 1, set()),
        (0, 0, set()),  # none were wanted, and none are taken
        (1, 0, {100}),
        (1000, None, set()),
    ],
)
def test_usage_reaches_the_next_whole_seat_of_a_percentage(used: int, limit: int | None, expected: set[int]) -> None:
    """R135."""
    assert reached(USUAL, used, limit) == expected


def test_a_percentage_is_reckoned_in_whole_numbers() -> None:
    assert seats_at(70, 10**18 + 1) == 7 * 10**17 + 1
    assert seats_at(55, 100) == 55


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ((79, 100), (80, 100), Crossing((80,), ())),
        ((80, 100), (81, 100), Crossing((), ())),
        ((85, 100), (79, 100), Crossing((), (80,))),
        ((10, 100), (100, 100), Crossing(USUAL, ())),
        ((85, 100), (85, 90), Crossing((90,), ())),
        ((85, 100), (85, 200), Crossing((), (80,))),
        ((85, 100), (85, None), Crossing((), (80,))),
        ((2, 3), (2, 2), Crossing((100,), ())),
    ],
)
def test_a_change_of_usage_or_limit_raises_and_clears(
    before: tuple[int, int | None], now: tuple[int, int | None], expected: Crossing
) -> None:
    """R135: once per crossing."""
    assert crossed(reached(USUAL, *before), reached(USUAL, *now)) == expected


def test_the_order_of_the_percentages_does_not_matter() -> None:
    assert reached((100, 80, 90), 9, 10) == {80, 90}
    assert reached((100, 80, 90), 1, 1) == {100}


@given(percents=percents, story=st.lists(levels, max_size=30))
def test_raising_and_clearing_alternate(percents: tuple[int, ...], story: list[tuple[int, int | None]]) -> None:
    """R135: an alert that stands is never raised again, one that does not is never cleared."""
    standing: frozenset[int] = frozenset()
    told: dict[int, list[bool]] = defaultdict(list)
    for level in story:
        crossing = crossed(standing, reached(percents, *level))
        for percent in crossing.raised:
            told[percent].append(True)
        for percent in crossing.cleared:
            told[percent].append(False)
        standing = (standing | set(crossing.raised)) - set(crossing.cleared)
        assert standing == reached(percents, *level)
    assert all(each == [number % 2 == 0 for number in range(len(each))] for each in told.values())


@given(percents=percents, used=st.integers(0, 60), limit=st.integers(0, 50))
def test_one_more_seat_never_raises_two_thresholds(percents: tuple[int, ...], used: int, limit: int) -> None:
    crossing = crossed(reached(percents, used, limit), reached(percents, used + 1, limit))
    assert len(crossing.raised) <= 1
    assert crossing.cleared == ()
