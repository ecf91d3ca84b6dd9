"""Outcomes by the hour, as what an inline SVG needs: carried out above a line, refused below it. Pure."""

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
    """One rectangle; `kind` is `done`, `refused`, `none` or `unknown`."""

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


def outcomes(hours: Sequence[dict[str, Any]]) -> Outcomes:
    """The bars of hours as GraphQL has them (`written`, `read`, `refused`, `isKnown`), oldest first."""
    most = max((each["written"] + each["read"] + each["refused"] for each in hours), default=0)
    bars: list[Bar] = []
    for place, hour in enumerate(hours):
        x = place * (WIDTH + GAP)
        bars += _bars(x, hour, most)
    done = sum(each["written"] + each["read"] for each in hours)
    refused = sum(each["refused"] for each in hours)
    told = f"{words.count(done, 'request')} carried out, {words.number(refused)} refused in the last 24 hours"
    return Outcomes(bars, max(len(hours), 1) * (WIDTH + GAP) - GAP, told if done or refused else _QUIET, done, refused)


_QUIET = "No request in the last 24 hours"


def _bars(x: int, hour: dict[str, Any], most: int) -> list[Bar]:
    if not hour["isKnown"]:
        return [Bar(x, ABOVE - 3, 3, "unknown")]
    done, refused = hour["written"] + hour["read"], hour["refused"]
    found = []
    if done:
        height = _height(done, most, ABOVE)
        found.append(Bar(x, round(ABOVE - height, 1), height, "done"))
    if refused:
        found.append(Bar(x, ABOVE + 2, _height(refused, most, BELOW), "refused"))
    return found or [Bar(x, ABOVE - 1, 1, "none")]


def _height(count: int, most: int, highest: int) -> float:
    """By the logarithm: ten requests must be seen beside ten thousand."""
    return round(max(3.0, highest * log(1 + count) / log(1 + most)), 1)
