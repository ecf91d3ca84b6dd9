"""What workers do so that seats are charged for."""

from __future__ import annotations

import uuid

from api.outbox.work import Handler
from api.provisioning import reconciliation, settlements
from api.provisioning.settlements import Settlement
from db.ids import OrganizationId

_AT_ONCE = 5
"""So many at a time of each, apart from all other tasks: providers may be slow."""


async def _compare(organization: uuid.UUID) -> None:
    await reconciliation.compare(OrganizationId(organization))


HANDLERS = (
    Handler(settlements.SETTLE, Settlement, settlements.settle, at_once=_AT_ONCE),
    Handler(reconciliation.COMPARE, uuid.UUID, _compare, at_once=_AT_ONCE),
)
