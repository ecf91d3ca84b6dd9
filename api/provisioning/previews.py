"""What an act would do to members, for whoever decides about it (REQUIREMENTS §1.13, DASHBOARD §4). Pure."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from db.billing_rows import CostRow
from db.enums import MemberStatus, SeatType

from . import moves
from .currencies import money
from .moves import Move, Standing
from .roles import Role
from .seats import label


@dataclass(frozen=True, slots=True)
class Person:
    """One member whom an act changes, by name."""

    id: uuid.UUID
    email: str | None
    name: str | None
    before: Standing
    after: Standing
    because: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What an act would do: its headline, what to think about, who changes, and the token to do exactly this.

    `moves` have everybody, those who rise to the top role first and then those who lose access; `people` are the first
    of them by name. `top` is the highest role there is. `buys` is what seats are bought for those who need one, by what
    was agreed on; a provider may charge by the second.
    """

    headline: str
    warnings: tuple[str, ...]
    moves: tuple[Move, ...]
    top: Role | None
    buys: tuple[CostRow, ...]
    people: tuple[Person, ...]
    token: str
    valid_until: datetime

    @property
    def changed(self) -> int:
        """How many members change."""
        return moves.people(self.moves)

    @property
    def higher(self) -> int:
        """How many get a higher role."""
        return moves.people(move for move in self.moves if move.is_rise)

    @property
    def lower(self) -> int:
        """How many get a lower role."""
        return moves.people(move for move in self.moves if move.is_fall)

    @property
    def to_the_top(self) -> int:
        """How many get the highest role."""
        return moves.people(move for move in self.moves if _is_to_the_top(move, self.top))

    @property
    def seats(self) -> Counter[str]:
        """How many more seats of a type are taken, or fewer; without those that stay as many."""
        counted: Counter[str] = Counter()
        for move in self.moves:
            if move.before.seat != move.after.seat:
                for seat, change in ((move.before.seat, -1), (move.after.seat, 1)):
                    if seat is not None:
                        counted[seat] += change * len(move.members)
        return Counter({seat: change for seat, change in counted.items() if change})

    @property
    def statuses(self) -> Counter[str]:
        """How many get which other status."""
        counted: Counter[str] = Counter()
        for move in self.moves:
            if move.before.status != move.after.status:
                counted[move.after.status] += len(move.members)
        return counted


def in_order(planned: Sequence[Move], top: Role | None) -> tuple[Move, ...]:
    """The moves that are felt, alike ones as one, those to look at first in front."""
    felt = moves.merged((move for move in planned if move.is_felt), by_cause=True)
    felt.sort(key=lambda move: (not _is_to_the_top(move, top), not _loses_access(move), move.is_fall))
    return tuple(replace(move, members=tuple(sorted(move.members))) for move in felt)


def summary(preview: Preview) -> str:
    """The preview in one sentence: what changes how many, and in which direction."""
    if not preview.changed:
        return f"{preview.headline} changes nobody."
    counted = {"lower": preview.lower, "higher": preview.higher}
    parts = [f"{count} {direction}" for direction, count in counted.items() if count]
    if preview.to_the_top and preview.top:
        parts[-1] += f" ({preview.to_the_top} to {preview.top.name})"
    parts += [f"{count} {_BECOMES.get(status, in_words(status))}" for status, count in preview.statuses.items()]
    seats = sum(len(move.members) for move in preview.moves if move.before.seat != move.after.seat)
    parts += [f"{seats} with another seat"] if seats else []
    parts += [cost_in_words(each) for each in preview.buys]
    people = "1 person" if preview.changed == 1 else f"{preview.changed} people"
    return f"{preview.headline} changes {people}: {', '.join(parts)}"


def cost_in_words(cost: CostRow) -> str:
    """What is bought, and for how much."""
    seats = f"{cost.quantity} {label(SeatType(cost.seat_type)).lower()} seat{'' if cost.quantity == 1 else 's'}"
    return f"{seats} bought for {money(cost.amount_minor, cost.currency)}"


def standing_in_words(standing: Standing, other: Standing) -> str:
    """How a member stands, for comparing it with another standing: the role, and whatever else differs."""
    words = [standing.role.name if standing.role else "no role"]
    if standing.status != other.status:
        words.append(in_words(standing.status))
    if standing.seat != other.seat:
        words.append(f"{standing.seat or 'no'} seat")
    return ", ".join(words)


def in_words(status: str) -> str:
    """A status as people write it."""
    return status.lower().replace("_", " ")


_BECOMES = {MemberStatus.ACTIVE.value: "active again"}


def _is_to_the_top(move: Move, top: Role | None) -> bool:
    return top is not None and move.after.role == top != move.before.role


def _loses_access(move: Move) -> bool:
    return move.before.status == MemberStatus.ACTIVE != move.after.status
