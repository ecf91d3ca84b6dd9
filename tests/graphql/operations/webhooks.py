"""Samples about webhooks."""

from __future__ import annotations

import uuid
from typing import Any

from api.provisioning.actor import operator
from api.webhooks import endpoints
from tests.factories import AccessRevocationFactory, MemberFactory
from tests.graphql.conftest import Api
from tests.scim.conversation import Scim

from . import Sample
from .members import own


async def endpoint(api: Api, scim: Scim) -> dict[str, Any]:
    """Somewhere that the host application is told of changes."""
    made = await endpoints.add(operator(scim.access.organization_id), "https://app.example.com/hooks")
    return {"id": api.id("WebhookEndpoint", made.endpoint.id)}


async def _delivery(api: Api, scim: Scim) -> dict[str, Any]:
    """The same with something that it is sent."""
    found = await endpoint(api, scim)
    made = await api.ask(SAMPLES["webhookTest"].document, **found)
    return {**found, "delivery": made["webhookTest"]["delivery"]["id"]}


async def revocation(api: Api, scim: Scim) -> dict[str, Any]:
    """Access that ended, and nobody has confirmed it."""
    member = await MemberFactory.make(organization=scim.access.organization_id)
    made = await AccessRevocationFactory.make(member=member)
    return {"ids": [api.id("AccessRevocation", uuid.UUID(str(made.id)))]}


_DONE = "userErrors { code message } auditEntry { action subjectType subjectId }"

SAMPLES = {
    "webhookEndpointCreate": Sample(
        f"""mutation ($id: ID!) {{ webhookEndpointCreate(organizationId: $id,
              input: {{url: "https://app.example.com/hooks", eventTypes: ["member.created"]}}) {{
                secret endpoint {{ id url eventTypes }} {_DONE} }} }}""",
        own,
    ),
    "webhookEndpointUpdate": Sample(
        f"""mutation ($id: ID!) {{ webhookEndpointUpdate(id: $id, input: {{isEnabled: false}}) {{
              endpoint {{ isEnabled disabledReason }} {_DONE} }} }}""",
        endpoint,
    ),
    "webhookEndpointDelete": Sample(
        f"mutation ($id: ID!) {{ webhookEndpointDelete(id: $id) {{ endpoint {{ id }} {_DONE} }} }}", endpoint
    ),
    "webhookSecretRotate": Sample(
        f"""mutation ($id: ID!) {{ webhookSecretRotate(id: $id) {{
              secret endpoint {{ secrets {{ signing expiresAt }} }} {_DONE} }} }}""",
        endpoint,
    ),
    "webhookTest": Sample(
        f"mutation ($id: ID!) {{ webhookTest(id: $id) {{ delivery {{ id state }} {_DONE} }} }}", endpoint
    ),
    "webhookDeliveriesReplay": Sample(
        f"""mutation ($id: ID!, $delivery: ID!) {{ webhookDeliveriesReplay(id: $id, deliveryIds: [$delivery]) {{
              count {_DONE} }} }}""",
        _delivery,
    ),
    "accessRevocationConfirm": Sample(
        f"""mutation ($ids: [ID!]!) {{ accessRevocationConfirm(ids: $ids) {{
              revocations {{ id confirmedAt confirmedBy }} {_DONE} }} }}""",
        revocation,
    ),
}
