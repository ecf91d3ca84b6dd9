"""Endpoints of the host application, and what they are still to be told."""

from __future__ import annotations

from datetime import UTC, datetime

from factory import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory

from db.enums import WebhookSigning
from db.ids import new_id
from db.tables import (
    AccessRevocation,
    Outbox,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookMessage,
    WebhookSecret,
)

from .members import MemberFactory
from .organizations import OrganizationFactory
from .rows import RowFactory


class WebhookEndpointFactory(RowFactory[WebhookEndpoint]):
    """An endpoint that is told of everything."""

    class Meta:
        model = WebhookEndpoint

    organization = SubFactory(OrganizationFactory)
    id = LazyFunction(new_id)
    url = Sequence("https://host.example.com/hooks/{}".format)
    created_at = LazyFunction(lambda: datetime.now(UTC))


class OutboxFactory(RowFactory[Outbox]):
    """A change that nobody has been told of."""

    class Meta:
        model = Outbox

    organization = SubFactory(OrganizationFactory)
    change_id = LazyFunction(new_id)


class WebhookSecretFactory(RowFactory[WebhookSecret]):
    """A secret that nobody can unseal."""

    class Meta:
        model = WebhookSecret

    endpoint = SubFactory(WebhookEndpointFactory)
    organization = LazyAttribute(lambda made: made.endpoint.organization_id)
    id = LazyFunction(new_id)
    signing = WebhookSigning.HMAC
    sealed = b"?"


class WebhookMessageFactory(RowFactory[WebhookMessage]):
    """A message about nothing."""

    class Meta:
        model = WebhookMessage

    organization = SubFactory(OrganizationFactory)
    id = LazyFunction(new_id)
    type = "webhook.test"
    body = '{"type":"webhook.test"}'
    occurred_at = LazyFunction(lambda: datetime.now(UTC))


class WebhookDeliveryFactory(RowFactory[WebhookDelivery]):
    """A message that is due."""

    class Meta:
        model = WebhookDelivery

    endpoint = SubFactory(WebhookEndpointFactory)
    organization = LazyAttribute(lambda made: made.endpoint.organization_id)
    id = LazyFunction(new_id)
    message = SubFactory(WebhookMessageFactory, organization=SelfAttribute("..organization"))
    due_at = LazyFunction(lambda: datetime.now(UTC))


class WebhookAttemptFactory(RowFactory[WebhookAttempt]):
    """A message that arrived."""

    class Meta:
        model = WebhookAttempt

    delivery = SubFactory(WebhookDeliveryFactory)
    organization = LazyAttribute(lambda made: made.delivery.organization_id)
    id = LazyFunction(new_id)
    status = 204
    duration_ms = 5
    sent_at = LazyFunction(lambda: datetime.now(UTC))


class AccessRevocationFactory(RowFactory[AccessRevocation]):
    """Access that ended, and nobody has confirmed it."""

    class Meta:
        model = AccessRevocation

    member = SubFactory(MemberFactory)
    organization = LazyAttribute(lambda made: made.member.organization_id)
    id = LazyFunction(new_id)
    revoked_at = LazyFunction(lambda: datetime.now(UTC))
    deadline = LazyFunction(lambda: datetime.now(UTC))
