"""The people of an organization: filtered, sorted, and counted."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from unicodedata import normalize

import strawberry

from api.provisioning import addresses, lifecycle, member_views
from db.enums import MemberSource, MemberStatus, SeatType
from db.member_rows import MemberFilter as Wanted

from . import connections, ids, roles
from .access import field
from .connections import After, Before, CountedConnection, First, Last
from .context import Info
from .errors import Problem
from .member_belongings import ManagedBy
from .members import Member, member
from .moments import moment
from .roles import Role

_LONGEST_QUERY = 200
_IS_NOT_THERE = frozenset({lifecycle.DEPROVISIONED, lifecycle.ERASED})


@strawberry.enum(description="By what members are sorted.")
class MemberOrderField(StrEnum):
    CREATED_AT = "CREATED_AT"
    NAME = "NAME"
    EMAIL = "EMAIL"
    STATUS_SINCE = "STATUS_SINCE"
    UPDATED_AT = "UPDATED_AT"


@strawberry.input(description="How members are sorted.")
class MemberOrder:
    field: MemberOrderField
    is_descending: bool = False


@strawberry.input(description="Which members; all conditions that are given must hold.")
class MemberFilter:
    status: list[MemberStatus] | None = None
    seat: list[SeatType] | None = strawberry.field(description="The seat that they hold.", default=None)
    role_ids: list[strawberry.ID] | None = None
    source: list[MemberSource] | None = None
    managed_by: ManagedBy | None = None
    directory_id: strawberry.ID | None = None
    group_id: strawberry.ID | None = None
    has_override: bool | None = None
    updated_after: datetime | None = None


@strawberry.type(description="How many members have a status.")
class StatusCount:
    status: MemberStatus
    count: int


@strawberry.type(description="How many members have a role.")
class RoleCount:
    role: Role | None
    count: int


@strawberry.type(description="How many members there are.")
class MemberCounts:
    by_status: list[StatusCount]
    by_role: list[RoleCount] = strawberry.field(description="Without those who are deprovisioned or erased.")


@strawberry.type
class OrganizationMembers:
    """What an organization shows of its members."""

    key: strawberry.Private[uuid.UUID]

    @field(weight=2, description="Everybody, in the order in which they came unless `orderBy` says another.")
    async def members(
        self,
        info: Info,
        filter: MemberFilter | None = None,
        query: str | None = None,
        order_by: MemberOrder | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> CountedConnection[Member]:
        actor, order = info.context.actor(self.key), order_by or MemberOrder(field=MemberOrderField.CREATED_AT)
        wanted = _wanted(self.key, filter or MemberFilter(), query)
        list_ = f"members {wanted} {order}"
        by_time = order.field in (MemberOrderField.STATUS_SINCE, MemberOrderField.UPDATED_AT)
        span = connections.span(list_, first, after, last, before, key=datetime if by_time else str)
        page = await member_views.page(actor, wanted, order.field, span, is_descending=order.is_descending)
        return connections.counted(list_, page, span, member, lambda: member_views.count(actor, wanted))

    @field(weight=5, description="How many members there are, by status and by role.")
    async def member_counts(self, info: Info) -> MemberCounts:
        rows = await info.context.load(member_views.counts, self.key, self.key) or []
        book = await info.context.book(self.key)
        statuses = dict.fromkeys(MemberStatus, 0)
        by_role: dict[uuid.UUID | None, int] = {}
        for row in rows:
            statuses[MemberStatus(row.status)] += row.count
            if row.status not in _IS_NOT_THERE:
                by_role[row.role_id] = by_role.get(row.role_id, 0) + row.count
        return MemberCounts(
            by_status=[StatusCount(status=status, count=count) for status, count in statuses.items()],
            by_role=[RoleCount(role=roles.role(self.key, book.role(id)), count=n) for id, n in by_role.items()],
        )


def _wanted(organization: uuid.UUID, asked: MemberFilter, query: str | None) -> Wanted:
    if query is not None and len(query) > _LONGEST_QUERY:
        raise Problem("BAD_REQUEST", f"`query` has at most {_LONGEST_QUERY} characters.")
    roles_ = None if asked.role_ids is None else [ids.within(organization, each, "Role") for each in asked.role_ids]
    return Wanted(
        status=asked.status,
        seat=asked.seat,
        roles=roles_,
        source=asked.source,
        managed_by=asked.managed_by,
        directory=ids.within(organization, asked.directory_id, "Directory") if asked.directory_id else None,
        group=ids.within(organization, asked.group_id, "Group") if asked.group_id else None,
        has_override=asked.has_override,
        updated_after=moment(asked.updated_after),
        text=normalize("NFC", query.strip()) if query else None,
        text_key=addresses.folded(query.strip()) if query else None,
    )
