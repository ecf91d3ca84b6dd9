"""Connections to identity providers, whom they know, and sign-ins that have begun."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from factory import LazyAttribute, LazyFunction, Sequence, SubFactory

from db.enums import ConnectionState, SsoKind
from db.ids import new_id
from db.tables import SamlAssertion, SsoAttempt, SsoConnection, SsoIdentity, SsoTicket

from .members import MemberFactory
from .organizations import OrganizationFactory
from .rows import RowFactory


class SsoConnectionFactory(RowFactory[SsoConnection]):
    """A connection that speaks OpenID Connect, by which people sign in."""

    class Meta:
        model = SsoConnection

    organization = SubFactory(OrganizationFactory)
    id = LazyFunction(new_id)
    kind = SsoKind.OIDC
    name = Sequence("Provider {}".format)
    state = ConnectionState.ACTIVE
    issuer = Sequence("https://login.example.com/{}".format)
    created_at = LazyFunction(lambda: datetime.now(UTC))
    updated_at = LazyFunction(lambda: datetime.now(UTC))


class SsoIdentityFactory(RowFactory[SsoIdentity]):
    """Somebody whom a connection knows."""

    class Meta:
        model = SsoIdentity

    connection = SubFactory(SsoConnectionFactory)
    organization = LazyAttribute(lambda made: made.connection.organization_id)
    member = LazyAttribute(lambda made: MemberFactory.build(organization=made.organization))
    subject = Sequence("subject-{}".format)
    created_at = LazyFunction(lambda: datetime.now(UTC))
    last_sign_in_at = LazyFunction(lambda: datetime.now(UTC))


class SsoAttemptFactory(RowFactory[SsoAttempt]):
    """A browser that went to an identity provider."""

    class Meta:
        model = SsoAttempt

    connection = SubFactory(SsoConnectionFactory)
    organization = LazyAttribute(lambda made: made.connection.organization_id)
    state_hash = LazyFunction(lambda: os.urandom(32))
    browser_hash = LazyFunction(lambda: os.urandom(32))
    nonce = "nonce"
    verifier = "verifier"
    return_to = "/"
    created_at = LazyFunction(lambda: datetime.now(UTC))
    expires_at = LazyFunction(lambda: datetime.now(UTC) + timedelta(minutes=10))


class SamlAssertionFactory(RowFactory[SamlAssertion]):
    """An assertion that let somebody in."""

    class Meta:
        model = SamlAssertion

    connection = SubFactory(SsoConnectionFactory, kind=SsoKind.SAML)
    organization = LazyAttribute(lambda made: made.connection.organization_id)
    id_hash = LazyFunction(lambda: os.urandom(32))
    expires_at = LazyFunction(lambda: datetime.now(UTC) + timedelta(minutes=5))


class SsoTicketFactory(RowFactory[SsoTicket]):
    """Somebody of whom a provider has spoken, and whose browser has not come yet."""

    class Meta:
        model = SsoTicket

    connection = SubFactory(SsoConnectionFactory, kind=SsoKind.SAML)
    organization = LazyAttribute(lambda made: made.connection.organization_id)
    ticket_hash = LazyFunction(lambda: os.urandom(32))
    return_to = "/"
    expires_at = LazyFunction(lambda: datetime.now(UTC) + timedelta(minutes=1))
