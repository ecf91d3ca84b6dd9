"""Drift: where members differ from what the facts say of them, and whom nobody manages."""

from __future__ import annotations

import uuid
from datetime import datetime

import strawberry

from api.provisioning import drift
from api.provisioning.actor import Actor, Right
from api.provisioning.drift import Fixed, Report, Unmanaged
from api.provisioning.local_edits import Edit
from db.enums import MemberStatus, SeatType

from . import members, mutating
from .access import field, mutation
from .acting import in_organization
from .context import Info
from .members import Member
from .mutating import Payload

LISTED = 100


@strawberry.type
class OfMember:
    """Something that is about one member."""

    organization: strawberry.Private[uuid.UUID]
    whose: strawberry.Private[uuid.UUID]

    @field(description="Whom it is about.")
    async def member(self, info: Info) -> Member | None:
        return await mutating.seen(members.find(info, self.organization, self.whose))


@strawberry.type(description="A member who differs from what the facts say.")
class DifferingMember(OfMember):
    status: MemberStatus
    due_status: MemberStatus = strawberry.field(description="The status that follows from the facts.")
    role_key: str | None
    due_role_key: str | None = strawberry.field(description="The role that follows from the facts.")


@strawberry.type(description="A field of a member that was edited here.")
class LocalEdit:
    name: str
    value: str | None = strawberry.field(description="What it is now.")
    directory_value: str | None = strawberry.field(description="What a directory had said.")
    edited_by: str
    edited_at: datetime
    is_locked: bool = strawberry.field(description="Whether it stays so, whatever a directory writes.")


@strawberry.type(description="A member with fields that were edited here since a directory wrote them.")
class EditedMember(OfMember):
    edits: list[LocalEdit]


@strawberry.type(description="A member with access whom nobody manages any more.")
class UnmanagedMember(OfMember):
    status: MemberStatus
    reason: Unmanaged


@strawberry.type(description="How many seats of a type are taken, by three ways to count them.")
class SeatSums:
    seat_type: SeatType
    counted: int = strawberry.field(description="By the count against which limits are measured.")
    ledger: int
    held: int = strawberry.field(description="By the members themselves.")


@strawberry.type(description="What differs in an organization; each list has the first hundred.")
class Drift:
    organization: strawberry.Private[uuid.UUID]
    found: strawberry.Private[Report]
    is_sound: bool = strawberry.field(description="Whether there is nothing to put right.")
    differing_count: int
    miscounted_users: int = strawberry.field(
        description="Users of directories who let their member in, or not, against what the directory says."
    )
    edited_count: int
    unmanaged_count: int

    @field(assumed=LISTED, description="Members whose status or role is not what follows from the facts.")
    def differing(self) -> list[DifferingMember]:
        return [
            DifferingMember(
                organization=self.organization,
                whose=each.member,
                status=MemberStatus(each.status),
                due_status=MemberStatus(each.status_due),
                role_key=each.role,
                due_role_key=each.role_due,
            )
            for each in self.found.differing[:LISTED]
        ]

    @field(assumed=3, description="For each type of seat, whether the ways to count agree.")
    def seats(self) -> list[SeatSums]:
        return [
            SeatSums(seat_type=SeatType(each.seat_type), counted=each.counted, ledger=each.entered, held=each.held)
            for each in self.found.seats
        ]

    @field(assumed=LISTED, description="Members who were edited here on purpose; that is told and never undone.")
    def edited(self) -> list[EditedMember]:
        return [
            EditedMember(
                organization=self.organization,
                whose=each.member_id,
                edits=[_edit(name, edit, each.now.get(name)) for name, edit in each.fields.items()],
            )
            for each in self.found.edited[:LISTED]
        ]

    @field(assumed=LISTED, description="Members with access whom nobody manages any more.")
    def unmanaged(self) -> list[UnmanagedMember]:
        return [
            UnmanagedMember(
                organization=self.organization,
                whose=each.member_id,
                status=MemberStatus(each.status),
                reason=each.reason,
            )
            for each in self.found.unmanaged[:LISTED]
        ]


def _edit(name: str, edit: Edit, now: str | None) -> LocalEdit:
    return LocalEdit(
        name=name,
        value=now,
        directory_value=edit.was,
        edited_by=edit.by,
        edited_at=edit.at,
        is_locked=edit.is_locked,
    )


@strawberry.type
class OrganizationDrift:
    """What an organization shows of drift."""

    key: strawberry.Private[uuid.UUID]

    @field(weight=50, description="Where members differ from what the facts say; all members are read for it.")
    async def drift(self, info: Info) -> Drift:
        found = await drift.report(info.context.actor(self.key))
        return Drift(
            organization=self.key,
            found=found,
            is_sound=found.is_sound,
            differing_count=found.differing_in_all,
            miscounted_users=found.miscounted_users,
            edited_count=found.edited_in_all,
            unmanaged_count=found.unmanaged_in_all,
        )


@strawberry.type(description="A member who was not put right.")
class DriftProblem(OfMember):
    text: str = strawberry.field(description="Why, and what to do.")


@strawberry.type(description="What was put right.")
class DriftFixPayload(Payload):
    members: int | None = None
    users: int | None = strawberry.field(description="Users of directories.", default=None)
    seat_entries: int | None = strawberry.field(description="Lines of the ledger that were missing.", default=None)
    problems: list[DriftProblem] | None = strawberry.field(
        description="Who was left as they are, such as the last admin.", default=None
    )


@strawberry.type
class DriftMutation:
    @mutation(
        needs=Right.MEMBERS_MANAGE,
        weight=100,
        description="Put right what can have no reason: status, roles and the count of seats. What was edited stays.",
    )
    async def drift_fix(self, info: Info, organization_id: strawberry.ID) -> DriftFixPayload:
        where: list[uuid.UUID] = []

        async def act(actor: Actor) -> Fixed:
            where.append(actor.organization)
            return await drift.fix(actor)

        tried = await mutating.attempt(in_organization(info, organization_id), act)
        if tried.done is None:
            return DriftFixPayload(user_errors=tried.user_errors)
        return DriftFixPayload(
            user_errors=[],
            remembered=tried.remembered,
            members=tried.done.members,
            users=tried.done.users,
            seat_entries=tried.done.seat_entries,
            problems=[
                DriftProblem(organization=where[0], whose=each.member_id, text=each.text)
                for each in tried.done.problems
            ],
        )
