"""The record of requests, for those who ask what an identity provider sent, what was decided and what it changed."""

from __future__ import annotations

import uuid

import msgspec

from db.queries import log

from .actor import Actor, Right
from .errors import NotFound

_BODIES = ("request_body", "response_body")


async def latest(actor: Actor, *, limit: int) -> list[dict[str, object]]:
    """The newest requests with their decisions, without their bodies; newest first."""
    actor.must(Right.ORGANIZATION_READ)
    found = await log.requests(actor.organization, limit=limit)
    return [{name: value for name, value in _read(row).items() if name not in _BODIES} for row in found]


async def find(actor: Actor, request: uuid.UUID) -> dict[str, object]:
    """One request by its trace id, with bodies, decisions and `changes`, for whoever may see each; raises NotFound."""
    actor.must(Right.ORGANIZATION_READ)
    actor.must(Right.MEMBERS_MANAGE)
    actor.must(Right.AUDIT_READ)
    found = await log.request(actor.organization, request)
    if found is None:
        raise NotFound(f"There is no request with the trace id {request} in this organization.")
    return _read(found) | {"changes": await _changes(actor, found)}


async def _changes(actor: Actor, request: dict[str, object]) -> list[dict[str, object]]:
    """What the request altered: on the resource that it was about, and on the member behind it."""
    subject = request["resource_id"]
    if not isinstance(subject, uuid.UUID):
        return []
    history = await log.changes_of(actor.organization, subject)
    members = {change["member_id"] for change in history} - {None, subject}
    for member in members:
        assert isinstance(member, uuid.UUID)
        history += await log.changes_of(actor.organization, member)
    caused = {change["id"]: change for change in history if change["request_id"] == request["id"]}
    return [_read(change) for _, change in sorted(caused.items(), key=lambda item: str(item[0]))]


def _read(row: dict[str, object]) -> dict[str, object]:
    """The row with its JSON texts decoded."""
    texts = {name: row[name] for name in ("decisions", "before", "after") if isinstance(row.get(name), str)}
    return row | {name: msgspec.json.decode(str(text)) for name, text in texts.items()}
