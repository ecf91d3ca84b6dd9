"""Roles, and why somebody has one."""

from __future__ import annotations

import uuid

import strawberry

from api.provisioning import explanation
from api.provisioning.explanation import RoleOutcome, Source, Step
from api.provisioning.roles import Role as RoleRow

from . import ids
from .context import Info
from .nodes import Node, found_by


@strawberry.type(description="A role of an organization's ladder.")
class Role(Node):
    key: str
    name: str
    rank: int = strawberry.field(description="The higher, the more; a member has the highest that anything gives.")
    is_admin: bool = strawberry.field(description="Whether it makes an admin; one admin always stays.")


@strawberry.type(description="Something that offers a role, or keeps one.")
class ExplanationStep:
    source: Source
    label: str = strawberry.field(description="What it is, in words.")
    role: Role | None
    is_decisive: bool = strawberry.field(description="Whether this is what counted.")
    remark: str | None = strawberry.field(description="Why it did not count, where that is not plain.")


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
        id=ids.write("Role", organization, row.id), key=row.key, name=row.name, rank=row.rank, is_admin=row.is_admin
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
    )


@found_by("Role")
async def _find(info: Info, organization: uuid.UUID, id: uuid.UUID) -> Role | None:
    book = await info.context.book(organization)
    return role(organization, book.role(id))
