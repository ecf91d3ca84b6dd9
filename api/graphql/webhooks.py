"""Webhooks: where the host application is told of changes, what it was sent, and how that went."""

from __future__ import annotations

import uuid
from datetime import datetime

import msgspec
import strawberry
from strawberry.scalars import JSON

from api.net import signing
from api.provisioning.actor import Right
from api.webhooks import delivery_log, endpoints, schemas
from api.webhooks.event_types import TYPES
from db.enums import DeliveryState, WebhookDisabled, WebhookSigning
from db.pages import Page
from db.webhook_rows import DeliveryView, EndpointRow

from . import connections, ids
from .access import field
from .connections import After, Before, Connection, First, Last
from .context import Info
from .nodes import Node, found_by


@strawberry.type(description="A kind of event.")
class WebhookEventType:
    name: str
    description: str

    @field(description="The JSON Schema of its messages.")
    async def schema(self) -> JSON:
        return JSON(schemas.of(self.name))


@strawberry.type(description="What messages are signed with; the secret itself is shown when it is made.")
class WebhookSecret:
    signing: WebhookSigning
    public_key: str | None = strawberry.field(description="What ED25519 is verified with.")
    created_at: datetime
    expires_at: datetime | None = strawberry.field(description="When it counts no longer, because another replaced it.")


@strawberry.type(description="How many deliveries have a state.")
class DeliveryCount:
    state: DeliveryState
    count: int


@strawberry.type(description="What became of the deliveries that were put within one hour.")
class DeliveryHour:
    at: datetime = strawberry.field(description="When the hour began.")
    delivered: int
    pending: int
    failed: int
    is_known: bool = strawberry.field(description="False where there were too many to count.")


@strawberry.type(description="One time that a message was sent.")
class WebhookAttempt:
    sent_at: datetime
    status: int | None = strawberry.field(description="Null when there was no answer.")
    error: str | None = strawberry.field(description="Why there was none.")
    response: str | None = strawberry.field(description="How the answer began.")
    duration_ms: int


@strawberry.type(description="A message on its way to an endpoint.")
class WebhookDelivery(Node):
    row: strawberry.Private[DeliveryView]
    message_id: str = strawberry.field(description="The header `webhook-id`, the same at every attempt.")
    event_type: str
    sequence: int | None = strawberry.field(description="By which events about one member are ordered.")
    occurred_at: datetime
    state: DeliveryState
    due_at: datetime | None = strawberry.field(description="When it is sent next, if it is to be.")
    ended_at: datetime | None

    @field(description="What is sent; without what was said of somebody who was erased.")
    async def body(self) -> JSON:
        return JSON(msgspec.json.decode(self.row.body))

    @field(assumed=3, description="Every attempt, oldest first.")
    async def attempts(self, info: Info) -> list[WebhookAttempt]:
        found = await info.context.load(delivery_log.attempts, self.row.organization_id, self.row.id)
        return [
            WebhookAttempt(
                sent_at=each.sent_at,
                status=each.status,
                error=each.error,
                response=each.response,
                duration_ms=each.duration_ms,
            )
            for each in found or ()
        ]


def delivery(row: DeliveryView) -> WebhookDelivery:
    """What the schema shows of a delivery."""
    return WebhookDelivery(
        id=ids.write("WebhookDelivery", row.organization_id, row.id),
        row=row,
        message_id=signing.message_id(row.message_id),
        event_type=row.type,
        sequence=row.sequence,
        occurred_at=row.occurred_at,
        state=DeliveryState(row.state),
        due_at=row.due_at,
        ended_at=row.ended_at,
    )


@found_by("WebhookDelivery")
async def find_delivery(info: Info, organization: uuid.UUID, id: uuid.UUID) -> WebhookDelivery | None:
    """A delivery by id."""
    row = await info.context.load(delivery_log.many, organization, id)
    return delivery(row) if row else None


@strawberry.type(description="A URL of the host application that is told of changes.")
class WebhookEndpoint(Node):
    key: strawberry.Private[tuple[uuid.UUID, uuid.UUID]]
    url: str
    description: str
    event_types: list[str] = strawberry.field(description="What it is told of; everything if empty.")
    signing: WebhookSigning
    is_enabled: bool
    disabled_reason: WebhookDisabled | None
    failing_since: datetime | None = strawberry.field(description="Since when nothing has arrived; null if it does.")
    waits_until: datetime | None = strawberry.field(description="Until when it is left alone, because it failed.")
    created_at: datetime
    updated_at: datetime

    @field(assumed=2, description="What its messages are signed with, newest first; each message by all of them.")
    async def secrets(self, info: Info) -> list[WebhookSecret]:
        found = await info.context.load(endpoints.secrets, *self.key)
        return [
            WebhookSecret(
                signing=WebhookSigning(each.signing),
                public_key=each.public_key,
                created_at=each.created_at,
                expires_at=each.expires_at,
            )
            for each in found or ()
        ]

    @field(assumed=3, description="What became of the deliveries of the last day.")
    async def last_day(self, info: Info) -> list[DeliveryCount]:
        found = await info.context.load(delivery_log.lately, *self.key) or {}
        return [DeliveryCount(state=state, count=found[state]) for state in DeliveryState if state in found]

    @field(weight=5, assumed=24, description="What became of what it was sent in 24 hours, by the hour, oldest first.")
    async def traffic(self, info: Info) -> list[DeliveryHour]:
        return [
            DeliveryHour(
                at=each.at, delivered=each.delivered, pending=each.pending, failed=each.failed, is_known=each.is_known
            )
            for each in await info.context.load(delivery_log.hours, *self.key) or ()
        ]

    @field(description="What it was sent, or is to be, newest first; kept for thirty days.")
    async def deliveries(
        self,
        info: Info,
        state: DeliveryState | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[WebhookDelivery]:
        organization, endpoint = self.key
        list_ = f"deliveries {state}"
        span = connections.span(list_, first, after, last, before)
        chosen: str | None = state
        page = await info.context.load(delivery_log.pages, organization, (endpoint, chosen, span))
        return connections.connection(list_, page or Page([], [], False), span, delivery)


def endpoint(row: EndpointRow) -> WebhookEndpoint:
    """What the schema shows of an endpoint."""
    return WebhookEndpoint(
        id=ids.write("WebhookEndpoint", row.organization_id, row.id),
        key=(row.organization_id, row.id),
        url=row.url,
        description=row.description,
        event_types=list(row.event_types),
        signing=WebhookSigning(row.signing),
        is_enabled=row.is_enabled,
        disabled_reason=WebhookDisabled(row.disabled_reason) if row.disabled_reason else None,
        failing_since=row.failing_since,
        waits_until=row.waits_until,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


@found_by("WebhookEndpoint")
async def _find(info: Info, organization: uuid.UUID, id: uuid.UUID) -> WebhookEndpoint | None:
    row = await info.context.load(endpoints.many, organization, id)
    return endpoint(row) if row else None


@strawberry.type
class OrganizationWebhooks:
    """What an organization shows of its webhooks."""

    key: strawberry.Private[uuid.UUID]

    @field(needs=Right.DEVELOPERS_MANAGE, description="Where the host application is told of changes, oldest first.")
    async def webhook_endpoints(self, info: Info) -> list[WebhookEndpoint]:
        return [endpoint(row) for row in await endpoints.all_of(info.context.actor(self.key))]

    @field(needs=Right.DEVELOPERS_MANAGE, assumed=len(TYPES), description="Every type of event that there is.")
    async def webhook_event_types(self, info: Info) -> list[WebhookEventType]:
        info.context.actor(self.key).must(Right.DEVELOPERS_MANAGE)
        return [WebhookEventType(name=name, description=text) for name, text in TYPES.items()]
