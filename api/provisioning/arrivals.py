"""Members that were named before their resource arrived: joining the two, whichever came last.

Whoever parks a name and whoever makes a resource look for each other inside their own transactions, and once more
after committing: two of them at the same moment do not see each other before.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from db.ids import DirectoryGroupId, RequestId
from db.queries import group_members as rows
from db.queries import log, roles
from db.together import together
from db.transaction import transaction

from . import clock, role_changes
from .actor import Actor
from .history import Historian


async def settle_arrived(actor: Actor, value: uuid.UUID, type: str, names: Sequence[str], request: RequestId) -> None:
    """Let a committed resource join the groups that have parked one of its names."""
    if not await rows.is_awaited(actor.organization, actor.directory, names):
        return

    async def work() -> None:
        at = clock.now()
        groups = await rows.lock_waiting_groups(actor.organization, actor.directory, names)
        past = Historian(actor, request, at)
        parts = rows.arrival_parts(actor.organization, actor.directory, groups, value, type, names, at)
        changes = [change for group in groups for change in past.members(group, [value], [])]
        await together([*parts, *log.change_parts(changes)] if groups else [])
        if groups and type == "User":
            await role_changes.reassign(actor, await roles.members_of_users(actor.organization, [value]), at)

    await transaction(work)


async def settle_parked(actor: Actor, group: DirectoryGroupId, parked: Sequence[str], request: RequestId) -> None:
    """Look once more for what the names stand for that a committed change of a group has parked."""
    known = await rows.resolve(actor.organization, actor.directory, group, parked)
    for found in known.values():
        await settle_arrived(actor, found.value, found.type, [found.sent], request)
