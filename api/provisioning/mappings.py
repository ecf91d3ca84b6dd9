"""What follows from being in a group: the role that it is mapped to, and access (REQUIREMENTS §1.8, R050)."""

from __future__ import annotations

import uuid
from typing import Any

from db.ids import OrganizationId
from db.queries import access_groups
from db.queries import roles as rows
from db.transaction import transaction

from . import clock, role_changes, rulebook
from .actor import Actor, Right
from .errors import NotFound
from .history import differences, remember


async def overview(actor: Actor) -> list[dict[str, object]]:
    """All groups of all directories, with the role that each is mapped to and what else follows from it."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.groups(actor.organization)


async def map_group(actor: Actor, group: uuid.UUID, key: str | None) -> int:
    """Map a group to a role, or to none; how many members get another role (R111).

    Raises NotFound, BadSetting, LastAdmin.
    """
    actor.must(Right.ORGANIZATION_MANAGE)

    async def work() -> int:
        at = clock.now()
        found = await _locked(actor.organization, group)
        book = await rulebook.load(actor.organization)
        before = book.role(found["role_id"])
        role = book.named(key) if key else None
        if before == role:
            return 0
        await rows.map_group(actor.organization, group, role.id if role else None)
        old, new = {"role": before.key if before else None}, {"role": key}
        await remember(actor, at, "group_mapped", "directory_group", group, before=old, after=new)
        return await role_changes.reassign(actor, await rows.members_of_group(actor.organization, group), at)

    return await transaction(work)


async def mark_group(
    actor: Actor, group: uuid.UUID, *, gives_access: bool | None = None, is_urgent: bool | None = None
) -> int:
    """Say of a group whether it gives access, and whether removals of its members are never held.

    None leaves a mark as it is. How many members are suspended or active again; raises NotFound and LastAdmin.
    """
    actor.must(Right.ORGANIZATION_MANAGE)

    async def work() -> int:
        at = clock.now()
        await rows.lock_organization(actor.organization)
        found = await _locked(actor.organization, group)
        before = {"gives_access": found["gives_access"], "is_urgent": found["is_urgent"]}
        given = {"gives_access": gives_access, "is_urgent": is_urgent}
        after = before | {mark: value for mark, value in given.items() if value is not None}
        if after == before:
            return 0
        await access_groups.mark(actor.organization, group, **after)
        old, new = differences(before, after)
        await remember(actor, at, "group_marked", "directory_group", group, before=old, after=new)
        if "gives_access" not in new:
            return 0
        concerned = await access_groups.concerned(actor.organization, found["directory_id"], group)
        return await role_changes.reassign(actor, concerned, at)

    return await transaction(work)


async def _locked(organization: OrganizationId, group: uuid.UUID) -> dict[str, Any]:
    found = await rows.lock_group(organization, group)
    if found is None:
        raise NotFound(f"There is no group with the id {group} in this organization.")
    return found
