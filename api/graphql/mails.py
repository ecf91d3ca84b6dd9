"""Mails: what was sent to whom, for the operator."""

from __future__ import annotations

import uuid
from datetime import datetime

import strawberry

from api.mail import rendering
from api.provisioning import mails
from api.provisioning.actor import Right
from api.provisioning.caller import NOWHERE
from api.provisioning.errors import NotFound
from db.enums import MailKind, MailState
from db.mail_rows import MailRow

from . import connections, ids, mutating, organizations, references
from .access import field, mutation
from .connections import After, Before, Connection, First, Last
from .context import Info
from .mutating import Payload
from .nodes import Node, found_by
from .organizations import Organization


@strawberry.type(description="One mail to one address, and what became of it.")
class Mail(Node):
    row: strawberry.Private[MailRow]
    kind: MailKind
    recipient: str | None = strawberry.field(description="Null for the operator, until it is sent.")
    state: MailState
    attempts: int
    last_error: str | None = strawberry.field(description="What the mail server said, or was not there to say.")
    created_at: datetime
    sent_at: datetime | None = strawberry.field(description="When a mail server took it.")

    @field(description="The organization about which it is; null for the operator's own.")
    async def organization(self, info: Info) -> Organization | None:
        own = self.row.organization_id
        return await organizations.find(info, own, own) if own else None

    @field(description="What it is about; null once it was wiped, after thirty days.")
    async def subject(self, info: Info) -> str | None:
        found = _words(info, self.row)
        return found.letter.subject if found else None

    @field(description="What it says, as text. Codes and links stand in it only while there is no mail server.")
    async def text(self, info: Info) -> str | None:
        found = _words(info, self.row)
        return found.text if found else None


def mail(row: MailRow) -> Mail:
    """What the schema shows of a mail."""
    return Mail(
        id=ids.write("Mail", row.organization_id or NOWHERE, row.id),
        row=row,
        kind=MailKind(row.kind),
        recipient=row.recipient,
        state=MailState(row.state),
        attempts=row.attempts,
        last_error=row.last_error,
        created_at=row.created_at,
        sent_at=row.sent_at,
    )


@found_by("Mail")
async def _find(info: Info, organization: uuid.UUID, id: uuid.UUID) -> Mail | None:
    if info.context.caller.organization is not None:
        return None  # mails are the operator's, also those about an organization
    row = await mails.find(info.context.caller, id)
    return mail(row) if (row.organization_id or NOWHERE) == organization else None


@strawberry.type
class MailQuery:
    @field(needs=Right.PLATFORM_MANAGE, description="Mails, newest first.")
    async def mails(
        self,
        info: Info,
        organization_id: strawberry.ID | None = None,
        state: MailState | None = None,
        kind: MailKind | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Mail]:
        list_ = f"mails {organization_id!r} {state!r} {kind!r}"
        span = connections.span(list_, first, after, last, before)
        organization = references.organization(organization_id) if organization_id is not None else None
        page = await mails.page(info.context.caller, organization, state, kind, span)
        return connections.connection(list_, page, span, mail)


@strawberry.type(description="A mail as it is after an act.")
class MailPayload(Payload):
    mail: Mail | None = None


@strawberry.type
class MailMutation:
    @mutation(needs=Right.PLATFORM_MANAGE, description="Send a mail after all that failed or expired.")
    async def mail_retry(self, info: Info, id: strawberry.ID) -> MailPayload:
        async def act() -> Mail:
            place = ids.must_be(id, "Mail")
            info.context.caller.must_run_platform()
            if not await _find(info, place.organization, place.id):
                raise NotFound("There is no such mail.")
            return mail(await mails.retry(info.context.caller, place.id))

        tried = await mutating.tried(act, "id")
        return MailPayload(mail=tried.done, user_errors=tried.user_errors)


def _words(info: Info, row: MailRow) -> rendering.Words | None:
    settings = info.context.settings
    return rendering.words(row, settings.public_url, shows_secret=settings.smtp is None)
