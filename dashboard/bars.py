"""Outcomes by the hour, as what an inline SVG needs: what went well above a line, what did not below it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any

from . import words

WIDTH, GAP, ABOVE, BELOW = 9, 2, 22, 12
"""Of a bar, and between two; how high bars are above the line, and below it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One rectangle; `kind` is `done`, `waits`, `refused`, `none` or `unknown`."""

    x: int
    y: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The bars, how wide they are together, and the same in a sentence."""

    bars: Sequence[Bar]
    width: int
    text: str
    done: int
    refused: int


@dataclass(frozen=True, slots=True)
class _Hour:
    """What went well, what is under way, and what did not; `is_known` says whether all of it was counted."""

    done: int
    waits: int
    refused: int
    is_known: bool

    @property
    def height(self) -> int:
        return self.done + self.waits + self.refused


def outcomes(hours: Sequence[dict[str, Any]]) -> Outcomes:
    """The bars of hours of requests as GraphQL has them (`written`, `read`, `refused`, `isKnown`), oldest first."""
    found = [_Hour(each["written"] + each["read"], 0, each["refused"], each["isKnown"]) for each in hours]
    done, refused = sum(each.done for each in found), sum(each.refused for each in found)
    told = f"{words.count(done, 'request')} carried out, {words.number(refused)} refused in the last 24 hours"
    return _drawn(found, told if done or refused else "No request in the last 24 hours")


def deliveries(hours: Sequence[dict[str, Any]]) -> Outcomes:
    """The bars of hours of deliveries as GraphQL has them (`delivered`, `pending`, `failed`, `isKnown`)."""
    found = [_Hour(each["delivered"], each["pending"], each["failed"], each["isKnown"]) for each in hours]
    done, waits, failed = (sum(each) for each in zip(*((h.done, h.waits, h.refused) for h in found), strict=True))
    told = f"{words.number(done)} delivered, {words.number(waits)} on their way, {words.number(failed)} failed"
    text = f"{told} in the last 24 hours" if done or waits or failed else "Nothing was sent in the last 24 hours"
    return _drawn(found, text)


def _drawn(hours: Sequence[_Hour], text: str) -> Outcomes:
    most = max((each.height for each in hours), default=0)
    bars = [bar for place, hour in enumerate(hours) for bar in _bars(place * (WIDTH + GAP), hour, most)]
    width = max(len(hours), 1) * (WIDTH + GAP) - GAP
    return Outcomes(bars, width, text, sum(each.done for each in hours), sum(each.refused for each in hours))


def _bars(x: int, hour: _Hour, most: int) -> list[Bar]:
    if not hour.is_known:
        return [Bar(x, ABOVE - 3, 3, "unknown")]
    found = []
    above = _height(hour.done + hour.waits, most, ABOVE)
    waits = above if not hour.done else round(max(3.0, above * hour.waits / (hour.done + hour.waits)), 1)
    if hour.done:
        done = round(max(above - waits, 2.0), 1) if hour.waits else above
        found.append(Bar(x, round(ABOVE - done, 1), done, "done"))
    if hour.waits:
        found.append(Bar(x, round(ABOVE - above, 1), waits, "waits"))
    if hour.refused:
        found.append(Bar(x, ABOVE + 2, _height(hour.refused, most, BELOW), "refused"))
    return found or [Bar(x, ABOVE - 1, 1, "none")]


def _height(count: int, most: int, highest: int) -> float:
    """By the logarithm: ten requests must be seen beside ten thousand."""
    return round(max(3.0, highest * log(1 + count) / log(1 + most)), 1) if most else 0.0
