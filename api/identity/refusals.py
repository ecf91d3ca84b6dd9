"""Who was not let in by connections lately, for admins."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from api.provisioning.actor import Actor, Right
from api.provisioning.grouping import by_owner
from db.queries import sso as rows
from db.sso_rows import RefusalRow

MOST = 10


async def lately(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, list[RefusalRow]]:
    """The last refusals of connections, newest first."""
    actor.must(Right.AUDIT_READ)
    return by_owner(ids, await rows.refusals(actor.organization, ids, limit=MOST), lambda row: row.connection_id)
