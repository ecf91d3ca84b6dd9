"""Who changed what, when and why: the history of an organization, as auditors read it."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

import msgspec

from db.audit_rows import AuditFilter, AuditRow
from db.ids import RequestId
from db.pages import Page, Span
from db.queries import audit as rows

from .actor import Actor, Right
from .caller import NOWHERE, Caller
from .errors import BadSetting

_AT_ONCE = 1000


async def of_own_requests(actor: Actor, requests: Sequence[RequestId]) -> Mapping[RequestId, AuditRow]:
    """What was remembered first of requests that the actor made; seeing one's own acts needs no right."""
    found = await rows.first_of_requests(actor.organization, requests)
    own = [row for row in found.values() if (row.actor_kind, row.actor_id) == (actor.kind, actor.id)]
    return {RequestId(row.request_id): row for row in own if row.request_id is not None}


async def page(actor: Actor, wanted: AuditFilter, span: Span) -> Page[AuditRow]:
    """Changes, newest first; raises BadSetting for an action that cannot be one."""
    actor.must(Right.AUDIT_READ)
    if not all(action.isprintable() for action in wanted.actions or ()):
        raise BadSetting("Actions are codes such as role_changed.")
    return await rows.page(actor.organization, wanted, span)


async def of_platform(caller: Caller, span: Span) -> Page[AuditRow]:
    """The changes of what belongs to no organization, newest first."""
    caller.must_run_platform()
    return await rows.page(NOWHERE, AuditFilter(), span)


async def many(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, AuditRow]:
    """Changes by id."""
    actor.must(Right.AUDIT_READ)
    return {row.id: row for row in await rows.many(actor.organization, ids)}


async def export(actor: Actor, since: datetime | None = None, to: datetime | None = None) -> AsyncIterator[str]:
    """Every change of a time, oldest first, each as a line of JSON; never more than some of them in memory."""
    actor.must(Right.AUDIT_READ)
    wanted, after = AuditFilter(since=since, to=to), None
    while some := await rows.following(actor.organization, wanted, after, limit=_AT_ONCE):
        for row in some:
            yield _line(row)
        after = some[-1].id


def _line(row: AuditRow) -> str:
    documents = {
        name: None if text is None else msgspec.Raw(text.encode())
        for name, text in (("before", row.before), ("after", row.after))
    }
    return msgspec.json.encode({**asdict(row), **documents}).decode()
