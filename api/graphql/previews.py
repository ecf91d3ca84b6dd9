"""Looking at what an act would do to members, before it is done."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import strawberry

from api.provisioning import governance, rulebook
from api.provisioning.actor import Actor, Right
from api.provisioning.deletion_choices import Choice
from api.provisioning.deletions import DeleteDirectory
from api.provisioning.errors import NotFound
from api.provisioning.governance import Intent
from api.provisioning.ladder import ArchiveRole, SetDefault, SetOrder
from api.provisioning.lifecycle import CAN_USE
from api.provisioning.mappings import MapGroups, MarkGroup
from api.provisioning.moves import Standing
from api.provisioning.overrides import ClearOverrides, OverrideRoles
from api.provisioning.previews import Person
from db.billing_rows import CostRow
from db.enums import MemberStatus, SeatType
from db.ids import DirectoryId

from . import ids, references, roles
from .access import field
from .context import Info
from .directory_mutations import DirectoryUpdateInput
from .inputs import MappingInput
from .money import Money, money
from .policies import PolicyUpdateInput
from .references import MemberRef
from .roles import Role


@strawberry.input(description="Groups that are to be mapped to roles.")
class MappingsPreview:
    organization_id: strawberry.ID
    mappings: list[MappingInput]


@strawberry.input(description="The roles of an organization in another order, lowest first.")
class RoleOrderPreview:
    organization_id: strawberry.ID
    role_ids: list[strawberry.ID]


@strawberry.input(description="A role that is to go, and the one in its place.")
class RoleArchivePreview:
    id: strawberry.ID
    replacement_id: strawberry.ID


@strawberry.input(description="A directory with other settings.")
class DirectoryChangePreview:
    id: strawberry.ID
    input: DirectoryUpdateInput


@strawberry.input(description="A directory that is to go, and what becomes of its people.")
class DirectoryDeletePreview:
    id: strawberry.ID
    members: Choice


@strawberry.input(description="A group that is to let people in, or whose removals are never to be held.")
class GroupMarkPreview:
    id: strawberry.ID
    gives_access: bool | None = None
    is_urgent: bool | None = None


@strawberry.input(description="An organization with other policies.")
class PolicyPreview:
    organization_id: strawberry.ID
    policy: PolicyUpdateInput


@strawberry.input(description="A member who is to have a role by hand; give the act the very same words.")
class OverridePreview:
    ref: MemberRef
    role_id: strawberry.ID
    reason: str
    expires_at: datetime | None = None


@strawberry.input(one_of=True, description="Exactly one act to look at.")
class PreviewInput:
    policy: strawberry.Maybe[PolicyPreview]
    override: strawberry.Maybe[OverridePreview]
    override_clear: strawberry.Maybe[MemberRef]
    mappings: strawberry.Maybe[MappingsPreview]
    default_role: strawberry.Maybe[strawberry.ID]
    role_order: strawberry.Maybe[RoleOrderPreview]
    role_archive: strawberry.Maybe[RoleArchivePreview]
    directory_change: strawberry.Maybe[DirectoryChangePreview]
    directory_delete: strawberry.Maybe[DirectoryDeletePreview]
    group_mark: strawberry.Maybe[GroupMarkPreview]


@strawberry.type(description="How somebody stands.")
class MemberStanding:
    role: Role | None
    status: MemberStatus
    seat: SeatType | None


@strawberry.type(description="Somebody whom an act would change.")
class PersonChange:
    member_id: strawberry.ID
    email: str | None
    name: str | None
    before: MemberStanding
    after: MemberStanding
    because: str


@strawberry.type(description="How many more seats of a type would be taken, or fewer.")
class SeatChange:
    seat_type: SeatType
    change: int


@strawberry.type(description="Seats that an act would buy for people who need one.")
class SeatCost:
    seat_type: SeatType
    quantity: int
    amount: Money = strawberry.field(description="For the rest of the period, by the price that was agreed on.")


@strawberry.type(description="What an act would do; the token lets it do exactly this, for ten minutes.")
class ImpactPreview:
    token: str
    valid_until: datetime
    headline: str
    warnings: list[str] = strawberry.field(description="Reasons to think twice: the act needs `isSure` then.")
    changed: int
    higher: int
    lower: int
    losing_access: int
    seats: list[SeatChange] = strawberry.field(description="Types of which as many stay taken are left out.")
    buys: list[SeatCost] = strawberry.field(description="What it costs, within the cap that somebody accepted.")
    people: list[PersonChange] = strawberry.field(description="The first fifty of them.")


async def role_key(actor: Actor, id: str) -> str:
    """The key of a role of the actor's organization; raises NotFound."""
    [key] = await _role_keys(actor, [id])
    return key


async def _role_keys(actor: Actor, role_ids: Sequence[str]) -> list[str]:
    """The keys of roles, in their order, from one look at the ladder."""
    book, keys = await rulebook.load(actor.organization), list[str]()
    for id in role_ids:
        place = ids.must_be(id, "Role")
        found = book.role(place.id)
        if found is None or place.organization != actor.organization:
            raise NotFound("There is no such role.")
        keys.append(found.key)
    return keys


async def map_groups(actor: Actor, mappings: list[MappingInput]) -> MapGroups:
    """Groups mapped to roles."""
    groups = [ids.must_be(each.group_id, "Group").id for each in mappings]
    wanted = [each.role_id for each in mappings if each.role_id]
    keys = dict(zip(wanted, await _role_keys(actor, wanted), strict=True))
    return MapGroups(
        {group: keys[each.role_id] if each.role_id else None for group, each in zip(groups, mappings, strict=True)}
    )


async def set_order(actor: Actor, role_ids: list[strawberry.ID]) -> SetOrder:
    """Another order of roles."""
    return SetOrder(tuple(await _role_keys(actor, role_ids)))


async def archive_role(actor: Actor, id: str, replacement: str) -> ArchiveRole:
    """A role less."""
    return ArchiveRole(*await _role_keys(actor, [id, replacement]))


async def _of_member(info: Info, ref: MemberRef) -> tuple[Actor, uuid.UUID]:
    place = await references.member(info, ref)
    actor = info.context.actor(place.organization)
    actor.must(Right.MEMBERS_MANAGE)
    return actor, place.id


async def _intent(info: Info, wanted: PreviewInput) -> tuple[Actor, Intent]:
    def actor_of(id: str, type: str) -> Actor:
        actor = info.context.actor(ids.must_be(id, type).organization)
        actor.must(Right.ORGANIZATION_MANAGE)
        return actor

    if some := wanted.mappings:
        actor = actor_of(some.value.organization_id, "Organization")
        return actor, await map_groups(actor, some.value.mappings)
    if policy := wanted.policy:
        return actor_of(policy.value.organization_id, "Organization"), policy.value.policy.intent()
    if raised := wanted.override:
        actor, member = await _of_member(info, raised.value.ref)
        key = await role_key(actor, raised.value.role_id)
        until = references.moment(raised.value.expires_at)
        return actor, OverrideRoles((member,), key, raised.value.reason, actor.who, until)
    if cleared := wanted.override_clear:
        actor, member = await _of_member(info, cleared.value)
        return actor, ClearOverrides((member,))
    if chosen := wanted.default_role:
        actor = actor_of(chosen.value, "Role")
        return actor, SetDefault(await role_key(actor, chosen.value))
    if order := wanted.role_order:
        actor = actor_of(order.value.organization_id, "Organization")
        return actor, await set_order(actor, order.value.role_ids)
    if archive := wanted.role_archive:
        actor = actor_of(archive.value.id, "Role")
        return actor, await archive_role(actor, archive.value.id, archive.value.replacement_id)
    if change := wanted.directory_change:
        directory = DirectoryId(ids.must_be(change.value.id, "Directory").id)
        return actor_of(change.value.id, "Directory"), change.value.input.intent(directory)
    if gone := wanted.directory_delete:
        directory = DirectoryId(ids.must_be(gone.value.id, "Directory").id)
        return actor_of(gone.value.id, "Directory"), DeleteDirectory(directory, gone.value.members)
    assert wanted.group_mark is not None
    mark = wanted.group_mark.value
    group = ids.must_be(mark.id, "Group").id
    return actor_of(mark.id, "Group"), MarkGroup(group, mark.gives_access, mark.is_urgent)


_ABOUT = (
    "What an act would do; nothing is changed. Overrides need MEMBERS_MANAGE instead. All need ORGANIZATION_READ"
    " besides, since people are named."
)


@strawberry.type
class PreviewQuery:
    @field(needs=Right.ORGANIZATION_MANAGE, weight=20, description=_ABOUT)
    async def preview(self, info: Info, input: PreviewInput) -> ImpactPreview:
        actor, intent = await _intent(info, input)
        found = await governance.preview(actor, intent)
        losing = [m for m in found.moves if m.before.status in CAN_USE and m.after.status not in CAN_USE]
        return ImpactPreview(
            token=found.token,
            valid_until=found.valid_until,
            headline=found.headline,
            warnings=list(found.warnings),
            changed=found.changed,
            higher=found.higher,
            lower=found.lower,
            losing_access=sum(len(move.members) for move in losing),
            seats=[SeatChange(seat_type=SeatType(type), change=change) for type, change in sorted(found.seats.items())],
            buys=[_cost(each) for each in found.buys],
            people=[_person(actor, each) for each in found.people],
        )


def _cost(row: CostRow) -> SeatCost:
    amount = money(row.amount_minor, row.currency)
    return SeatCost(seat_type=SeatType(row.seat_type), quantity=row.quantity, amount=amount)


def _person(actor: Actor, person: Person) -> PersonChange:
    return PersonChange(
        member_id=ids.write("Member", actor.organization, person.id),
        email=person.email,
        name=person.name,
        before=_standing(actor, person.before),
        after=_standing(actor, person.after),
        because=person.because,
    )


def _standing(actor: Actor, standing: Standing) -> MemberStanding:
    role = roles.role(actor.organization, standing.role)
    seat = SeatType(standing.seat) if standing.seat else None
    return MemberStanding(role=role, status=MemberStatus(standing.status), seat=seat)
