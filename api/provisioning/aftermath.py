"""What follows for members when a directory as a whole lets them in, or not any more: standing, holds, seats, roles."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from db.enums import Hold, RemovalState, SeatType
from db.queries import removals
from db.together import together

from . import role_changes, standings
from .lifecycle import HOLDS_SEAT
from .moves import Move
from .occasion import Occasion
from .policy_values import SeatLimit
from .rulebook import Rulebook
from .standings import Change, Standing


@dataclass(frozen=True, slots=True)
class Act:
    """Members, and what is wanted of each of them."""

    members: Sequence[uuid.UUID]
    change: Change = lambda member: member


@dataclass(frozen=True, slots=True)
class Aftermath:
    """Whose standing changed, and whose role."""

    moved: Sequence[Standing]
    roles: Sequence[Move]

    @property
    def statuses(self) -> Mapping[str, int]:
        """How many members have each status now who had another."""
        return statuses(self.moved)

    @property
    def roles_changed(self) -> int:
        """How many members have another role now."""
        return sum(len(move.members) for move in self.roles if move.before.role != move.after.role)


async def settle(occasion: Occasion, acts: Sequence[Act]) -> Aftermath:
    """Carry out acts that belong together and all that follows; the breaker has no say in what people do.

    Raises LastAdmin, SeatLimitReached and ImpossibleTransition.
    """
    moved, freed = list[Standing](), set[SeatType]()
    for act in acts:
        planned = await standings.plan(occasion, act.members, act.change)
        await standings.carry_out(occasion, planned)
        moved, freed = moved + planned.moved, freed | standings.freed(planned)
    await _end_holds(occasion, moved)
    members = [member for act in acts for member in act.members]
    roles = await role_changes.move_all(occasion.actor, members, occasion.past, occasion.at)
    await standings.promote(occasion, freed)
    return Aftermath(moved, roles)


def statuses(moved: Sequence[Standing]) -> Mapping[str, int]:
    """How many members get each status who have another."""
    counted: Counter[str] = Counter()
    for each in moved:
        if each.before.status != each.after.status:
            counted[each.after.status] += len(each.members)
    return dict(counted)


def patient(book: Rulebook) -> Rulebook:
    """The same rules, but who finds no seat waits: for acts that must neither fail nor buy for want of one."""
    return replace(book, policies=msgspec.structs.replace(book.policies, seat_limit=SeatLimit.HOLD))


async def _end_holds(occasion: Occasion, moved: Sequence[Standing]) -> None:
    """Decide removals that nobody has to decide any more: who stays, stays, and who goes, goes."""
    for each in moved:
        if each.before.hold in (Hold.REMOVAL, Hold.SUSPENSION) and each.after.hold != each.before.hold:
            state = RemovalState.CANCELLED if each.after.status in HOLDS_SEAT else RemovalState.APPROVED
            part = removals.decided_part(occasion.actor.organization, each.members, state, occasion.at, None)
            await together([part])
