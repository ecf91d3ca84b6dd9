"""By which ids identity providers know members, and forgetting that."""

from __future__ import annotations

import uuid

from api.provisioning import clock, local_acts
from api.provisioning.actor import Actor, Right
from api.provisioning.history import remember
from db.queries import sso as rows
from db.transaction import transaction


async def forget(actor: Actor, member: uuid.UUID) -> int:
    """Forget by which ids a member is known, so that they are recognised by address once more; how many there were.

    For somebody who has another id at the provider than before, and is the same person. Raises NotFound.
    """
    actor.must(Right.ORGANIZATION_MANAGE)

    async def work() -> int:
        await local_acts.locked_member(actor, member)
        count = await rows.forget_member(actor.organization, member)
        if count:
            after = {"identities": count}
            await remember(actor, clock.now(), "sso_identities_forgotten", "member", member, after=after)
        return count

    return await transaction(work)
