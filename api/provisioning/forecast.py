"""When the seats of a type will all be taken, if it goes on like this (REQUIREMENTS §1.9). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

LOOKS_BACK = timedelta(days=28)
LOOKS_AHEAD_DAYS = 3650
FEWEST_CHANGES = 7

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayEnd:
    """How many seats of a type were taken when a day ended, and how many there were; None for no end of them."""

    day: date
    used: int
    limit: int | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """All seats will be taken this many days after the last one that is known; none when they are already.

    `daily_change` is how many more are taken each day.
    """

    days: int
    known_until: date
    daily_change: float = 0.0

    @property
    def full_on(self) -> date:
        """The day on which the last seat will be taken."""
        return self.known_until + timedelta(days=self.days)

    @property
    def text(self) -> str:
        """The forecast for people."""
        if self.days == 0:
            return "Full."
        unit = "day" if self.days == 1 else "days"
        return f"Full in about {self.days} {unit}, on {self.full_on:%Y-%m-%d}, if it goes on like the last four weeks."


def forecast(days: Iterable[DayEnd]) -> Forecast | None:
    """When the seats will all be taken, by the median daily change of the last four weeks; None when not in sight.

    A day without its snapshot is a gap: what changed across it is not known by day, and does not count. Nothing is in
    sight when there is no limit, usage does not grow or would take ten years, or fewer than seven changes are known.
    """
    known = {each.day: each for each in days}
    last = known[max(known)] if known else None
    if last is None or last.limit is None:
        return None
    changes = _daily_changes(known, last.day)
    if len(changes) < FEWEST_CHANGES:
        return None
    twice_a_day = _twice_the_median(changes)
    if twice_a_day <= 0:
        return None
    ahead = -(-2 * max(0, last.limit - last.used) // twice_a_day)
    return Forecast(ahead, last.day, twice_a_day / 2) if ahead <= LOOKS_AHEAD_DAYS else None


def _daily_changes(known: dict[date, DayEnd], last: date) -> list[int]:
    recent = [day for day in known if day > last - LOOKS_BACK]
    return sorted(known[day].used - known[day - _ONE_DAY].used for day in recent if day - _ONE_DAY in known)


def _twice_the_median(changes: list[int]) -> int:
    """Twice the median of sorted numbers, which is whole where the median may not be."""
    return changes[(len(changes) - 1) // 2] + changes[len(changes) // 2]
