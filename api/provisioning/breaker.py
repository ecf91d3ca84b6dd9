"""The mass-removal breaker: a directory that takes access from too many people at once is held (IDEAS, D8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from db.enums import Passage, RemovalState
from db.queries import removals as rows
from db.seat_rows import RemovalRow
from db.together import Part

from .actor import ActorKind
from .errors import TooManyRemovals
from .occasion import Occasion
from .policy_values import BreakerResponse, Policies


def limit(policies: Policies, base: int) -> int:
    """How many people a directory may remove within the window, of so many who could use the organization."""
    return max(policies.breaker_people, base * policies.breaker_percent // 100)


async def holds(occasion: Occasion, count: int) -> bool:
    """Whether so many more losses of access are too many for the directory that acts; others are never held.

    Raises TooManyRemovals where the organization wants the directory to notice.
    """
    policies = occasion.book.policies
    if occasion.actor.kind is not ActorKind.DIRECTORY or policies.breaker_response is BreakerResponse.OFF:
        return False
    lost, base = await _counted(occasion, policies, count)
    if lost + count <= limit(policies, base):
        return False
    if policies.breaker_response is BreakerResponse.THROTTLE:
        raise TooManyRemovals(
            f"This would take access from {lost + count} of {base} people within {policies.breaker_minutes} minutes;"
            f" the organization allows {limit(policies, base)}. Try later, or ask an admin to raise the limit."
        )
    return True


async def _counted(occasion: Occasion, policies: Policies, count: int) -> tuple[int, int]:
    """How many lost access within the window, and of how many; nobody can change what follows from it any more.

    Removals that are far from the limit pass side by side, since it matters to none of them how many the others are.
    """
    organization, directory = occasion.actor.organization, occasion.actor.directory
    since = occasion.at - timedelta(minutes=policies.breaker_minutes)
    people, percent = policies.breaker_people, policies.breaker_percent
    entered = await rows.enter(organization, directory, since, count, people=people, percent=percent)
    if entered.passage is Passage.FULL:
        return entered.lost, entered.base or 0
    lost, base = await rows.counted(organization, directory, since)
    if entered.passage is Passage.BESIDE:
        if lost + count + entered.meanwhile <= limit(policies, base or 0):
            return lost, base or 0
        # Somebody removed very many just before we came in.
        await rows.stay_alone(organization, directory)
        lost, base = await rows.counted(organization, directory, since)
    if base is None and lost + count > people:
        base = await rows.able(organization) + lost
        await rows.set_base(organization, directory, base, occasion.at)
    return lost, base or 0


def remembered(occasion: Occasion, members: Sequence[UUID], *, is_held: bool) -> list[Part]:
    """The write that counts losses of access by a directory, or puts them on hold."""
    if occasion.actor.kind is not ActorKind.DIRECTORY:
        return []
    until = occasion.at + timedelta(hours=occasion.book.policies.breaker_hours) if is_held else None
    state = RemovalState.HELD if is_held else RemovalState.APPLIED
    row = RemovalRow(occasion.actor.directory, occasion.request, occasion.cause, state, occasion.at, until)
    return rows.removed_parts(occasion.actor.organization, row, members)
