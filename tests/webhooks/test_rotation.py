"""Secrets of endpoints: replaced without a gap, and sealed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from standardwebhooks import Webhook

from api.provisioning.actor import operator
from api.provisioning.errors import CannotSeal
from api.webhooks import endpoints
from db import sql
from db.enums import WebhookSigning
from db.ids import OrganizationId

from .conftest import Moved
from .hosting import attempt, listen
from .receiver import Receiver

pytestmark = pytest.mark.usefixtures("database")


async def test_a_secret_is_replaced_without_a_gap(acme: OrganizationId, receiver: Receiver, time: Moved) -> None:
    keyed = await listen(acme, receiver.url)
    old = keyed.key
    rotated = await endpoints.rotate(operator(acme), keyed.endpoint.id, overlap=timedelta(hours=1))
    await attempt(keyed)
    [both] = receiver.received
    for key in (old, rotated.key):
        Webhook(key.shared or "").verify(both.body, dict(both.headers))
    time.by = timedelta(hours=2)
    await attempt(keyed)
    signatures = receiver.received[-1].headers["webhook-signature"].split()
    assert len(signatures) == 1
    content = f"{receiver.received[-1].id}.{receiver.received[-1].headers['webhook-timestamp']}.".encode()
    assert signatures == [rotated.key.sign(content + receiver.received[-1].body)]


async def test_from_a_shared_secret_to_a_key_pair(acme: OrganizationId, receiver: Receiver) -> None:
    keyed = await listen(acme, receiver.url)
    both = timedelta(days=1)
    rotated = await endpoints.rotate(operator(acme), keyed.endpoint.id, overlap=both, signing_by=WebhookSigning.ED25519)
    await attempt(keyed)
    [came] = receiver.received
    assert [each.split(",")[0] for each in came.headers["webhook-signature"].split()] == ["v1a", "v1"]
    assert rotated.endpoint.signing == "ED25519"
    assert rotated.key.shared is None


async def test_secrets_are_sealed_and_open_only_in_their_place(acme: OrganizationId, receiver: Receiver) -> None:
    keyed, other = await listen(acme, receiver.url), await listen(acme, receiver.url)
    kept = await sql.rows("SELECT sealed FROM webhook_secret")
    assert not any(keyed.key.secret in row["sealed"] for row in kept)
    await sql.rows(
        "UPDATE webhook_secret SET sealed = (SELECT sealed FROM webhook_secret WHERE endpoint_id = $1)"
        " WHERE endpoint_id = $2",
        keyed.endpoint.id,
        other.endpoint.id,
    )
    with pytest.raises(CannotSeal, match="sealed for another place"):
        await attempt(other)
    assert receiver.received == []
