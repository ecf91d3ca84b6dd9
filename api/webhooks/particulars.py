"""What each kind of event says besides what all say. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, TypeAlias

from api.provisioning.lifecycle import CAN_USE
from db.enums import Hold, MemberStatus

from . import payloads
from .facts import Document, Facts, Told
from .payloads import Data

CONFIRM_WITHIN = timedelta(minutes=5)
"""How soon sessions and tokens have to end when access does (IPSIE)."""

NAMED = 50
"""So many of those who joined or left a group are named."""

CUT = "Too long to be told whole: ask GraphQL for the rest, by the ids."

Particulars: TypeAlias = dict[str, Any]
"""Fields of a payload by their names, as JSON has them."""

Composer: TypeAlias = Callable[[Told, Facts], Particulars]

_OF_SEATS = {"seat", "seat_type"}
_OF_THE_ACT = {"by", "reason", "break_glass"}


def _about(told: Told, facts: Facts) -> Particulars:
    """The member as they are now."""
    assert told.member is not None
    row = facts.members[told.member]
    profile = facts.profiles.get(row.id)
    state = payloads.Member(
        email=row.email,
        display_name=row.display_name,
        status=MemberStatus(row.status),
        can_use=row.status in CAN_USE,
        role=_role(row.role_id, facts),
        seat=_seat(row.seat),
        seat_type=_seat(row.seat_type),
        awaits_seat=_seat(row.awaits_seat),
        managed_by=row.managed_by,
        hold=Hold(row.hold) if row.hold else None,
        version=row.version,
        profile=dict(profile.told) if profile else None,
    )
    is_there = row.status != MemberStatus.ERASED
    return {"member_id": facts.id("Member", row.id), "email": row.email, "member": state if is_there else None}


def _member(told: Told, facts: Facts) -> Particulars:
    before = _fields(told.before) if told.row.before else None
    return {**_about(told, facts), "before": before, "after": _fields(told.after) if told.row.after else None}


def _revoked(told: Told, facts: Facts) -> Particulars:
    receipt = facts.id("AccessRevocation", told.revocation)
    return {**_member(told, facts), "revocation_id": receipt, "deadline": told.row.changed_at + CONFIRM_WITHIN}


def _profile(told: Told, facts: Facts) -> Particulars:
    before, after = profile_differences(told, facts)
    user = facts.id("DirectoryUser", told.row.subject_id)
    return {**_about(told, facts), "directory_user_id": user, "before": before, "after": after}


def profile_differences(told: Told, facts: Facts) -> tuple[dict[str, object], dict[str, object]]:
    """What differs of a profile; nothing of whom no directory has any more."""
    profile = facts.profiles.get(told.member) if told.member else None
    return profile.differing(told.before, told.after) if profile else ({}, {})


def _group(told: Told, facts: Facts) -> Particulars:
    subject = told.row.subject_id
    row, group = facts.groups.get(subject), None
    if row is not None:
        group = payloads.Group(
            display_name=row.display_name,
            external_id=row.external_id,
            directory_id=facts.id("Directory", row.directory_id),
            role=_role(row.role_id, facts),
            gives_access=row.gives_access,
        )
    return {"group_id": facts.id("Group", subject), "group": group}


def _group_members(told: Told, facts: Facts) -> Particulars:
    values, known = told.values, facts.members_of_users
    named = values[:NAMED]
    return {
        **_group(told, facts),
        "count": len(values),
        "member_ids": [facts.id("Member", known[each]) for each in named if each in known],
        "group_ids": [facts.id("Group", each) for each in named if each in facts.groups],
        "note": CUT if len(named) < len(values) else None,
    }


def _directory(told: Told, facts: Facts) -> Particulars:
    subject = told.row.subject_id
    found = facts.directories.get(subject)
    return {"directory_id": facts.id("Directory", subject), "name": found.name if found else None}


def _key(told: Told, _: Facts) -> Particulars:
    return {name: told.after.get(name) for name in ("last_four", "expires_at", "others_end_at")}


def _seat_limit(told: Told, _: Facts) -> Particulars:
    seat_type = _seat(told.after["seat_type"])
    return {"seat_type": seat_type, "before": told.before["limit"], "after": told.after["limit"]}


def _seats(*names: str) -> Composer:
    def take(told: Told, _: Facts) -> Particulars:
        return {"seat_type": _seat(told.after["seat_type"]), **{name: told.after[name] for name in names}}

    return take


def _bought(told: Told, facts: Facts) -> Particulars:
    return {"purchase_id": facts.id("SeatPurchase", uuid.UUID(told.after["purchase"]))}


def _taken(*names: str) -> Composer:
    return lambda told, _: {name: told.after[name] for name in names}


def _domain(told: Told, _: Facts) -> Particulars:
    known = {**told.before, **told.after}  # one that was removed has no after
    return {name: known[name] for name in ("name", "state")}


def _subject(name: str, type: str) -> Composer:
    return lambda told, facts: {name: facts.id(type, told.row.subject_id)}


def _differences(told: Told, _: Facts) -> Particulars:
    return {"before": _camel(told.before) or None, "after": _camel(told.after) or None}


def _role_event(told: Told, facts: Facts) -> Particulars:
    return {"role": _role(told.row.subject_id, facts), "after": _camel(told.after) or None}


def _all(*composers: Composer) -> Composer:
    return lambda told, facts: {name: each for part in composers for name, each in part(told, facts).items()}


PARTICULARS: Mapping[type[Data], Composer] = {
    payloads.MemberEvent: _member,
    payloads.AccessRevoked: _revoked,
    payloads.ProfileChanged: _profile,
    payloads.GroupEvent: _all(_group, _differences),
    payloads.GroupMembers: _group_members,
    payloads.DirectoryEvent: _all(_directory, _differences),
    payloads.KeyEvent: _all(_directory, _key),
    payloads.SeatLimitChanged: _seat_limit,
    payloads.SeatAlert: _seats("percents", "used", "limit"),
    payloads.SeatsPurchased: _all(_bought, _seats("quantity", "amount_minor", "currency", "period_end")),
    payloads.PurchaseSettled: _all(
        _subject("purchase_id", "SeatPurchase"), _seats("provider", "quantity", "amount_minor", "currency")
    ),
    payloads.RemovalsDecided: _taken("state", "people"),
    payloads.DomainEvent: _all(_subject("domain_id", "Domain"), _domain, _differences),
    payloads.RoleEvent: _all(_subject("role_id", "Role"), _role_event),
    payloads.OrganizationEvent: _differences,
    payloads.JobFinished: _all(_subject("job_id", "Job"), _taken("kind", "applied", "unchanged", "refused")),
}
"""What each kind says besides what all say."""


def _role(id: uuid.UUID | None, facts: Facts) -> payloads.Role | None:
    row = facts.roles.get(id) if id else None
    return payloads.Role(id=facts.id("Role", row.id), key=row.key, name=row.name) if row else None


def _fields(document: Document) -> payloads.MemberFields:
    """What differs of a member; what else history tells of an act is left out."""
    names = set(payloads.MemberFields.__struct_fields__)
    found = {name: value for name, value in document.items() if name in names}
    return payloads.MemberFields(**found | {name: _seat(found[name]) for name in _OF_SEATS & found.keys()})


def _camel(document: Document) -> dict[str, object]:
    """What differs, by the names that GraphQL has for it; who did it and why is told elsewhere."""
    return {camelized(name): value for name, value in document.items() if name not in _OF_THE_ACT}


def camelized(name: str) -> str:
    """`display_name` as `displayName`; names of SCIM are what they are."""
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


def _seat(name: str | None) -> payloads.Seat | None:
    return payloads.SEATS[name] if name else None
