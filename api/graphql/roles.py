"""Roles, and why somebody has one."""

from __future__ import annotations

import uuid

import msgspec
import strawberry

from api.provisioning import explanation, ladder
from api.provisioning.explanation import RoleOutcome, Source, Step
from api.provisioning.roles import Role as RoleRow

from . import ids
from .access import field
from .context import Info
from .nodes import Node, found_by


@strawberry.type(description="A role of an organization's ladder.")
class Role(Node):
    key: str
    name: str
    rank: int = strawberry.field(description="The higher, the more; a member has the highest that anything gives.")
    is_admin: bool = strawberry.field(description="Whether it makes an admin; one admin always stays.")
    organization: strawberry.Private[uuid.UUID]
    row: strawberry.Private[RoleRow]

    @field(description="Whether people in no mapped group have it.")
    async def is_default(self, info: Info) -> bool:
        default = (await info.context.book(self.organization)).default
        return default is not None and default.id == self.row.id

    @field(description="What it permits, in the words of the application that asks.")
    async def permissions(self, info: Info) -> list[str]:
        found = await info.context.load(ladder.details, self.organization, self.row.id)
        return msgspec.json.decode(found.permissions, type=list[str]) if found else []

    @field(weight=1, description="How many members have it.")
    async def member_count(self, info: Info) -> int:
        found = await info.context.load(ladder.details, self.organization, self.row.id)
        return found.members if found else 0


@strawberry.type(description="Something that offers a role, or keeps one.")
class ExplanationStep:
    source: Source
    label: str = strawberry.field(description="What it is, in words.")
    role: Role | None
    is_decisive: bool = strawberry.field(description="Whether this is what counted.")
    remark: str | None = strawberry.field(description="Why it did not count, where that is not plain.")
    group_id: strawberry.ID | None = strawberry.field(description="The group that it is, where it is one.")


@strawberry.type(description="Why a member has their role: the steps by which it was decided.")
class RoleExplanation:
    result: Role | None
    steps: list[ExplanationStep]
    would_change: list[str] = strawberry.field(description="The smallest changes that would alter it.")
    text: str = strawberry.field(description="All of it for people, one step a line.")


def role(organization: uuid.UUID, row: RoleRow | None) -> Role | None:
    """What the schema shows of a role."""
    if row is None:
        return None
    return Role(
        id=ids.write("Role", organization, row.id),
        key=row.key,
        name=row.name,
        rank=row.rank,
        is_admin=row.is_admin,
        organization=organization,
        row=row,
    )


def explained(organization: uuid.UUID, outcome: RoleOutcome) -> RoleExplanation:
    """What the schema shows of an explanation."""
    return RoleExplanation(
        result=role(organization, outcome.role),
        steps=[_step(organization, each) for each in outcome.steps],
        would_change=list(outcome.would_change),
        text=explanation.as_text(outcome),
    )


def _step(organization: uuid.UUID, step: Step) -> ExplanationStep:
    return ExplanationStep(
        source=step.source,
        label=step.label,
        role=role(organization, step.role),
        is_decisive=step.wins,
        remark=step.remark or None,
        group_id=ids.write("Group", organization, step.group) if step.group else None,
    )


@found_by("Role")
async def _find(info: Info, organization: uuid.UUID, id: uuid.UUID) -> Role | None:
    return role(organization, await info.context.load(ladder.many, organization, id))
