"""The record of SCIM requests: what identity providers sent, what was decided, and what it changed."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

import msgspec
import strawberry

from api.provisioning import request_views
from api.provisioning.actor import Right
from api.provisioning.errors import NotFound
from db.ids import parse_id
from db.request_rows import RequestFilter, RequestView

from . import audit, connections, ids, references
from .access import field
from .audit import AuditEntry
from .connections import After, Before, Connection, First, Last
from .context import Info
from .nodes import Node, found_by


@strawberry.enum(description="How a request ended.")
class RequestOutcome(StrEnum):
    READ = "READ"
    WRITE = "WRITE"
    REFUSED = "REFUSED"


@strawberry.type(description="Something that was decided while a request was carried out.")
class Decision:
    code: str
    text: str


@strawberry.type(description="What was sent and answered, without secrets, as far and as long as it is kept.")
class RequestBodies:
    sent: str | None
    answered: str | None


@strawberry.type(description="A request of an identity provider.")
class ScimRequest(Node):
    row: strawberry.Private[RequestView]
    trace_id: strawberry.ID
    at: datetime
    directory_id: strawberry.ID
    directory_name: str | None
    key_last_four: str | None
    user_agent: str | None
    method: str
    path: str
    query: str | None
    status: int
    scim_type: str | None
    detail: str | None = strawberry.field(description="Why it was refused.")
    resource_type: str | None
    resource_id: strawberry.ID | None = strawberry.field(description="The id by which the directory knows it.")
    subject: str | None = strawberry.field(description="The folded userName or name that it was about.")
    results: int | None = strawberry.field(description="How many resources a list held.")
    duration_ms: float
    decisions: list[Decision]
    bulk_trace_id: strawberry.ID | None = strawberry.field(description="The bulk request that it was part of.")

    @field(needs=Right.MEMBERS_MANAGE, description="Its bodies; null when they are not kept any more.")
    async def bodies(self, info: Info) -> RequestBodies | None:
        found = await info.context.load(request_views.bodies, self.row.organization_id, self.row.id)
        return RequestBodies(sent=found.sent, answered=found.answered) if found else None

    @field(needs=Right.AUDIT_READ, weight=1, description="What it changed, the first fifty.")
    async def changes(self, info: Info) -> list[AuditEntry]:
        found = await info.context.load(request_views.changes, self.row.organization_id, self.row.id)
        return [audit.entry(row) for row in found or ()]


def scim_request(row: RequestView) -> ScimRequest:
    """What the schema shows of a request."""
    own = row.organization_id
    return ScimRequest(
        id=ids.write("ScimRequest", own, row.id),
        row=row,
        trace_id=strawberry.ID(str(row.id)),
        at=row.received_at,
        directory_id=ids.write("Directory", own, row.directory_id),
        directory_name=row.directory,
        key_last_four=row.key_last_four,
        user_agent=row.user_agent,
        method=row.method,
        path=row.path,
        query=row.query,
        status=row.status,
        scim_type=row.scim_type,
        detail=row.detail,
        resource_type=row.resource_type,
        resource_id=strawberry.ID(str(row.resource_id)) if row.resource_id else None,
        subject=row.subject_key,
        results=row.results,
        duration_ms=row.duration_us / 1000,
        decisions=[Decision(code=each["code"], text=each["text"]) for each in msgspec.json.decode(row.decisions)],
        bulk_trace_id=strawberry.ID(str(row.bulk_request_id)) if row.bulk_request_id else None,
    )


@found_by("ScimRequest")
async def find(info: Info, organization: uuid.UUID, id: uuid.UUID) -> ScimRequest | None:
    """A request by organization and trace id."""
    row = await info.context.load(request_views.many, organization, id)
    return scim_request(row) if row else None


@strawberry.input(description="Which requests. An outcome is looked for within 31 days.")
class RequestFilterInput:
    outcome: RequestOutcome | None = None
    directory_id: strawberry.ID | None = None
    member_id: strawberry.ID | None = strawberry.field(
        default=None, description="Those that changed something about a member."
    )
    subject: str | None = strawberry.field(default=None, description="A userName or a group's name, in any case.")
    from_: datetime | None = strawberry.field(name="from", default=None)
    to: datetime | None = None

    def wanted(self, organization: uuid.UUID) -> RequestFilter:
        """The filter; raises NotFound for ids of something else."""
        return RequestFilter(
            outcome=None if self.outcome is None else RequestOutcome(self.outcome).value,
            directory=ids.within(organization, self.directory_id, "Directory") if self.directory_id else None,
            member=ids.within(organization, self.member_id, "Member") if self.member_id else None,
            subject=None if self.subject is None else self.subject.casefold(),
            since=references.moment(self.from_),
            to=references.moment(self.to),
        )


@strawberry.type
class OrganizationRequests:
    """What an organization shows of the requests of its directories."""

    key: strawberry.Private[uuid.UUID]

    @field(weight=3, description="Requests of identity providers, newest first.")
    async def requests(
        self,
        info: Info,
        filter: RequestFilterInput | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[ScimRequest]:
        wanted = (filter or RequestFilterInput()).wanted(self.key)
        list_ = f"requests {wanted}"
        span = connections.span(list_, first, after, last, before)
        page = await request_views.page(info.context.actor(self.key), wanted, span)
        return connections.connection(list_, page, span, scim_request)


@strawberry.type
class ScimRequestQuery:
    @field(
        needs=Right.ORGANIZATION_READ,
        description="A request by its trace id, in the caller's organization unless another is named.",
    )
    async def scim_request(
        self, info: Info, trace_id: str, organization_id: strawberry.ID | None = None
    ) -> ScimRequest | None:
        try:
            chosen = references.organization(organization_id) if organization_id else info.context.caller.organization
            id = parse_id(trace_id)
            return await find(info, chosen, id) if chosen and id else None
        except NotFound:
            return None
