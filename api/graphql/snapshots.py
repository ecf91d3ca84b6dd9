"""Who was a member at some moment."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated

import strawberry

from api.provisioning import snapshots
from api.provisioning.actor import Right
from api.provisioning.snapshots import Snapshot
from db.enums import MemberStatus, SeatType

from . import connections, ids, references
from .access import field
from .connections import After, Before, Connection, First, Last
from .context import Info


@strawberry.type(description="A member as they were at some moment.")
class MemberSnapshot:
    member_id: strawberry.ID
    email: str | None
    display_name: str | None
    status: MemberStatus | None = strawberry.field(description="Null for somebody who has been erased since.")
    seat: SeatType | None
    role_key: str | None
    is_erased_since: bool = strawberry.field(description="Of those, only that they were here is still known.")


@strawberry.type
class OrganizationSnapshots:
    """What an organization shows of how it was."""

    key: strawberry.Private[uuid.UUID]

    @field(
        needs=Right.AUDIT_READ,
        weight=5,
        description="Who was a member at a moment, and how they stood, told from the history; in the order in which"
        " they came. Deactivated people are among them: see the status.",
    )
    async def snapshot(
        self,
        info: Info,
        at: Annotated[datetime, strawberry.argument(description="With a zone.")],
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[MemberSnapshot]:
        moment = references.moment(at)
        assert moment is not None
        list_ = f"snapshot {moment.isoformat()}"
        span = connections.span(list_, first, after, last, before)
        page = await snapshots.page(info.context.actor(self.key), moment, span)
        return connections.connection(list_, page, span, lambda row: _shown(self.key, row))


def _shown(organization: uuid.UUID, row: Snapshot) -> MemberSnapshot:
    return MemberSnapshot(
        member_id=ids.write("Member", organization, row.member),
        email=row.email,
        display_name=row.display_name,
        status=MemberStatus(row.status) if row.status else None,
        seat=SeatType(row.seat) if row.seat else None,
        role_key=row.role,
        is_erased_since=row.is_erased,
    )
