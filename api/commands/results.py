"""What a command has to say: text for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec


@dataclass(frozen=True, slots=True)
class Result:
    """What a command found or did: data for programs, the same as text for people; and the exit code."""

    data: object
    text: str
    exit_code: int = 0

    def as_json(self) -> str:
        """The data as indented JSON; ids and times become texts."""
        return msgspec.json.format(msgspec.json.encode(self.data), indent=2).decode()


def people(count: int) -> str:
    """So many people, in words."""
    return "1 person" if count == 1 else f"{count} people"


def moved(members: int) -> Result:
    """How many members an act gave another role or status."""
    people = "1 member has" if members == 1 else f"{members} members have"
    text = f"{people} another role or status now." if members else "Nobody's role or status changes."
    return Result({"members_changed": members}, text)


def table(rows: Sequence[Sequence[object]], *, head: Sequence[str], otherwise: str) -> str:
    """Rows below their head in aligned columns, or a sentence when there are none."""
    if not rows:
        return otherwise
    lines = [list(head), *([shown(value) for value in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def listing(facts: Mapping[str, object]) -> str:
    """One fact a line, its name in front."""
    width = max(map(len, facts))
    return "\n".join(f"{name.ljust(width)}  {shown(value)}".rstrip() for name, value in facts.items())


def printable(text: str) -> str:
    """The text without what a terminal would obey: names and user agents come from strangers."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "\N{REPLACEMENT CHARACTER}" for letter in text)


def shown(value: object) -> str:
    """A value as people read it: `-` for nothing, times in UTC to the second."""
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"
        case _:
            return str(value)
