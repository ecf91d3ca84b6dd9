"""Seats that are paid for and that nobody has needed for long; they are never given back by themselves (R137). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from .forecast import DayEnd

AFTER = timedelta(days=60)
"""Seats that were free at the end of each day for so long are unused."""

LOOKS_BACK = AFTER + timedelta(days=7)
"""So far back a day has to be known, or nobody knows how it was then: not every day has to be."""


def count(days: Sequence[DayEnd], today: date, *, used: int, limit: int | None) -> int:
    """How many seats of a type were free at the end of each known day and are free now; 0 where it is not known."""
    if limit is None or not any(today - LOOKS_BACK <= each.day <= today - AFTER for each in days):
        return 0
    seen = [each for each in days if each.day >= today - LOOKS_BACK]
    if any(each.limit is None for each in seen):
        return 0
    return max(0, min(limit - used, *((each.limit or 0) - each.used for each in seen)))


def text(count: int, label: str) -> str:
    """What is said of them."""
    seats = f"1 {label.lower()} seat was" if count == 1 else f"{count} {label.lower()} seats were"
    return f"{seats} not needed for {AFTER.days} days. Nothing is given back by itself: lower the limit, if you agree."
