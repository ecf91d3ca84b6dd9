"""What events say, as types: messages are encoded from them, and the published schemas are made of them. No database.

Ids are global ids, as GraphQL has them. `before` and `after` hold what differs, by the names that GraphQL has for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

from api.provisioning.actor import ActorKind
from db.enums import BillingProvider, Hold, MemberStatus

Id: TypeAlias = Annotated[str, Meta(description="A global id: GraphQL finds the thing by it, as long as there is one.")]
Moment: TypeAlias = Annotated[datetime, Meta(tz=True)]
Seat: TypeAlias = Literal["FULL", "LITE", "FREE"]
SEATS: Mapping[str, Seat] = {"full": "FULL", "lite": "LITE", "free": "FREE"}
Differences: TypeAlias = Annotated[
    dict[str, Any] | None, Meta(description="Only what differs; null where nothing is kept, or it was too long.")
]


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who did it."""

    kind: ActorKind
    id: Annotated[str | None, Meta(description="Of a directory, member or API token; null for others.")]


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """A role of the organization."""

    id: Id
    key: str
    name: str


class Member(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A person as they were when the message was written, which may be after changes with higher sequences."""

    email: str | None
    display_name: str | None
    status: MemberStatus
    can_use: Annotated[bool, Meta(description="Whether they can use the organization.")]
    role: Role | None
    seat: Seat | None
    seat_type: Annotated[Seat | None, Meta(description="The seat wanted; null for the organization's default.")]
    awaits_seat: Seat | None
    managed_by: Annotated[str, Meta(description="DIRECTORY or LOCAL.")]
    hold: Hold | None
    version: int
    profile: Annotated[
        dict[str, Any] | None,
        Meta(description="By the names of OpenID Connect, as a directory last said it; null where none has them."),
    ]


class MemberFields(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What differs of a member."""

    status: MemberStatus | UnsetType = UNSET
    role: Annotated[str | None, Meta(description="The key of the role.")] | UnsetType = UNSET
    seat: Seat | UnsetType | None = UNSET
    seat_type: Seat | UnsetType | None = UNSET
    email: str | UnsetType | None = UNSET
    display_name: str | UnsetType | None = UNSET
    managed_by: str | UnsetType = UNSET
    hold: Hold | UnsetType | None = UNSET


class Data(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What every event says."""

    organization_id: Id
    sequence: Annotated[
        int | None,
        Meta(description="Events about one member with a lower one are older; events of one change share it."),
    ]
    action: Annotated[str, Meta(description="What was done, as the audit calls it.")]
    request_id: Annotated[str | None, Meta(description="The trace id under which it was done.")]
    actor: Actor
    reason: str | None
    note: Annotated[str | None, Meta(description="What is missing here, and where it can be found.")]


class MemberEvent(Data, frozen=True):
    """Something about a member."""

    member_id: Id
    email: str | None
    member: Annotated[Member | None, Meta(description="As they are now; null when they have been erased.")]
    before: Annotated[MemberFields | None, Meta(description="What differs, as it was; null for who was nobody.")]
    after: Annotated[MemberFields | None, Meta(description="The same as it is then.")]


class AccessRevoked(MemberEvent, frozen=True):
    """Access that ended."""

    revocation_id: Annotated[str, Meta(description="What `accessRevocationConfirm` wants.")]
    deadline: Annotated[datetime, Meta(tz=True, description="When sessions and tokens must have ended.")]


class ProfileChanged(Data, frozen=True):
    """What a directory says of a member became something else."""

    member_id: Id
    email: str | None
    member: Annotated[Member | None, Meta(description="As they are now; null when they have been erased.")]
    directory_user_id: Id
    before: Differences
    after: Differences


class Group(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A group as it is now."""

    display_name: str
    external_id: str | None
    directory_id: Id
    role: Role | None
    gives_access: bool


class GroupEvent(Data, frozen=True):
    """Something about a group."""

    group_id: Id
    group: Annotated[Group | None, Meta(description="Null when it has been deleted.")]
    before: Differences
    after: Differences


class GroupMembers(Data, frozen=True):
    """Who joined or left a group."""

    group_id: Id
    group: Annotated[Group | None, Meta(description="Null when it has been deleted.")]
    count: Annotated[int, Meta(description="How many joined or left; of many, only the first are named.")]
    member_ids: list[Id]
    group_ids: list[Id]


class DirectoryEvent(Data, frozen=True):
    """Something about a directory."""

    directory_id: Id
    name: str | None
    before: Differences
    after: Differences


class KeyEvent(Data, frozen=True):
    """Something about the keys of a directory."""

    directory_id: Id
    name: str | None
    last_four: str
    expires_at: Moment | None
    others_end_at: Moment | None


class SeatLimitChanged(Data, frozen=True):
    """How many seats of a type there are; null for no end."""

    seat_type: Seat
    before: int | None
    after: int | None


class SeatAlert(Data, frozen=True):
    """Thresholds that were crossed."""

    seat_type: Seat
    percents: list[int]
    used: int
    limit: int


class SeatsPurchased(Data, frozen=True):
    """Seats that were bought."""

    purchase_id: Id
    seat_type: Seat
    quantity: int
    amount_minor: Annotated[int, Meta(description="In minor units, such as cents, for the rest of the period.")]
    currency: str
    period_end: date


class PurchaseSettled(Data, frozen=True):
    """What became of seats that were bought."""

    purchase_id: Id
    provider: Annotated[BillingProvider, Meta(description="Who charges for them.")]
    seat_type: Seat
    quantity: int
    amount_minor: Annotated[int, Meta(description="What is charged in this period, or would have been.")]
    currency: str


class RemovalsDecided(Data, frozen=True):
    """What was decided about removals."""

    state: Annotated[str, Meta(description="APPROVED or REJECTED.")]
    people: int


class DomainEvent(Data, frozen=True):
    """Something about a domain."""

    domain_id: Id
    name: str
    state: Annotated[str, Meta(description="REGISTERED, VERIFIED or LAPSED.")]
    before: Differences
    after: Differences


class RoleEvent(Data, frozen=True):
    """Something about a role."""

    role_id: Id
    role: Annotated[Role | None, Meta(description="Null when it has been archived.")]
    after: Differences


class OrganizationEvent(Data, frozen=True):
    """What an organization has or chose."""

    before: Differences
    after: Differences


class JobFinished(Data, frozen=True):
    """What became of many changes."""

    job_id: Id
    kind: str
    applied: int
    unchanged: int
    refused: int


class Test(Data, frozen=True):
    """A trial."""

    message: str


OF: Mapping[str, type[Data]] = {
    **{
        f"member.{name}": MemberEvent
        for name in (
            *("created", "updated", "status_changed", "access_restored", "role_changed", "seat_changed", "erased"),
        )
    },
    "member.access_revoked": AccessRevoked,
    "member.profile_changed": ProfileChanged,
    "removal.held": MemberEvent,
    **{f"group.{name}": GroupEvent for name in ("created", "updated", "deleted", "role_changed", "marked")},
    "group.members_added": GroupMembers,
    "group.members_removed": GroupMembers,
    **{f"directory.{name}": DirectoryEvent for name in ("created", "updated", "deleted", "restored")},
    "key.rotated": KeyEvent,
    "key.revoked": KeyEvent,
    "seat.limit_changed": SeatLimitChanged,
    "seat.limit_reached": SeatAlert,
    "seat.alert": SeatAlert,
    "seat.alert_cleared": SeatAlert,
    "seat.purchased": SeatsPurchased,
    "seat.purchase_confirmed": PurchaseSettled,
    "seat.purchase_failed": PurchaseSettled,
    "removal.decided": RemovalsDecided,
    **{f"domain.{name}": DomainEvent for name in ("added", "verified", "lapsed", "updated", "removed")},
    **{f"role.{name}": RoleEvent for name in ("added", "archived", "default_changed", "permissions_changed")},
    "role.reordered": OrganizationEvent,
    "policy.changed": OrganizationEvent,
    "plan.changed": OrganizationEvent,
    "job.finished": JobFinished,
    "webhook.test": Test,
}
"""What each type of event says."""
