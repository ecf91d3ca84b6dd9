"""Requests: what identity providers sent, what was decided and what it changed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import msgspec
import strawberry

from api.provisioning import request_views
from api.provisioning.actor import Right
from api.provisioning.decisions import Decided
from api.provisioning.errors import NotFound
from db.member_rows import MemberView
from db.pages import Page
from db.request_rows import Method, Outcome, RequestView
from db.request_rows import RequestFilter as Wanted

from . import audit, connections, ids, references
from .access import field
from .audit import AuditEntry
from .connections import After, Before, Connection, First, Last
from .context import Info
from .errors import Problem
from .moments import moment
from .nodes import Node, found_by


@strawberry.type(description="A step of the explanation of a request.")
@dataclass
class Decision:
    code: Decided
    text: str


@strawberry.type(description="A request that an identity provider sent, as it was answered.")
class ScimRequest(Node):
    row: strawberry.Private[RequestView]
    trace_id: strawberry.ID = strawberry.field(description="As the client was told it, in X-Trace-Id.")
    at: datetime
    directory_id: strawberry.ID
    directory_name: str | None = strawberry.field(description="Null when nothing of the directory is kept.")
    key_last_four: str | None = strawberry.field(description="The end of the key with which it came.")
    oauth_client_name: str | None = strawberry.field(description="The OAuth client that sent it, if not by a key.")
    method: str
    path: str
    query: str | None
    user_agent: str | None
    status: int
    outcome: Outcome
    scim_type: str | None = strawberry.field(description="The kind of error, as RFC 7644 calls it.")
    detail: str | None = strawberry.field(description="Why it was refused.")
    resource_type: str | None = strawberry.field(description="`User` or `Group`, if it was about one.")
    resource_id: strawberry.ID | None = strawberry.field(description="The SCIM id of that; it may be gone.")
    subject: str | None = strawberry.field(description="Whom or what it was about: a folded userName or displayName.")
    results: int | None = strawberry.field(description="How many resources a list held.")
    duration_ms: float
    decisions: list[Decision]
    bulk_request_id: strawberry.ID | None = strawberry.field(
        description="The trace id of the bulk request of which this was one operation."
    )

    @field(needs=Right.MEMBERS_MANAGE, weight=1, description="What was sent, redacted; null when it is not kept.")
    async def request_body(self, info: Info) -> str | None:
        found = await info.context.load(request_views.bodies, self.row.organization_id, self.row.id)
        return found.request_body if found else None

    @field(needs=Right.MEMBERS_MANAGE, weight=1, description="What was answered; null when it is not kept.")
    async def response_body(self, info: Info) -> str | None:
        found = await info.context.load(request_views.bodies, self.row.organization_id, self.row.id)
        return found.response_body if found else None

    @field(needs=Right.AUDIT_READ, weight=1, description="What it changed, oldest first; at most fifty changes.")
    async def changes(self, info: Info) -> list[AuditEntry]:
        found = await info.context.load(request_views.changes, self.row.organization_id, self.row.id)
        return [audit.entry(row) for row in found or ()]


@strawberry.input(
    description="Which requests; all conditions that are given must hold. With `outcome`, `methods`, `resourceType`"
    " or `status` only the last 31 days are looked through, or at most 31 days between `from` and `to`."
)
class RequestFilter:
    outcome: Outcome | None = None
    directory_id: strawberry.ID | None = None
    member_id: strawberry.ID | None = strawberry.field(description="Requests that changed a member.", default=None)
    subject: str | None = strawberry.field(
        description="The whole userName or displayName that it was about, however it is spelt.", default=None
    )
    methods: list[Method] | None = None
    resource_type: str | None = strawberry.field(description="`User` or `Group`.", default=None)
    status: int | None = None
    from_: datetime | None = strawberry.field(name="from", default=None)
    to: datetime | None = strawberry.field(description="Not included.", default=None)


def request(row: RequestView) -> ScimRequest:
    """What the schema shows of a request."""
    return ScimRequest(
        id=ids.write("ScimRequest", row.organization_id, row.id),
        row=row,
        trace_id=strawberry.ID(str(row.id)),
        at=row.received_at,
        directory_id=ids.write("Directory", row.organization_id, row.directory_id),
        directory_name=row.directory_name,
        key_last_four=row.key_last_four,
        oauth_client_name=row.oauth_client_name,
        method=row.method,
        path=row.path,
        query=row.query,
        user_agent=row.user_agent,
        status=row.status,
        outcome=Outcome(row.outcome),
        scim_type=row.scim_type,
        detail=row.detail,
        resource_type=row.resource_type,
        resource_id=strawberry.ID(str(row.resource_id)) if row.resource_id else None,
        subject=row.subject_key,
        results=row.results,
        duration_ms=row.duration_us / 1000,
        decisions=msgspec.json.decode(row.decisions, type=list[Decision]),
        bulk_request_id=strawberry.ID(str(row.bulk_request_id)) if row.bulk_request_id else None,
    )


@found_by("ScimRequest")
async def find(info: Info, organization: uuid.UUID, id: uuid.UUID) -> ScimRequest | None:
    """A request by its trace id."""
    row = await info.context.load(request_views.many, organization, id)
    return request(row) if row else None


@strawberry.type
class OrganizationRequests:
    """What an organization shows of its requests."""

    key: strawberry.Private[uuid.UUID]

    @field(weight=3, description="What its directories asked for, newest first.")
    async def requests(
        self,
        info: Info,
        filter: RequestFilter | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[ScimRequest]:
        wanted = _wanted(filter or RequestFilter())
        name = f"requests {wanted}"
        span = connections.span(name, first, after, last, before)
        page = await request_views.page(info.context.actor(self.key), wanted, span)
        return connections.connection(name, page, span, request)


@strawberry.type
class MemberRequests:
    """What a member shows of requests."""

    row: strawberry.Private[MemberView]

    @field(weight=3, description="Requests of directories that changed the member, newest first.")
    async def requests(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[ScimRequest]:
        own, name = self.row.organization_id, f"requests of {self.row.id}"
        span = connections.span(name, first, after, last, before)
        page = await info.context.load(request_views.of_members, own, (self.row.id, span))
        return connections.connection(name, page or Page(), span, request)


@strawberry.type
class RequestQuery:
    @field(
        needs=Right.ORGANIZATION_READ,
        description="A request by its trace id, in the caller's own organization without another; null for none.",
    )
    async def scim_request(
        self, info: Info, trace_id: strawberry.ID, organization_id: strawberry.ID | None = None
    ) -> ScimRequest | None:
        try:
            trace = uuid.UUID(trace_id)
        except ValueError:
            raise Problem("BAD_REQUEST", f"{trace_id!r} is no trace id; these look like {uuid.UUID(int=0)}.") from None
        organization: uuid.UUID | None = info.context.caller.organization
        try:
            if organization_id is not None:
                organization = references.organization(organization_id)
            if organization is None:
                raise Problem("BAD_REQUEST", "Say by `organizationId` in which organization.")
            return await find(info, organization, trace)
        except NotFound:
            return None


def _wanted(asked: RequestFilter) -> Wanted:
    """Ids of other organizations are looked for in this one, where nothing has them."""
    return Wanted(
        outcome=asked.outcome,
        directory=ids.must_be(asked.directory_id, "Directory").id if asked.directory_id is not None else None,
        member=ids.must_be(asked.member_id, "Member").id if asked.member_id is not None else None,
        subject=asked.subject,
        methods=asked.methods,
        resource_type=asked.resource_type,
        status=asked.status,
        since=moment(asked.from_),
        until=moment(asked.to),
    )
