"""Access that ended, and whether the host application has confirmed that sessions and tokens ended there as well."""

from __future__ import annotations

import uuid
from datetime import datetime

import strawberry

from api.provisioning.actor import Actor, Right
from api.provisioning.errors import BadSetting
from api.webhooks import revocations
from db.webhook_rows import RevocationRow

from . import connections, ids, mutating
from .access import field, mutation
from .connections import After, Before, CountedConnection, First, Last
from .context import Info
from .members import Member
from .members import find as find_member
from .mutating import Payload
from .nodes import Node, found_by

_MOST = 1000


@strawberry.type(description="Access that ended, as an event `member.access_revoked` told.")
class AccessRevocation(Node):
    row: strawberry.Private[RevocationRow]
    revoked_at: datetime
    deadline: datetime = strawberry.field(description="When sessions and tokens must have ended.")
    confirmed_at: datetime | None = strawberry.field(description="When the host application said that they have.")
    confirmed_by: str | None = strawberry.field(description="Who said so, in words.")

    @field(needs=Right.ORGANIZATION_READ, description="Whose access it was.")
    async def member(self, info: Info) -> Member | None:
        return await find_member(info, self.row.organization_id, self.row.member_id)


def revocation(row: RevocationRow) -> AccessRevocation:
    """What the schema shows of a revocation."""
    return AccessRevocation(
        id=ids.write("AccessRevocation", row.organization_id, row.id),
        row=row,
        revoked_at=row.revoked_at,
        deadline=row.deadline,
        confirmed_at=row.confirmed_at,
        confirmed_by=row.confirmed_by,
    )


@found_by("AccessRevocation")
async def _find(info: Info, organization: uuid.UUID, id: uuid.UUID) -> AccessRevocation | None:
    row = await info.context.load(revocations.many, organization, id)
    return revocation(row) if row else None


@strawberry.type
class OrganizationRevocations:
    """What an organization shows of access that ended."""

    key: strawberry.Private[uuid.UUID]

    @field(description="Access that ended, and nobody has confirmed it in time that sessions ended, too; oldest first.")
    async def unconfirmed_revocations(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> CountedConnection[AccessRevocation]:
        actor = info.context.actor(self.key)
        span = connections.span("unconfirmedRevocations", first, after, last, before, key=datetime)
        page = await revocations.overdue(actor, span)
        return connections.counted(
            "unconfirmedRevocations", page, span, revocation, lambda: revocations.overdue_count(actor)
        )


@strawberry.type(description="Revocations as they are after a confirmation.")
class AccessRevocationPayload(Payload):
    revocations: list[AccessRevocation] | None = None


@strawberry.type
class AccessRevocationMutation:
    @mutation(
        needs=Right.MEMBERS_MANAGE,
        description="The host application confirms that sessions and tokens have ended, by what events call"
        " `revocationId`; all of them, or none.",
    )
    async def access_revocation_confirm(self, info: Info, ids: list[strawberry.ID]) -> AccessRevocationPayload:
        async def find() -> Actor:
            if not 1 <= len(ids) <= _MOST:
                raise BadSetting(f"Confirm 1 to {_MOST} revocations at once.")
            return info.context.acting(_place(ids[0]).organization)

        async def act(actor: Actor) -> list[RevocationRow]:
            actor.must(Right.MEMBERS_MANAGE)
            return await revocations.confirm(actor, [_within(actor, each) for each in ids])

        tried = await mutating.attempt(find, act, "ids")
        shown = None if tried.done is None else [revocation(row) for row in tried.done]
        return AccessRevocationPayload(revocations=shown, user_errors=tried.user_errors, remembered=tried.remembered)


def _place(id: str) -> ids.Place:
    return ids.must_be(id, "AccessRevocation")


def _within(actor: Actor, id: str) -> uuid.UUID:
    return ids.within(actor.organization, id, "AccessRevocation")
