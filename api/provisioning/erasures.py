"""Erasing members: what remains is a tombstone, the id with its dates (REQUIREMENTS R059, C1).

Whoever leaves under `delete_action` REMOVE_MEMBER is told a time then, after `grace_days`; until it comes they can
return as who they were. Choosing another policy later alters nobody's time: who left without one is not erased, and who
has one is.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from db.enums import MemberStatus
from db.ids import OrganizationId
from db.queries import erasures as rows
from db.queries import log
from db.transaction import transaction

from . import clock, rulebook
from .actor import system
from .lifecycle import Cause
from .occasion import Occasion

_AT_ONCE = 200


async def erase_due(organization: OrganizationId) -> int:
    """Erase the members whose grace period is over; how many. In pieces, so that it can be stopped at any point."""

    async def work() -> int:
        book, at = await rulebook.load(organization, hold=True), clock.now()
        members = await rows.lock_due(organization, at, limit=_AT_ONCE)
        if members:
            await erase(Occasion(system(organization), book, Cause.GRACE_OVER, None, at), members)
        return len(members)

    erased = 0
    while some := await transaction(work):
        erased += some
    return erased


async def erase(occasion: Occasion, members: Sequence[UUID]) -> None:
    """Erase locked members who are deprovisioned or deactivated. For use inside a transaction.

    Requests and history keep what happened, when and by whom, and lose what was said about the person. Requests that
    only asked for them, such as a list by a filter, go when all requests do.
    """
    organization, at = occasion.actor.organization, occasion.at
    await rows.forget_history(organization, members, at)
    await rows.leave_directories(organization, members)
    await rows.delete_belongings(organization, members)
    await rows.blank(organization, members, at)
    erased = occasion.past.change("erased", "member", members[0], after={"status": MemberStatus.ERASED})
    await log.add_alike(erased, members)
