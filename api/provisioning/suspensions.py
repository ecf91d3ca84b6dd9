"""Access that groups take away or give back, as the mass-removal breaker sees it (IDEAS, D8, R050)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from db.enums import Hold, MemberStatus, RemovalState
from db.queries import removals
from db.together import together

from . import breaker, rulebook
from .actor import Actor, ActorKind
from .history import Historian
from .lifecycle import Cause
from .moves import Move
from .occasion import Occasion
from .rulebook import Rulebook


async def held(actor: Actor, book: Rulebook, planned: Sequence[Move], at: datetime) -> list[Move]:
    """The moves, of which a directory's suspensions are put on hold if they are too many; raises TooManyRemovals."""
    count = sum(len(move.members) for move in planned if _suspends(move))
    if not count or not await breaker.holds(Occasion(actor, book, Cause.GROUPS, None, at), count):
        return list(planned)
    return [_on_hold(move) if _suspends(move) else move for move in planned]


async def remember(actor: Actor, planned: Iterable[Move], past: Historian, at: datetime) -> None:
    """Count suspensions by a directory, and end what is on hold for whom groups let in again."""
    for move in planned:
        if move.before.hold == Hold.SUSPENSION and move.after.hold is None:
            part = removals.decided_part(actor.organization, move.members, RemovalState.CANCELLED, at, None)
            await together([part])
        is_held = _is_put_on_hold(move)
        if actor.kind is ActorKind.DIRECTORY and (is_held or _suspends(move)):
            book = await rulebook.load(actor.organization)
            occasion = Occasion(actor, book, Cause.GROUPS, past.request, at)
            await together(breaker.remembered(occasion, move.members, is_held=is_held))


def _suspends(move: Move) -> bool:
    return (move.before.status, move.after.status) == (MemberStatus.ACTIVE, MemberStatus.SUSPENDED)


def _is_put_on_hold(move: Move) -> bool:
    return move.before.status == MemberStatus.ACTIVE and move.after.hold == Hold.SUSPENSION


def _on_hold(move: Move) -> Move:
    return replace(
        move,
        after=replace(move.before, status=MemberStatus.HELD, hold=Hold.SUSPENSION),
        because="a directory removes too many people at once",
    )
