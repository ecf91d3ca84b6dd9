"""Mails and contacts."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from factory import LazyAttribute, LazyFunction, Sequence, SubFactory

from db.enums import ContactKind, MailKind
from db.ids import new_id
from db.tables import Contact, MailMessage

from .organizations import OrganizationFactory
from .rows import RowFactory


class ContactFactory(RowFactory[Contact]):
    """A billing contact who wants no digests."""

    class Meta:
        model = Contact

    organization = SubFactory(OrganizationFactory)
    id = LazyFunction(new_id)
    kind = ContactKind.BILLING
    email = Sequence("billing{}@example.com".format)
    email_key = LazyAttribute(lambda made: made.email.lower())
    unsubscribe_token = LazyFunction(lambda: secrets.token_urlsafe(24))
    created_at = LazyFunction(lambda: datetime.now(UTC))


class MailMessageFactory(RowFactory[MailMessage]):
    """A mail that waits to be sent and says nothing."""

    class Meta:
        model = MailMessage

    organization = SubFactory(OrganizationFactory)
    id = LazyFunction(new_id)
    kind = MailKind.TEST
    recipient = Sequence("ann{}@example.com".format)
    recipient_key = LazyAttribute(lambda made: made.recipient and made.recipient.lower())
    data = '{"facts": {}, "of": {"name": "Acme", "plan": "UNLIMITED", "contact": null}}'
    due_at = LazyFunction(lambda: datetime.now(UTC))
    expires_at = LazyFunction(lambda: datetime.now(UTC) + timedelta(days=7))
    created_at = LazyFunction(lambda: datetime.now(UTC))
