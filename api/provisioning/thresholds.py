"""Which thresholds of seat usage are crossed, upwards and downwards (REQUIREMENTS R135). Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Crossing:
    """The percents that usage has reached since, and those below which it fell, each from low to high."""

    raised: tuple[int, ...]
    cleared: tuple[int, ...]


def seats_at(percent: int, limit: int) -> int:
    """How many taken seats are that percentage of the limit: the next whole seat, and one at least."""
    return max(1, -(-limit * percent // 100))


def reached(percents: Collection[int], used: int, limit: int | None) -> frozenset[int]:
    """The thresholds at or above which usage is; none without a limit.

    Of percents that come to the same number of seats only the highest counts: who has two seats hears once that both
    are taken, and not that they are at 80, 90 and 100 % of them.
    """
    if limit is None:
        return frozenset()
    by_seats = {seats_at(percent, limit): percent for percent in sorted(percents)}
    return frozenset(percent for seats, percent in by_seats.items() if used >= seats)


def crossed(before: Collection[int], now: Collection[int]) -> Crossing:
    """What is to be raised and cleared between two sets of thresholds reached; alerts that stand are such a set."""
    return Crossing(tuple(sorted(set(now) - set(before))), tuple(sorted(set(before) - set(now))))
