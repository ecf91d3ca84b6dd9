"""Composing events: what a change becomes, word for word. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from api.provisioning.actor import ActorKind
from db.audit_rows import AuditRow

from . import payloads
from .facts import Facts, Told
from .particulars import CUT, PARTICULARS
from .payloads import Data

LONGEST = 20_000
"""Bytes of a message, as Standard Webhooks asks for it."""


def compose(told: Told, type: str, facts: Facts) -> Data:
    """What an event of a type says about a change."""
    kind, row = payloads.OF[type], told.row
    return kind(
        organization_id=facts.id("Organization", facts.organization),
        sequence=told.sequence,
        action=row.action,
        request_id=str(row.request_id) if row.request_id else None,
        actor=_actor(row, facts),
        reason=row.reason,
        **{"note": None} | PARTICULARS[kind](told, facts),
    )


def message(type: str, at: datetime, data: Data) -> str:
    """What is sent, word for word: minified JSON of less than 20 kB."""
    for shorter in _shorter(data):
        text = msgspec.json.encode({"type": type, "timestamp": at, "data": shorter})
        if len(text) < LONGEST:
            return text.decode()
    raise AssertionError(f"{type} cannot be told in {LONGEST} bytes")


def _shorter(data: Data) -> Iterator[Data]:
    """The same, then without the profile, then without what differs."""
    yield data
    cut = msgspec.structs.replace(data, note=CUT)
    if isinstance(cut, payloads.MemberEvent | payloads.ProfileChanged) and cut.member is not None:
        cut = msgspec.structs.replace(cut, member=msgspec.structs.replace(cut.member, profile=None))
        yield cut
    lengthy = {"before", "after"} & set(cut.__struct_fields__)
    yield msgspec.structs.replace(cut, **dict.fromkeys(lengthy))


_ACTORS = {
    ActorKind.DIRECTORY: "Directory",
    ActorKind.ADMIN: "Member",
    ActorKind.MEMBER: "Member",
    ActorKind.INTEGRATION: "ApiToken",
}


def _actor(row: AuditRow, facts: Facts) -> payloads.Actor:
    kind = ActorKind(row.actor_kind)
    type = _ACTORS.get(kind)
    return payloads.Actor(kind=kind, id=facts.id(type, row.actor_id) if type and row.actor_id else None)
