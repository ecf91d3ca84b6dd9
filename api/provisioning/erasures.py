"""Erasing members: what remains is a tombstone, the id with its dates (REQUIREMENTS R059, C1).

Whoever leaves under `delete_action` REMOVE_MEMBER is told a time then, after `grace_days`; until it comes they can
return as who they were. Choosing another policy later alters nobody's time: who left without one is not erased, and who
has one is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from db.enums import MemberStatus
from db.ids import OrganizationId
from db.queries import erasures as rows
from db.queries import log, mails
from db.transaction import transaction

from . import clock, lifecycle, local_acts, rulebook
from .actor import Actor, Right, system
from .errors import BadSetting, DirectoryManaged
from .grounds import Grounds
from .lifecycle import Cause
from .occasion import Occasion

_AT_ONCE = 200
_NOTHING: Mapping[str, object] = {}


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


async def erase_now(actor: Actor, member: UUID, why: Grounds) -> None:
    """Erase a member who is deactivated or deprovisioned and whom no directory has, at once; needs a reason.

    Raises NotFound, BadSetting, DirectoryManaged, and ImpossibleTransition for somebody who is in.
    """
    actor.must(Right.PLATFORM_MANAGE)
    why.check()
    if not (why.reason or "").strip():
        raise BadSetting("Erasing somebody needs a reason, which stays when everything else is gone.")

    async def work() -> None:
        book, at = await rulebook.load(actor.organization, hold=True), clock.now()
        locked = await local_acts.locked_member(actor, member)
        if locked.records:
            raise DirectoryManaged("A directory has this member: remove them in the identity provider first.")
        lifecycle.check(locked.member.status, MemberStatus.ERASED, Cause.BY_HAND)
        await erase(Occasion(actor, book, Cause.BY_HAND, None, at), [member], why.told(actor.who))

    await transaction(work)


async def erase(occasion: Occasion, members: Sequence[UUID], told: Mapping[str, object] = _NOTHING) -> None:
    """Erase locked members who are deprovisioned or deactivated. For use inside a transaction.

    Requests and history keep what happened, when and by whom, and lose what was said about the person. Requests that
    only asked for them, such as a list by a filter, go when all requests do.
    """
    organization, at = occasion.actor.organization, occasion.at
    await rows.forget_history(organization, members, at)
    await rows.leave_directories(organization, members)
    await rows.delete_belongings(organization, members)
    await mails.forget_people(organization, members)
    await rows.blank(organization, members, at)
    erased = occasion.past.change("erased", "member", members[0], after={"status": MemberStatus.ERASED, **told})
    await log.add_alike(erased, members)
