"""Whom an organization wants to be told by mail, and asking the operator for help."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime

import strawberry

from api.provisioning import contacts, help_requests
from api.provisioning.actor import Actor, Right
from db.enums import ContactKind
from db.mail_rows import ContactRow

from . import acting, ids, mutating
from .access import field, mutation
from .context import Info
from .mutating import Payload
from .nodes import Node, found_by


@strawberry.type(description="An address to which mails of a kind go.")
class MailContact(Node):
    kind: ContactKind
    email: str
    name: str | None
    wants_digest: bool = strawberry.field(description="Whether they are told each week what happened.")
    created_at: datetime


def mail_contact(organization: uuid.UUID, row: ContactRow) -> MailContact:
    """What the schema shows of a contact."""
    return MailContact(
        id=ids.write("MailContact", organization, row.id),
        kind=ContactKind(row.kind),
        email=row.email,
        name=row.name,
        wants_digest=row.wants_digest,
        created_at=row.created_at,
    )


@found_by("MailContact")
async def _find(info: Info, organization: uuid.UUID, id: uuid.UUID) -> MailContact | None:
    row = await info.context.load(contacts.many, organization, id)
    return mail_contact(organization, row) if row else None


@strawberry.type
class OrganizationContacts:
    """What an organization shows of its contacts."""

    key: strawberry.Private[uuid.UUID]

    @field(description="To whom mails go, by kind. Where there is nobody for a kind, they go to the admins.")
    async def mail_contacts(self, info: Info) -> list[MailContact]:
        found = await contacts.all_of_them(info.context.actor(self.key))
        return [mail_contact(self.key, row) for row in found]


@strawberry.input(description="An address to which mails of a kind are to go.")
class MailContactInput:
    kind: ContactKind
    email: str
    name: str | None = None
    wants_digest: bool = False


@strawberry.input(description="What of a contact is to be otherwise; what is null stays.")
class MailContactChangeInput:
    name: str | None = None
    wants_digest: bool | None = None


@strawberry.input(description="What somebody needs help with.")
class HelpRequestInput:
    message: str
    reply_to: str | None = strawberry.field(default=None, description="The address to which an answer goes.")


@strawberry.type(description="A contact as it is after an act; null when it is gone.")
class MailContactPayload(Payload):
    mail_contact: MailContact | None = None


@strawberry.type(description="What came of asking for help.")
class HelpRequestPayload(Payload):
    pass


Act = Callable[[Actor, uuid.UUID], Awaitable[ContactRow | None]]
"""Does something to a contact by its id."""


@strawberry.type
class ContactMutation:
    @mutation(needs=Right.ORGANIZATION_MANAGE, description="Send mails of a kind to an address from now on.")
    async def mail_contact_add(
        self, info: Info, organization_id: strawberry.ID, input: MailContactInput
    ) -> MailContactPayload:
        async def act(actor: Actor) -> MailContact:
            made = await contacts.add(actor, input.kind, input.email, name=input.name, wants_digest=input.wants_digest)
            return mail_contact(actor.organization, made)

        tried = await mutating.attempt(acting.in_organization(info, organization_id), act, "input")
        return MailContactPayload(mail_contact=tried.done, user_errors=tried.user_errors, remembered=tried.remembered)

    @mutation(needs=Right.ORGANIZATION_MANAGE, description="Change the name of a contact, or whether they get digests.")
    async def mail_contact_change(
        self, info: Info, id: strawberry.ID, input: MailContactChangeInput
    ) -> MailContactPayload:
        async def act(actor: Actor, contact: uuid.UUID) -> ContactRow:
            return await contacts.change(actor, contact, name=input.name, wants_digest=input.wants_digest)

        return await _done(info, id, act)

    @mutation(needs=Right.ORGANIZATION_MANAGE, description="Send an address no more mails of its kind.")
    async def mail_contact_remove(self, info: Info, id: strawberry.ID) -> MailContactPayload:
        return await _done(info, id, contacts.remove)

    @mutation(needs=Right.ORGANIZATION_READ, description="Ask the operator for help, by mail; five times an hour.")
    async def help_request(
        self, info: Info, organization_id: strawberry.ID, input: HelpRequestInput
    ) -> HelpRequestPayload:
        async def act(actor: Actor) -> None:
            await help_requests.ask(actor, input.message, reply_to=input.reply_to)

        tried = await mutating.attempt(acting.in_organization(info, organization_id), act, "input")
        return HelpRequestPayload(user_errors=tried.user_errors, remembered=tried.remembered)


async def _done(info: Info, id: str, act: Act) -> MailContactPayload:
    async def work(actor: Actor) -> MailContact | None:
        row = await act(actor, ids.must_be(id, "MailContact").id)
        return mail_contact(actor.organization, row) if row else None

    tried = await mutating.attempt(acting.on(info, id, "MailContact"), work, "id")
    return MailContactPayload(mail_contact=tried.done, user_errors=tried.user_errors, remembered=tried.remembered)
