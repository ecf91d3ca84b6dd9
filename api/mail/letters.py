"""A letter: what a mail says, before it becomes text and HTML. Pure."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from api.provisioning.plan_catalogue import Contact

LONGEST = 200
WIDTH = 76

# Control and format characters, lone surrogates, what is not assigned, and other line ends; but for the joiners, which
# Persian and emoji need. Among them are those that let a name read backwards.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences."""

    text: str

    @property
    def wrapped(self) -> str:
        """The sentences in lines that a terminal shows; what has no blanks is not cut."""
        lines = (textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False) for line in self._lines)
        return "\n".join(lines)

    @property
    def _lines(self) -> Sequence[str]:
        return self.text.splitlines() or [""]


@dataclass(frozen=True, slots=True)
class Quotation:
    """What somebody wrote, in as many lines as they did."""

    text: str

    @property
    def lines(self) -> Sequence[str]:
        """The lines, each short enough."""
        return [
            part
            for line in self.text.splitlines()
            for part in (textwrap.wrap(line, WIDTH - 2, break_on_hyphens=False) or [""])
        ]


@dataclass(frozen=True, slots=True)
class Code:
    """A code that is typed somewhere."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """Where something is done or seen: a path below the public URL."""

    label: str
    path: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below their head; the columns numbered in `numbers` are numbers."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int] = frozenset()

    @property
    def aligned(self) -> Sequence[str]:
        """The rows as lines of text in columns."""
        lines = [self.head, *self.rows]
        widths = [max(_width(line[column]) for line in lines) for column in range(len(self.head))]
        return [
            "  ".join(self._cell(line[column], column, widths[column]) for column in range(len(widths))).rstrip()
            for line in lines
        ]

    def _cell(self, text: str, column: int, width: int) -> str:
        blanks = " " * (width - _width(text))
        return blanks + text if column in self.numbers else text + blanks


Block: TypeAlias = Paragraph | Quotation | Code | Link | Table


@dataclass(frozen=True, slots=True)
class Sender:
    """The organization about which a mail is; `path` is where its pages begin. `contact` is whom it asks."""

    name: str
    path: str
    contact: Contact | None


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says. `why` is why somebody gets it, the end of "You get this because …"; empty needs no saying.

    `reply_to` is where an answer goes, if not to the usual address, `unsubscribe` the path that ends such mails.
    """

    subject: str
    blocks: Sequence[Block]
    why: str = ""
    reply_to: str | None = None
    unsubscribe: str | None = None


def line(text: str, longest: int = LONGEST) -> str:
    """A name or text as one line of visible characters, cut if it is too long.

    What looks like a link is taken apart, so that no mail program makes one of a name.
    """
    seen = " ".join("".join(_seen(letter) for letter in text).split()).replace("://", ": //")
    return seen if len(seen) <= longest else f"{seen[: longest - 1].rstrip()}…"


def lines(text: str, longest: int = 10_000) -> str:
    """The same for a text of several lines."""
    return "\n".join(line(each, 1000) for each in text[:longest].splitlines()).strip()


def day(at: date) -> str:
    """A day as people read it, such as `3 May 2026`."""
    return f"{at.day} {at:%B %Y}"


def moment(at: datetime) -> str:
    """A time as people read it."""
    return f"{day(at)}, {at:%H:%M} UTC"


def some(count: int, thing: str, things: str | None = None) -> str:
    """So many of something."""
    return f"{count:,} {thing if count == 1 else things or f'{thing}s'}"


def _seen(letter: str) -> str:
    return " " if unicodedata.category(letter) in _UNSEEN and letter not in _JOINERS else letter


def _width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(unicodedata.combining(letter) > 0 for letter in text)
