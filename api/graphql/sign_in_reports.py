"""Sign-ins that a host application told of which does its own single sign-on."""

from __future__ import annotations

import uuid
from datetime import datetime

import strawberry

from api.provisioning import sign_in_reports
from db.enums import ReportOutcome
from db.sign_in_rows import ReportView

from . import connections, ids
from .access import field
from .connections import After, Before, Connection, First, Last
from .context import Info


@strawberry.type(description="A call that told of a sign-in, and what came of it.")
class SignInReport:
    trace_id: strawberry.ID = strawberry.field(description="As the caller was told it, in X-Trace-Id.")
    at: datetime
    caller: str | None = strawberry.field(description="The name of the API token.")
    email: str | None = strawberry.field(description="Null once the person was erased.")
    outcome: ReportOutcome
    member_id: strawberry.ID | None = strawberry.field(description="Whom it made or updated.")
    code: str | None = strawberry.field(description="Why it was refused, for programs.")
    detail: str | None = strawberry.field(description="Why it was refused, for people.")


def sign_in_report(row: ReportView) -> SignInReport:
    """What the schema shows of a call."""
    return SignInReport(
        trace_id=strawberry.ID(str(row.id)),
        at=row.received_at,
        caller=row.caller,
        email=row.email,
        outcome=ReportOutcome(row.outcome),
        member_id=ids.write("Member", row.organization_id, row.member_id) if row.member_id else None,
        code=row.code,
        detail=row.detail,
    )


@strawberry.type
class OrganizationSignInReports:
    """What an organization shows of sign-ins that were told of."""

    key: strawberry.Private[uuid.UUID]

    @field(description="Sign-ins that host applications told of, newest first; of an outcome, and about an address.")
    async def sign_in_reports(
        self,
        info: Info,
        outcome: ReportOutcome | None = None,
        email: str | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[SignInReport]:
        name = f"signInReports {outcome} {email}"
        span = connections.span(name, first, after, last, before)
        page = await sign_in_reports.page(info.context.actor(self.key), outcome, email, span)
        return connections.connection(name, page, span, sign_in_report)
