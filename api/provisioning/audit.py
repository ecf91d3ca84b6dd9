"""Who changed what, when and why: the history of an organization, as auditors read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from db.audit_rows import AuditRow
from db.ids import RequestId
from db.queries import audit as rows

from .actor import Actor, Right


async def of_own_requests(actor: Actor, requests: Sequence[RequestId]) -> Mapping[RequestId, AuditRow]:
    """What was remembered first of requests; for who made them, so any right to look at the organization will do."""
    actor.must(Right.ORGANIZATION_READ)
    found = await rows.first_of_requests(actor.organization, requests)
    return {RequestId(request): row for request, row in found.items()}
