"""Who was not let in by connections lately, for admins."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from api.provisioning.actor import Actor, Right
from db.queries import sso as rows
from db.sso_rows import RefusalRow

MOST = 10


async def lately(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, list[RefusalRow]]:
    """The last refusals of connections, newest first."""
    actor.must(Right.AUDIT_READ)
    found: dict[uuid.UUID, list[RefusalRow]] = {id: [] for id in ids}
    for row in await rows.refusals(actor.organization, ids, limit=MOST):
        found[row.connection_id].append(row)
    return found
