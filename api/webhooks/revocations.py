"""Access that ended: the host application confirms that sessions and tokens ended there as well (IPSIE)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from api.provisioning import clock
from api.provisioning.actor import Actor, Right
from api.provisioning.errors import NotFound
from api.provisioning.history import Historian
from db.pages import Page, Span
from db.queries import access_revocations as rows
from db.queries import log
from db.transaction import transaction
from db.webhook_rows import RevocationRow


async def confirm(actor: Actor, ids: Sequence[uuid.UUID]) -> list[RevocationRow]:
    """Say that sessions and tokens have ended; what somebody has said already stays so. Raises NotFound, for all."""
    actor.must(Right.MEMBERS_MANAGE)

    async def work() -> list[RevocationRow]:
        at = clock.now()
        confirmed = await rows.confirm(actor.organization, ids, at, actor.who)
        found = await rows.many(actor.organization, ids)
        if len(found) < len(set(ids)):
            raise NotFound("There is no such revocation of access.")
        if confirmed:
            change = Historian(actor, None, at).change("revocation_confirmed", "member", confirmed[0])
            await log.add_alike(change, confirmed)
        return found

    return await transaction(work)


async def overdue(actor: Actor, span: Span) -> Page[RevocationRow]:
    """What should have been confirmed, oldest first."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.overdue(actor.organization, clock.now(), span)


async def overdue_count(actor: Actor) -> int:
    """How much that is."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.overdue_count(actor.organization, clock.now())


async def many(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, RevocationRow]:
    """Revocations by id."""
    actor.must(Right.ORGANIZATION_READ)
    return {row.id: row for row in await rows.many(actor.organization, ids)}
