"""Billing periods tile the calendar, and the rest of one costs its share to the minor unit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.provisioning.proration import Period, charge, period_of
from db.enums import BillingInterval

MONTH, YEAR = BillingInterval.MONTH, BillingInterval.YEAR
APRIL = Period(date(2026, 4, 1), date(2026, 5, 1))

days = st.dates(date(1970, 1, 1), date(2400, 12, 31))
intervals = st.sampled_from(BillingInterval)
prices = st.integers(0, 10**9)
quantities = st.integers(0, 10_000)


@st.composite
def moments(draw: st.DrawFn) -> tuple[Period, date]:
    """A billing period and one of its days."""
    day = draw(days)
    return period_of(draw(days), draw(intervals), day), day


def test_ten_days_into_a_month_of_thirty_two_thirds_of_the_price_are_left() -> None:
    """R133: 30.00 for 30 days, added on day 11, is 20.00."""
    assert charge(30_00, 1, APRIL, date(2026, 4, 11)) == 20_00


@pytest.mark.parametrize(
    ("price", "quantity", "start", "end", "added_on", "expected"),
    [
        (30_00, 1, "2026-04-01", "2026-05-01", "2026-04-01", 30_00),
        (30_00, 1, "2026-04-01", "2026-05-01", "2026-04-30", 1_00),
        (30_00, 3, "2026-04-01", "2026-05-01", "2026-04-11", 60_00),
        (29_00, 1, "2028-02-01", "2028-03-01", "2028-02-29", 1_00),
        (28_00, 1, "2027-02-01", "2027-03-01", "2027-02-28", 1_00),
        (28_00, 1, "2026-01-31", "2026-02-28", "2026-01-31", 28_00),
        (31_00, 1, "2026-02-28", "2026-03-31", "2026-03-30", 1_00),
        (366_00, 1, "2028-01-01", "2029-01-01", "2028-02-29", 307_00),
        (365_00, 1, "2026-01-01", "2027-01-01", "2026-03-01", 306_00),
        (1, 1, "2026-04-01", "2026-05-01", "2026-04-16", 1),  # half a unit is rounded up
        (1, 1, "2026-04-01", "2026-05-01", "2026-04-17", 0),
        (1, 3, "2026-04-01", "2026-05-01", "2026-04-16", 2),  # once for the line, not once a seat
        (10_00, 1, "2026-03-01", "2026-04-01", "2026-03-12", 6_45),  # 645.16
        (0, 5, "2026-04-01", "2026-05-01", "2026-04-01", 0),
    ],
)
def test_a_line_costs_the_days_that_are_left(
    price: int, quantity: int, start: str, end: str, added_on: str, expected: int
) -> None:
    """R133, with leap years and the ends of months."""
    period = Period(date.fromisoformat(start), date.fromisoformat(end))
    assert charge(price, quantity, period, date.fromisoformat(added_on)) == expected


@pytest.mark.parametrize(
    ("anchor", "interval", "day", "start", "end"),
    [
        ("2026-01-01", MONTH, "2026-04-30", "2026-04-01", "2026-05-01"),
        ("2026-01-31", MONTH, "2026-02-27", "2026-01-31", "2026-02-28"),
        ("2026-01-31", MONTH, "2026-02-28", "2026-02-28", "2026-03-31"),
        ("2026-01-31", MONTH, "2026-03-30", "2026-02-28", "2026-03-31"),
        ("2026-01-31", MONTH, "2026-03-31", "2026-03-31", "2026-04-30"),
        ("2026-01-31", MONTH, "2028-02-28", "2028-01-31", "2028-02-29"),
        ("2026-01-31", MONTH, "2028-02-29", "2028-02-29", "2028-03-31"),
        ("2026-01-15", MONTH, "2026-01-14", "2025-12-15", "2026-01-15"),
        ("2026-03-31", MONTH, "2025-02-28", "2025-02-28", "2025-03-31"),
        ("2026-05-10", YEAR, "2027-05-09", "2026-05-10", "2027-05-10"),
        ("2026-05-10", YEAR, "2027-05-10", "2027-05-10", "2028-05-10"),
        ("2024-02-29", YEAR, "2025-02-27", "2024-02-29", "2025-02-28"),
        ("2024-02-29", YEAR, "2025-02-28", "2025-02-28", "2026-02-28"),
        ("2024-02-29", YEAR, "2028-02-28", "2027-02-28", "2028-02-29"),
        ("2024-02-29", YEAR, "2023-12-31", "2023-02-28", "2024-02-29"),
    ],
)
def test_a_period_begins_on_the_day_of_the_anchor_or_the_last_of_a_short_month(
    anchor: str, interval: BillingInterval, day: str, start: str, end: str
) -> None:
    found = period_of(date.fromisoformat(anchor), interval, date.fromisoformat(day))
    assert (found.start.isoformat(), found.end.isoformat()) == (start, end)


@pytest.mark.parametrize("added_on", [date(2026, 3, 31), date(2026, 5, 1)])
def test_a_day_of_another_period_has_no_price_in_this_one(added_on: date) -> None:
    with pytest.raises(ValueError, match="no day of the period"):
        charge(30_00, 1, APRIL, added_on)


@pytest.mark.parametrize(("price", "quantity"), [(-1, 1), (1, -1)])
def test_nothing_costs_less_than_nothing(price: int, quantity: int) -> None:
    with pytest.raises(ValueError, match="below zero"):
        charge(price, quantity, APRIL, APRIL.start)


@given(anchor=days, interval=intervals, day=days)
@example(anchor=date(2024, 2, 29), interval=YEAR, day=date(2028, 2, 28))
def test_periods_tile_the_calendar_without_a_gap(anchor: date, interval: BillingInterval, day: date) -> None:
    period = period_of(anchor, interval, day)
    assert period.start <= day < period.end
    assert period_of(anchor, interval, period.end).start == period.end
    assert period_of(anchor, interval, period.start - timedelta(days=1)).end == period.start
    assert period_of(anchor, interval, period.start) == period
    assert period_of(anchor, interval, anchor).start == anchor


@given(price=prices, quantity=quantities, moment=moments())
def test_a_charge_is_never_below_nothing_nor_above_the_full_price(
    price: int, quantity: int, moment: tuple[Period, date]
) -> None:
    period, day = moment
    full = price * quantity
    assert 0 <= charge(price, quantity, period, day) <= full == charge(price, quantity, period, period.start)


@given(price=prices, quantity=quantities, moment=moments())
def test_a_charge_is_its_share_rounded_half_up(price: int, quantity: int, moment: tuple[Period, date]) -> None:
    """Two halves are a unit more or less: the charge less half a unit is not above the share, plus half is."""
    period, day = moment
    twice_share = 2 * price * quantity * period.remaining(day)
    twice_charge = 2 * charge(price, quantity, period, day) * period.days
    assert twice_charge - period.days <= twice_share < twice_charge + period.days


@given(price=prices, quantity=quantities, moment=moments(), split=st.integers(0, 10_000))
def test_seats_bought_in_two_lines_cost_the_same_but_for_their_rounding(
    price: int, quantity: int, moment: tuple[Period, date], split: int
) -> None:
    some = min(split, quantity)
    lines = charge(price, some, *moment) + charge(price, quantity - some, *moment)
    assert abs(lines - charge(price, quantity, *moment)) <= 1


@given(price=prices, quantity=quantities, moment=moments(), other=st.integers(0, 365))
def test_who_comes_later_never_pays_more(price: int, quantity: int, moment: tuple[Period, date], other: int) -> None:
    period, day = moment
    later = min(day + timedelta(days=other), period.end - timedelta(days=1))
    assert charge(price, quantity, period, later) <= charge(price, quantity, period, day)
