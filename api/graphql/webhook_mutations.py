"""What can be done with webhooks."""

from __future__ import annotations

import uuid
from datetime import timedelta

import strawberry

from api.provisioning import clock
from api.provisioning.actor import Actor, Right
from api.provisioning.errors import BadSetting
from api.webhooks import delivery_log, endpoints
from api.webhooks.endpoints import OVERLAP_AT_MOST, Edit, Keyed
from db.enums import WebhookSigning
from db.webhook_rows import EndpointRow

from . import acting, ids
from .access import mutation
from .context import Info
from .ids import Place
from .moments import From, To, moment
from .mutating import Payload, Tried
from .webhooks import WebhookDelivery, WebhookEndpoint, endpoint, find_delivery

_RIGHT = Right.DEVELOPERS_MANAGE


@strawberry.input(description="A new endpoint.")
class WebhookEndpointCreateInput:
    url: str = strawberry.field(description="An https URL; http only on localhost.")
    description: str = ""
    event_types: list[str] = strawberry.field(
        description="What it is told of; everything if empty.", default_factory=list
    )
    signing: WebhookSigning = WebhookSigning.HMAC


@strawberry.input(description="Absent fields stay as they are.")
class WebhookEndpointUpdateInput:
    url: strawberry.Maybe[str]
    description: strawberry.Maybe[str]
    event_types: strawberry.Maybe[list[str]] = strawberry.field(description="Everything if empty.")
    is_enabled: strawberry.Maybe[bool] = strawberry.field(
        description="What a disabled one was still to be sent has failed; replay it when it is enabled again."
    )

    def edit(self) -> Edit:
        """What is to be changed."""
        return Edit(**{name: some.value for name, some in vars(self).items() if some is not None})


@strawberry.type(description="An endpoint as it is after an act; null when it is gone.")
class WebhookEndpointPayload(Payload):
    endpoint: WebhookEndpoint | None = None


@strawberry.type(description="An endpoint with what was made for verifying its messages.")
class WebhookSecretPayload(Payload):
    endpoint: WebhookEndpoint | None = None
    secret: str | None = strawberry.field(description="For HMAC, `whsec_…`; it is shown this once.", default=None)
    public_key: str | None = strawberry.field(description="For ED25519, `whpk_…`.", default=None)


@strawberry.type(description="A delivery that was put.")
class WebhookDeliveryPayload(Payload):
    delivery: WebhookDelivery | None = None


@strawberry.type(description="Deliveries that are due again.")
class WebhookReplayPayload(Payload):
    count: int | None = None


@strawberry.type
class WebhookMutation:
    @mutation(needs=_RIGHT, description="Tell the host application at a URL of what changes from now on.")
    async def webhook_endpoint_create(
        self, info: Info, organization_id: strawberry.ID, input: WebhookEndpointCreateInput
    ) -> WebhookSecretPayload:
        async def act(actor: Actor, _: uuid.UUID) -> Keyed:
            return await endpoints.add(
                actor,
                input.url,
                description=input.description,
                event_types=input.event_types,
                signing_by=input.signing,
            )

        return _keyed(await acting.on(info, organization_id, "Organization", act, "input"))

    @mutation(needs=_RIGHT, description="Change an endpoint, or switch it off and on.")
    async def webhook_endpoint_update(
        self, info: Info, id: strawberry.ID, input: WebhookEndpointUpdateInput
    ) -> WebhookEndpointPayload:
        async def act(actor: Actor, endpoint: uuid.UUID) -> EndpointRow:
            return await endpoints.change(actor, endpoint, input.edit())

        tried = await acting.on(info, id, "WebhookEndpoint", act, "input")
        shown = endpoint(tried.done[1]) if tried.done else None
        return WebhookEndpointPayload(endpoint=shown, user_errors=tried.user_errors, remembered=tried.remembered)

    @mutation(needs=_RIGHT, description="Delete an endpoint, with the log of what it was sent.")
    async def webhook_endpoint_delete(self, info: Info, id: strawberry.ID) -> WebhookEndpointPayload:
        tried = await acting.on(info, id, "WebhookEndpoint", endpoints.remove, "id")
        return WebhookEndpointPayload(user_errors=tried.user_errors, remembered=tried.remembered)

    @mutation(
        needs=_RIGHT,
        description="Make a new secret; until the overlap is over, messages are signed by it and by the others.",
    )
    async def webhook_secret_rotate(
        self, info: Info, id: strawberry.ID, overlap_hours: int = 24, signing: WebhookSigning | None = None
    ) -> WebhookSecretPayload:
        async def act(actor: Actor, endpoint: uuid.UUID) -> Keyed:
            actor.must(_RIGHT)
            if not 0 <= overlap_hours <= OVERLAP_AT_MOST // timedelta(hours=1):
                raise BadSetting(f"Both can count for {OVERLAP_AT_MOST.days} days at most.")
            return await endpoints.rotate(actor, endpoint, overlap=timedelta(hours=overlap_hours), signing_by=signing)

        return _keyed(await acting.on(info, id, "WebhookEndpoint", act, "id"))

    @mutation(needs=_RIGHT, description="Send an event of type `webhook.test`, to see whether messages arrive.")
    async def webhook_test(self, info: Info, id: strawberry.ID) -> WebhookDeliveryPayload:
        tried = await acting.on(info, id, "WebhookEndpoint", endpoints.test, "id")
        if tried.done is None:
            return WebhookDeliveryPayload(user_errors=tried.user_errors)
        place, delivery = tried.done
        shown = await find_delivery(info, place.organization, delivery)
        return WebhookDeliveryPayload(user_errors=[], delivery=shown)

    @mutation(
        needs=_RIGHT,
        description="Send deliveries again under the ids that they had: these, or all that failed between two moments.",
    )
    async def webhook_deliveries_replay(
        self,
        info: Info,
        id: strawberry.ID,
        delivery_ids: list[strawberry.ID] | None = None,
        from_: From = None,
        to: To = None,
    ) -> WebhookReplayPayload:
        async def act(actor: Actor, endpoint: uuid.UUID) -> int:
            actor.must(_RIGHT)
            since = moment(from_)
            if (delivery_ids is None) == (since is None):
                raise BadSetting("Name either deliveries, or from when on those that failed are to be sent again.")
            if since is not None:
                return await delivery_log.replay_failed(actor, endpoint, since, moment(to) or clock.now())
            wanted = [ids.within(actor.organization, each, "WebhookDelivery") for each in delivery_ids or ()]
            return await delivery_log.replay(actor, endpoint, wanted)

        tried = await acting.on(info, id, "WebhookEndpoint", act, "deliveryIds")
        count = tried.done[1] if tried.done else None
        return WebhookReplayPayload(count=count, user_errors=tried.user_errors, remembered=tried.remembered)


def _keyed(tried: Tried[tuple[Place, Keyed]]) -> WebhookSecretPayload:
    made = tried.done[1] if tried.done else None
    return WebhookSecretPayload(
        endpoint=endpoint(made.endpoint) if made else None,
        secret=made.key.shared if made else None,
        public_key=made.key.public if made else None,
        user_errors=tried.user_errors,
        remembered=tried.remembered,
    )
