"""Composing events: what a change becomes, word for word. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from api.provisioning.actor import Actor, ActorKind
from api.provisioning.global_ids import write

from . import payloads
from .facts import Facts, Told
from .particulars import CUT, PARTICULARS, profile_differences
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
        actor=_acting(row.actor_kind, facts.organization, row.actor_id),
        reason=row.reason,
        **{"note": None} | PARTICULARS[kind](told, facts),
    )


def is_one(told: Told, type: str, facts: Facts) -> bool:
    """Whether there is something to tell: what a directory says may change, and the profile be the same."""
    if payloads.OF[type] is not payloads.ProfileChanged:
        return True
    before, after = profile_differences(told, facts)
    return bool(before or after)


def trial(actor: Actor) -> Data:
    """What an event says by which somebody tries whether messages arrive."""
    return payloads.Test(
        organization_id=write("Organization", actor.organization, actor.organization),
        sequence=None,
        action="tested",
        request_id=str(actor.request) if actor.request else None,
        actor=_acting(actor.kind, actor.organization, actor.id),
        reason=None,
        note=None,
        message="Nothing has changed. Somebody tried whether messages arrive.",
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


_ACTORS: Mapping[str, str] = {
    ActorKind.DIRECTORY: "Directory",
    ActorKind.ADMIN: "Member",
    ActorKind.MEMBER: "Member",
    ActorKind.INTEGRATION: "ApiToken",
    ActorKind.SSO: "SsoConnection",
    ActorKind.PORTAL: "PortalLink",
}


def _acting(kind: str, organization: uuid.UUID, id: uuid.UUID | None) -> payloads.Actor:
    type = _ACTORS.get(kind)
    return payloads.Actor(kind=ActorKind(kind), id=write(type, organization, id) if type and id else None)
