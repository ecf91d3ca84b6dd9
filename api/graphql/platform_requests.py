"""Requests of all organizations, for the operator."""

from __future__ import annotations

import uuid

import strawberry

from api.provisioning import request_views
from api.provisioning.actor import Right
from db.request_rows import RequestView

from . import connections, organizations, requests
from .access import field
from .connections import After, Before, Connection, First, Last
from .context import Info
from .errors import Problem
from .organizations import Organization
from .requests import ScimRequest


@strawberry.type(description="A request, with the organization whose directory sent it.")
class PlatformRequest:
    row: strawberry.Private[RequestView]
    request: ScimRequest

    @field(description="Whose directory sent it.")
    async def organization(self, info: Info) -> Organization | None:
        return await organizations.find(info, self.row.organization_id, self.row.organization_id)


def _request(row: RequestView) -> PlatformRequest:
    return PlatformRequest(row=row, request=requests.request(row))


@strawberry.type
class PlatformRequestQuery:
    @field(
        needs=Right.PLATFORM_MANAGE,
        weight=20,
        description="Requests of the last 31 days in all organizations, newest first. People are named, so this needs"
        " ORGANIZATION_READ besides.",
    )
    async def platform_requests(
        self,
        info: Info,
        refused: bool = False,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[PlatformRequest]:
        list_ = f"requests everywhere {refused}"
        span = connections.span(list_, first, after, last, before)
        page = await request_views.everywhere(info.context.caller, span, refused=refused)
        return connections.connection(list_, page, span, _request)

    @field(
        needs=Right.PLATFORM_MANAGE,
        weight=3,
        description="A request by its trace id, in whatever organization; null for none. Needs ORGANIZATION_READ, too.",
    )
    async def platform_request(self, info: Info, trace_id: strawberry.ID) -> PlatformRequest | None:
        try:
            trace = uuid.UUID(trace_id)
        except ValueError:
            raise Problem("BAD_REQUEST", f"{trace_id!r} is no trace id; these look like {uuid.UUID(int=0)}.") from None
        row = await request_views.of_any(info.context.caller, trace)
        return _request(row) if row else None
