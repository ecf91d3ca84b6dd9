"""What becomes of members: how they stood, how they stand then, and because of what. Pure."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from db.enums import MemberStatus

from .roles import Role


@dataclass(frozen=True, slots=True)
class Standing:
    """How a member stands: role, status, the seat that they hold, and why they keep it if somebody decided so."""

    role: Role | None
    status: str
    seat: str | None = None
    hold: str | None = None

    @property
    def rules(self) -> bool:
        """Whether this is an admin who can use the organization."""
        return self.role is not None and self.role.is_admin and self.status == MemberStatus.ACTIVE


@dataclass(frozen=True, slots=True)
class Move:
    """Members who stood alike and will stand alike; `because` says what decides about it, in words for people."""

    members: tuple[uuid.UUID, ...]
    before: Standing
    after: Standing
    because: str

    @property
    def is_felt(self) -> bool:
        """Whether role, status or seat change, and not only what is remembered about the members."""
        return replace(self.before, hold=self.after.hold) != self.after

    @property
    def is_rise(self) -> bool:
        """Whether the role becomes a higher one."""
        return _rank(self.after.role) > _rank(self.before.role)

    @property
    def is_fall(self) -> bool:
        """Whether the role becomes a lower one."""
        return _rank(self.after.role) < _rank(self.before.role)


def people(moves: Iterable[Move]) -> int:
    """How many members the moves change so that somebody would notice."""
    return sum(len(move.members) for move in moves if move.is_felt)


def merged(moves: Iterable[Move], *, by_cause: bool) -> list[Move]:
    """The same moves with those in one that begin and end alike; with `by_cause`, and for the same cause."""
    alike: defaultdict[tuple[Standing, Standing, str], list[uuid.UUID]] = defaultdict(list)
    for move in moves:
        alike[move.before, move.after, move.because if by_cause else ""].extend(move.members)
    return [Move(tuple(members), before, after, because) for (before, after, because), members in alike.items()]


def losing(moves: Iterable[Move]) -> list[uuid.UUID]:
    """Admins who could use the organization, and are or can it no more."""
    return [member for move in moves if move.before.rules and not move.after.rules for member in move.members]


def bring_an_admin(moves: Sequence[Move]) -> bool:
    """Whether somebody becomes an admin who can use the organization."""
    return any(move.after.rules and not move.before.rules for move in moves)


def _rank(role: Role | None) -> float:
    return float("-inf") if role is None else role.rank
