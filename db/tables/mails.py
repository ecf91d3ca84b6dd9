"""Mails that people are sent, and whom organizations want to be told."""

from piccolo.columns import JSONB, UUID, Boolean, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table

from db.enums import ContactKind, MailKind, MailState


class Contact(Table):
    """An address to which an organization wants mails of a kind to go; without any they go to its admins."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    kind = Text(default=None, choices=ContactKind)
    email = Text(default=None)
    email_key = Text(default=None, help_text="The address as it is compared; unique for a kind.")
    name = Text(null=True, default=None)
    wants_digest = Boolean(default=False, help_text="Whether they are told each week what happened.")
    unsubscribe_token = Text(default=None, help_text="What ends the digests; it lets nobody do anything else.")
    created_at = Timestamptz()


class MailMessage(Table):
    """One mail to one address: what it tells, not how it reads, and what became of it."""

    organization_id = UUID(null=True, default=None)
    id = UUID(primary_key=True, default=None)
    kind = Text(default=None, choices=MailKind)
    recipient = Text(null=True, default=None, help_text="Null for the operator, until it is sent.")
    recipient_key = Text(null=True, default=None, help_text="The address as it is compared.")
    data = JSONB(null=True, default=None, help_text="What it tells: `of` the organization, and `facts` by its kind.")
    secret = Bytea(null=True, default=None, help_text="A code or token that it carries; gone once that is useless.")
    about = Text(null=True, default=None, help_text="Nobody is sent two mails of a kind about the same.")
    state = Text(default=MailState.QUEUED, choices=MailState)
    attempts = Integer(default=0)
    last_error = Text(null=True, default=None)
    due_at = Timestamptz(help_text="Not to be tried before, because it is being sent or the server was not ready.")
    expires_at = Timestamptz(help_text="When it is of no use any more.")
    created_at = Timestamptz()
    sent_at = Timestamptz(null=True, default=None)
