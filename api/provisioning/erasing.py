"""Erasing members: nothing is left but a tombstone of ids and times (REQUIREMENTS R059)."""

from __future__ import annotations

import uuid

from db.enums import MemberStatus
from db.queries import erasing as rows
from db.queries import log
from db.together import together
from db.transaction import transaction

from . import clock, lifecycle, local_acts
from .actor import Actor, Right
from .errors import BadSetting, DirectoryManaged
from .grounds import Grounds
from .history import Historian
from .lifecycle import Cause


async def erase(actor: Actor, member: uuid.UUID, why: Grounds) -> None:
    """Erase a member who is deactivated or deprovisioned and whom no directory has, at once; needs a reason.

    Raises NotFound, DirectoryManaged, and ImpossibleTransition for somebody who is in.
    """
    actor.must(Right.PLATFORM_MANAGE)
    why.check()
    if not (why.reason or "").strip():
        raise BadSetting("Erasing somebody needs a reason, which stays when everything else is gone.")

    async def work() -> None:
        at = clock.now()
        locked = await local_acts.locked_member(actor, member)
        if locked.records:
            raise DirectoryManaged("A directory has this member: remove them in the identity provider first.")
        lifecycle.check(locked.member.status, MemberStatus.ERASED, Cause.BY_HAND)
        change = Historian(actor, None, at).change("erased", "member", member, after=why.told(actor.who))
        await together(rows.erased_parts(actor.organization, [member], at))
        await log.add_change(change)

    await transaction(work)
