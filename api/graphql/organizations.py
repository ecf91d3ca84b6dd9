"""Organizations: the tenants to which everything else belongs."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

import strawberry

from api.provisioning import platform
from api.provisioning.actor import Right
from api.provisioning.caller import Caller
from api.provisioning.errors import NotFound
from db.rule_rows import CountsRow, OrganizationView

from . import ids, roles
from .access import field
from .access_revocations import OrganizationRevocations
from .api_tokens import OrganizationApiTokens
from .attributes import OrganizationAttributes
from .audit import OrganizationAudit
from .break_glass import OrganizationBreakGlass
from .contacts import OrganizationContacts
from .context import Info
from .directories import OrganizationDirectories
from .domains import OrganizationDomains
from .drift import OrganizationDrift
from .extensions import OrganizationExtensions
from .groups import OrganizationGroups
from .invitations import OrganizationInvitations
from .jobs import OrganizationJobs
from .link_requests import OrganizationLinkRequests
from .member_lists import OrganizationMembers
from .nodes import Node, found_by
from .overview import OrganizationOverviews
from .plans import OrganizationPlan
from .policies import OrganizationPolicies
from .portal import OrganizationPortalLinks
from .removals import OrganizationRemovals
from .requests import OrganizationRequests
from .roles import Role
from .seats import OrganizationSeats
from .sign_in_reports import OrganizationSignInReports
from .snapshots import OrganizationSnapshots
from .sso import OrganizationSsoConnections
from .webhooks import OrganizationWebhooks


@strawberry.type(description="For how many days requests are kept, and their bodies.")
class Retention:
    headline_days: int
    body_days: int


@strawberry.type(description="How much there is of an organization.")
class OrganizationCounts:
    members: int = strawberry.field(description="Everybody, also who was erased.")
    directories: int = strawberry.field(description="Without deleted ones.")


class Counts:
    """Counts some organizations in one statement, once somebody asks for one of them."""

    def __init__(self, ids: Sequence[uuid.UUID]) -> None:
        self._ids = ids
        self._found: asyncio.Task[Mapping[uuid.UUID, CountsRow]] | None = None

    async def of(self, info: Info, id: uuid.UUID) -> CountsRow:
        """How much there is of one of them."""
        if self._found is None:
            self._found = asyncio.create_task(platform.counts(info.context.caller, self._ids))
        return (await self._found)[id]


@strawberry.type(description="A customer.")
class Organization(
    Node,
    OrganizationMembers,
    OrganizationPlan,
    OrganizationAttributes,
    OrganizationAudit,
    OrganizationApiTokens,
    OrganizationSeats,
    OrganizationSnapshots,
    OrganizationOverviews,
    OrganizationDirectories,
    OrganizationGroups,
    OrganizationInvitations,
    OrganizationBreakGlass,
    OrganizationJobs,
    OrganizationPolicies,
    OrganizationPortalLinks,
    OrganizationDomains,
    OrganizationRequests,
    OrganizationSignInReports,
    OrganizationRemovals,
    OrganizationLinkRequests,
    OrganizationDrift,
    OrganizationExtensions,
    OrganizationContacts,
    OrganizationWebhooks,
    OrganizationRevocations,
    OrganizationSsoConnections,
):
    counted: strawberry.Private[Counts]
    name: str
    created_at: datetime

    @field(description="How long the requests of its directories are kept.")
    async def retention(self) -> Retention:
        return Retention(headline_days=self.row.request_retention_days, body_days=self.row.body_retention_days)

    @field(description="How much there is of it.")
    async def counts(self, info: Info) -> OrganizationCounts:
        found = await self.counted.of(info, self.key)
        return OrganizationCounts(members=found.members, directories=found.directories)

    @field(assumed=10, description="The ladder, lowest first; archived roles are left out.")
    async def roles(self, info: Info) -> list[Role]:
        book = await info.context.book(self.key)
        return [found for each in book.ladder if (found := roles.role(self.key, each))]

    @field(description="The role of whoever has none from elsewhere.")
    async def default_role(self, info: Info) -> Role | None:
        return roles.role(self.key, (await info.context.book(self.key)).default)


def organization(row: OrganizationView, counted: Counts | None = None) -> Organization:
    """What the schema shows of an organization; those of one page are counted together."""
    return Organization(
        id=ids.write("Organization", row.id, row.id),
        key=row.id,
        row=row,
        counted=counted or Counts([row.id]),
        name=row.name,
        created_at=row.created_at,
    )


@found_by("Organization")
async def find(info: Info, organization_: uuid.UUID, id: uuid.UUID) -> Organization | None:
    """An organization by id; None for one that is not the caller's."""
    if organization_ != id:
        return None
    info.context.actor(id)  # one that is not theirs is not there, and does not spoil the others
    return await info.context.load_anywhere(_many, id)


async def _many(caller: Caller, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Organization]:
    """What the schema shows of organizations, each once a request, so that it is counted once for all its members."""
    counted = Counts(ids)
    return {id: organization(row, counted) for id, row in (await platform.many(caller, ids)).items()}


@strawberry.type
class OrganizationQuery:
    @field(
        needs=Right.ORGANIZATION_READ,
        description="An organization; the caller's own without an id. Null for one that is not the caller's.",
    )
    async def organization(self, info: Info, id: strawberry.ID | None = None) -> Organization | None:
        caller = info.context.caller
        if id is None:
            return await find(info, caller.organization, caller.organization) if caller.organization else None
        try:
            place = ids.must_be(id, "Organization")
            return await find(info, place.organization, place.id)
        except NotFound:
            return None
