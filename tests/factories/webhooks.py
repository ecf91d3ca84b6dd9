"""Endpoints of the host application, and what they are still to be told."""

from __future__ import annotations

from datetime import UTC, datetime

from factory import LazyFunction, Sequence, SubFactory

from db.ids import new_id
from db.tables import Outbox, WebhookEndpoint

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
