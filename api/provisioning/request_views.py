"""Looking through the record of requests: what identity providers sent, and what came of it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from db.audit_rows import AuditRow
from db.pages import Page, Span
from db.queries import request_views as rows
from db.request_rows import RequestBodies, RequestFilter, RequestView

from . import clock
from .actor import Actor, Right
from .errors import BadSetting

LOOKED_BACK = timedelta(days=31)
"""No index knows the outcome: it is looked for within so many days, the last ones if nobody says which."""

SHOWN_CHANGES = 50


async def page(actor: Actor, wanted: RequestFilter, span: Span) -> Page[RequestView]:
    """Requests, newest first; raises BadSetting for an outcome that is looked for in too long a time."""
    actor.must(Right.ORGANIZATION_READ)
    if wanted.outcome is not None:
        wanted = replace(wanted, since=wanted.since or (wanted.to or clock.now()) - LOOKED_BACK)
        assert wanted.since is not None
        if (wanted.to or clock.now()) - wanted.since > LOOKED_BACK + timedelta(minutes=1):
            raise BadSetting(f"An outcome is looked for within {LOOKED_BACK.days} days: say from when to when.")
    return await rows.page(actor.organization, wanted, span)


async def many(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, RequestView]:
    """Requests by their trace ids."""
    actor.must(Right.ORGANIZATION_READ)
    return {row.id: row for row in await rows.many(actor.organization, ids)}


async def bodies(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, RequestBodies]:
    """What was sent and answered: the data of people, for those who manage them."""
    actor.must(Right.MEMBERS_MANAGE)
    return {row.id: row for row in await rows.bodies(actor.organization, ids)}


async def changes(actor: Actor, requests: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, list[AuditRow]]:
    """What requests changed, the first fifty of each."""
    actor.must(Right.AUDIT_READ)
    found = defaultdict[uuid.UUID, list[AuditRow]](list)
    for row in await rows.changes(actor.organization, requests, limit=SHOWN_CHANGES):
        assert row.request_id is not None
        found[row.request_id].append(row)
    return found
