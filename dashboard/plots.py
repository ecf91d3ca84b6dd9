"""The plot of seats, used and purchased day by day, as the geometry of an SVG. Pure; parts/seats.html draws it.

Days are columns, of which each stands as it ended. A day that is unknown is a gap, never zero. What is ahead is shaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from api.provisioning.forecast import DayEnd

from .words import count, day, number

MOST_POINTS = 31
_TOP, _BOTTOM, _LEFT = 34.0, 26.0, 44.0
_LINE = 15.0
_OUT_OF_SIGHT = 3
_MOST_RUNGS = 5
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Series:
    """One type of seats, with the days that are known and how it goes on: so many more a day, full on some day."""

    name: str
    days: Sequence[DayEnd]
    bought: Mapping[date, int] = field(default_factory=dict)
    a_day: float = 0.0
    full_on: date | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """A text at a place; `kind` is the number of its series, 0 for none."""

    x: float
    y: float
    text: str
    kind: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """The lines of a series as SVG paths, empty where there is nothing to draw."""

    kind: int
    used: str
    purchased: str
    ahead: str


@dataclass(frozen=True, slots=True)
class Point:
    """A day that can be pointed at: its column, and what it says."""

    x: float
    width: float
    text: str


@dataclass(frozen=True, slots=True)
class Plot:
    """Everything that is drawn."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]
    rungs: tuple[Label, ...]
    dates: tuple[Label, ...]
    ticks: tuple[Label, ...]
    ahead_from: float | None
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    days: int
    left: float
    right: float
    top: float
    bottom: float
    most: int

    def x(self, at: date, after: float = 0.0) -> float:
        """Where a day begins, or so many days after that."""
        return self.left + ((at - self.first).days + after) * (self.right - self.left) / self.days

    def y(self, value: float) -> float:
        """Where so many seats are."""
        return self.bottom - value * (self.bottom - self.top) / self.most


def plot(series: Sequence[Series], first: date, last: date, *, width: float, height: float, margin: float) -> Plot:
    """The plot of some days, both named ones included; `margin` is the room for names at its right."""
    shown = (last - first).days + 1
    ahead = max(7, shown // 5) if any(each.full_on and each.full_on > last for each in series) else 0
    most = highest(series)
    scale = _Scale(first, shown + ahead, _LEFT, width - margin, _TOP, height - _BOTTOM, most)
    return Plot(
        width=width,
        height=height,
        left=scale.left,
        right=scale.right,
        top=scale.top,
        bottom=scale.bottom,
        lines=tuple(_line(number_, each, scale, last) for number_, each in enumerate(series, start=1)),
        labels=_apart([label for n, each in enumerate(series, start=1) for label in _ends(n, each, scale)], scale),
        rungs=tuple(Label(scale.left, round(scale.y(each), 1), number(each)) for each in rungs(most)),
        dates=_dates(scale, 3 if width < 500 else 6),
        ticks=_ticks(series, scale, last),
        ahead_from=round(scale.x(last, 1), 1) if ahead else None,
        points=_points(series, scale, last) if shown <= MOST_POINTS else (),
    )


def highest(series: Iterable[Series]) -> int:
    """How high the plot goes: over what is used, and what is purchased unless that is far out of sight."""
    used = max((each.used for one in series for each in one.days), default=0)
    limits = [each.limit for one in series for each in one.days if each.limit is not None]
    return max(used, *(each for each in limits if each <= _OUT_OF_SIGHT * max(used, 1)), 1, 4)


def rungs(most: int) -> list[int]:
    """Numbers to write at the side: zero, and up to five round ones."""
    sizes = (each * 10**power for power in range(12) for each in (1, 2, 5))
    size = next(each for each in sizes if most <= _MOST_RUNGS * each)
    return list(range(0, most + 1, size))


def stepped(points: Sequence[tuple[date, int]], scale: _Scale) -> str:
    """A path that stays level through each day; a day without a point is a gap."""
    parts, before = list[str](), None
    for at, value in points:
        x, y, end = scale.x(at), scale.y(value), scale.x(at, 1)
        parts.append(f"V{y:.1f}" if before == at - _ONE_DAY else f"M{x:.1f} {y:.1f}")
        parts.append(f"H{end:.1f}")
        before = at
    return "".join(parts)


def _line(kind: int, series: Series, scale: _Scale, last: date) -> Line:
    limits = [(each.day, each.limit) for each in series.days if each.limit is not None and each.limit <= scale.most]
    ahead = ""
    if series.full_on is not None and series.days and series.full_on > last:
        end = series.days[-1]
        until = min(series.full_on, scale.first + timedelta(days=scale.days - 1))
        more = series.a_day * (until - end.day).days
        top = min(end.used + more, end.limit if end.limit is not None else end.used + more, scale.most)
        ahead = f"M{scale.x(end.day, 1):.1f} {scale.y(end.used):.1f}L{scale.x(until, 1):.1f} {scale.y(top):.1f}"
    return Line(kind, stepped([(each.day, each.used) for each in series.days], scale), stepped(limits, scale), ahead)


def _ends(kind: int, series: Series, scale: _Scale) -> list[Label]:
    if not series.days:
        return []
    end = series.days[-1]
    found = [Label(scale.right + 8, scale.y(end.used), f"{series.name} {number(end.used)}", kind)]
    if end.limit is not None and end.limit != end.used:
        is_far = end.limit > scale.most
        y = scale.top if is_far else scale.y(end.limit)
        found.append(Label(scale.right + 8, y, f"of {number(end.limit)} {series.name}{' ↑' if is_far else ''}", kind))
    return found


def _apart(labels: Iterable[Label], scale: _Scale) -> tuple[Label, ...]:
    """Labels moved so that none lies on another, and all are within the plot."""
    placed, floor = list[Label](), scale.top - _LINE
    for each in sorted(labels, key=lambda label: label.y):
        y = max(each.y, floor + _LINE)
        placed.append(Label(each.x, y, each.text, each.kind))
        floor = y
    room = scale.bottom
    for place in reversed(range(len(placed))):
        each = placed[place]
        y = min(each.y, room)
        placed[place] = Label(round(each.x, 1), round(y, 1), each.text, each.kind)
        room = y - _LINE
    return tuple(placed)


def _dates(scale: _Scale, wanted: int) -> tuple[Label, ...]:
    every = max(1, -(-scale.days // wanted))
    days = [scale.first + timedelta(days=each) for each in range(0, scale.days, every)]
    return tuple(Label(round(scale.x(each), 1), scale.bottom + 17, f"{each.day} {each:%b}") for each in days)


def _ticks(series: Sequence[Series], scale: _Scale, last: date) -> tuple[Label, ...]:
    found = []
    for kind, each in enumerate(series, start=1):
        for at, quantity in sorted(each.bought.items()):
            if scale.first <= at <= last:
                found.append(Label(round(scale.x(at, 0.5), 1), scale.top, f"+{number(quantity)}", kind))
    return tuple(found)


def _points(series: Sequence[Series], scale: _Scale, last: date) -> tuple[Point, ...]:
    known: dict[date, list[str]] = {}
    for each in series:
        for end in each.days:
            of = f" of {number(end.limit)}" if end.limit is not None else ""
            known.setdefault(end.day, []).append(f"{each.name} {number(end.used)}{of}")
    width = round(scale.x(scale.first, 1) - scale.left, 1)
    return tuple(
        Point(round(scale.x(at), 1), width, f"{day(at)}: {', '.join(texts)}")
        for at, texts in sorted(known.items())
        if at <= last
    )


def summary(series: Sequence[Series]) -> str:
    """What the plot shows, in sentences."""
    told = []
    for each in series:
        if not each.days:
            continue
        begin, end = each.days[0], each.days[-1]
        of = f" of {number(end.limit)}" if end.limit is not None else ""
        text = f"{each.name}: {number(end.used)}{of} used on {day(end.day)}, {number(begin.used)} on {day(begin.day)}"
        if each.bought:
            text += f"; {count(sum(each.bought.values()), 'seat')} bought"
        if each.full_on is not None:
            text += "; full" if each.full_on <= end.day else f"; full on about {day(each.full_on)}"
        told.append(f"{text}.")
    return " ".join(told)
