"""The end of every act: what it wrote, the roles and seats that follow, and its record, in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from db.enums import SeatType
from db.queries import log
from db.rows import ChangeRow, RequestRow
from db.together import Part, together

from . import role_changes, rulebook, standings
from .actor import Actor
from .decisions import Decided, Decision
from .history import Historian
from .lifecycle import Cause
from .moves import Move
from .occasion import Occasion
from .outcome import GroupOutcome, UserOutcome

OutcomeT = TypeVar("OutcomeT", UserOutcome, GroupOutcome)


@dataclass(slots=True)
class Writes:
    """What an act writes, and what follows from it: the roles of members, and seats for those who wait."""

    parts: list[Part] = field(default_factory=list)
    changes: list[ChangeRow] = field(default_factory=list)
    members: Sequence[uuid.UUID] = ()
    freed: frozenset[SeatType] = frozenset()


async def conclude(
    actor: Actor, outcome: OutcomeT, writes: Writes, record: Callable[[OutcomeT], RequestRow], past: Historian
) -> OutcomeT:
    """Write an act, then the roles of its members and the seats of who waits, by what is written now; raises LastAdmin.

    What nothing follows from is one statement. Else the request is written last, because what happened to roles belongs
    to its decisions.
    """
    kept: Sequence[Part] = log.change_parts(writes.changes)
    if not writes.members and not writes.freed:
        await together([*writes.parts, *kept, log.request_part(record(outcome))])
        return outcome
    await together(writes.parts)
    moves: Sequence[Move] = await role_changes.move_all(actor, writes.members, past, past.at)
    promoted: Sequence[Decision] = await _promoted(actor, writes.freed, past)
    whole = replace(outcome, decisions=(*outcome.decisions, *role_changes.told(moves), *promoted))
    await together([*kept, log.request_part(record(whole))])
    return whole


async def carry_out(actor: Actor, writes: Writes, past: Historian) -> tuple[Decision, ...]:
    """The same for an act of which no request is kept; what followed from it. Raises LastAdmin."""
    await together([*writes.parts, *log.change_parts(writes.changes)])
    moves = await role_changes.move_all(actor, writes.members, past, past.at)
    return (*role_changes.told(moves), *await _promoted(actor, writes.freed, past))


async def _promoted(actor: Actor, freed: frozenset[SeatType], past: Historian) -> Sequence[Decision]:
    if not freed:
        return ()
    book = await rulebook.load(actor.organization, hold=True)
    count = await standings.promote(Occasion(actor, book, Cause.SEAT_FREED, past.request, past.at), freed)
    if not count:
        return ()
    return (Decision(Decided.SEAT, f"{count} who waited for a seat got one, because this one became free."),)
