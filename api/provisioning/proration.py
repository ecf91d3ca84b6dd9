"""Billing periods, and what a seat costs for the rest of one, in whole minor units (REQUIREMENTS R133). Pure.

Days are those of UTC. The day on which a seat is added is paid for, and each line is rounded by itself, half up.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime

from db.enums import BillingInterval

_MONTHS = {BillingInterval.MONTH: 1, BillingInterval.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Period:
    """A billing period: from its first day to the first day of the next one."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.end - self.start).days

    def remaining(self, day: date) -> int:
        """How many days are left on that day, which counts itself; raises ValueError for a day of another period."""
        if not self.start <= day < self.end:
            raise ValueError(f"{day} is no day of the period from {self.start} to {self.end}.")
        return (self.end - day).days


def period_of(anchor: date, interval: BillingInterval, day: date) -> Period:
    """The period in which a day lies, where one begins on the anchor.

    Where a month lacks the anchor's day, its last day takes that place, and that month's only: 31 January is followed
    by 28 February and 31 March.
    """
    step = _MONTHS[interval]
    months = (day.year - anchor.year) * 12 + day.month - anchor.month
    number = months // step
    if _months_after(anchor, number * step) > day:
        number -= 1
    return Period(_months_after(anchor, number * step), _months_after(anchor, (number + 1) * step))


def month_of(at: datetime) -> datetime:
    """When the calendar month began, UTC, in which a moment lies: what a monthly cap is for."""
    return at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def charge(price_minor: int, quantity: int, period: Period, added_on: date) -> int:
    """What this many seats cost from the day they are added to the end of the period: one line of an invoice.

    `price_minor` is for one seat and the whole period. Raises ValueError for a day of another period.
    """
    if price_minor < 0 or quantity < 0:
        raise ValueError("Prices and quantities are never below zero.")
    share, days = price_minor * quantity * period.remaining(added_on), period.days
    return (2 * share + days) // (2 * days)


def _months_after(anchor: date, months: int) -> date:
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    return date(year, month + 1, min(anchor.day, monthrange(year, month + 1)[1]))
