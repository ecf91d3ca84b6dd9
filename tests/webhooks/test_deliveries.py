"""What is due is sent, signed, as often as it takes, and no endpoint is in another's way."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from standardwebhooks import Webhook

from api.net.client import Client
from api.provisioning import clock
from api.provisioning.actor import operator
from api.webhooks import deliveries, delivery_log, endpoints
from api.webhooks.endpoints import Edit
from db import sql
from db.ids import OrganizationId

from .conftest import Moved
from .hosting import attempt, delivered, delivery, endpoint_row, listen, send
from .receiver import Receiver, Reply, receiving

pytestmark = pytest.mark.usefixtures("database")


async def test_a_message_arrives_signed(acme: OrganizationId, receiver: Receiver) -> None:
    keyed = await listen(acme, receiver.url)
    await attempt(keyed)
    [came] = receiver.received
    assert Webhook(keyed.key.shared or "").verify(came.body, dict(came.headers))["type"] == "webhook.test"
    assert came.headers["content-type"] == "application/json"
    assert came.path == "/hooks"
    row = await delivery(keyed)
    assert (row["state"], row["attempts"], row["due_at"]) == ("DELIVERED", 1, None)
    [tried] = await sql.rows("SELECT * FROM webhook_attempt")
    assert (tried["status"], tried["error"], tried["response"]) == (204, None, "")


async def test_what_does_not_arrive_is_sent_again_with_the_same_id_and_another_time(
    acme: OrganizationId, receiver: Receiver, time: Moved
) -> None:
    keyed = await listen(acme, receiver.url)
    receiver.replies = [Reply(500, body=b"out of order")]
    await attempt(keyed)
    row = await delivery(keyed)
    assert (row["state"], row["attempts"]) == ("PENDING", 1)
    assert 3 <= (row["due_at"] - clock.now()).total_seconds() <= 7
    await send(keyed)
    assert len(receiver.received) == 1  # not before its time
    time.to(row["due_at"] + timedelta(seconds=5))
    await send(keyed)
    first, second = receiver.received
    assert first.id == second.id
    assert first.body == second.body
    assert int(second.headers["webhook-timestamp"]) > int(first.headers["webhook-timestamp"])
    assert (await delivery(keyed))["state"] == "DELIVERED"
    attempts = await sql.rows("SELECT status, response FROM webhook_attempt ORDER BY id")
    assert [tuple(each) for each in attempts] == [(500, "out of order"), (204, "")]


async def test_after_ten_attempts_it_has_failed_and_can_be_replayed(
    acme: OrganizationId, receiver: Receiver, time: Moved
) -> None:
    keyed = await listen(acme, receiver.url)
    receiver.otherwise = Reply(500)
    start = clock.now()
    await attempt(keyed)
    while (row := await delivery(keyed))["state"] == "PENDING":
        time.to(row["due_at"] + timedelta(seconds=5))
        await send(keyed)
    assert (row["state"], row["attempts"], len(receiver.received)) == ("FAILED", 10, 10)
    assert timedelta(hours=60) < clock.now() - start < timedelta(hours=91)
    assert (await endpoint_row(keyed))["is_enabled"]
    receiver.otherwise = Reply()
    assert await delivery_log.replay(operator(acme), keyed.endpoint.id, [row["id"]]) == 1
    await send(keyed)
    assert (await delivery(keyed))["state"] == "DELIVERED"
    assert len({each.id for each in receiver.received}) == 1


async def test_what_failed_within_a_time_is_replayed_in_order_and_nothing_else(
    acme: OrganizationId, receiver: Receiver, time: Moved
) -> None:
    keyed = await listen(acme, receiver.url)
    await attempt(keyed)  # arrives
    receiver.otherwise = Reply(410)
    for _ in range(3):
        await endpoints.change(operator(acme), keyed.endpoint.id, Edit(is_enabled=True))
        await attempt(keyed)
    receiver.otherwise = Reply()
    await endpoints.change(operator(acme), keyed.endpoint.id, Edit(is_enabled=True))
    failed = [row for row in await delivered(keyed.endpoint.id) if row["state"] == "FAILED"]
    assert len(failed) == 3
    ids = [row["id"] for row in failed]
    since, to = clock.now() - timedelta(minutes=1), clock.now() + timedelta(minutes=1)
    assert await delivery_log.replay_failed(operator(acme), keyed.endpoint.id, since - timedelta(days=1), since) == 0
    assert await delivery_log.replay_failed(operator(acme), keyed.endpoint.id, since, to) == 3
    before = len(receiver.received)
    await send(keyed)
    assert len(receiver.received) - before == 3
    assert {row["id"] for row in await delivered(keyed.endpoint.id) if row["attempts"] == 1} >= set(ids)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirections_are_refusals_and_not_followed(
    acme: OrganizationId, receiver: Receiver, status: int
) -> None:
    with receiving() as elsewhere:
        keyed = await listen(acme, receiver.url)
        receiver.otherwise = Reply(status, {"location": elsewhere.url})
        await attempt(keyed)
        assert elsewhere.received == []
    assert (await delivery(keyed))["state"] == "PENDING"


async def test_what_takes_too_long_is_no_answer(
    acme: OrganizationId, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "Client", partial(Client, seconds=0.05))
    keyed = await listen(acme, receiver.url)
    receiver.otherwise = Reply(seconds=0.5)
    await attempt(keyed)
    [tried] = await sql.rows("SELECT status, error FROM webhook_attempt")
    assert tried["status"] is None
    assert "did not answer within 0.05 seconds" in tried["error"]


async def test_nobody_listens(acme: OrganizationId) -> None:
    with receiving() as gone:
        url = gone.url
    keyed = await listen(acme, url)
    await attempt(keyed)
    [tried] = await sql.rows("SELECT status, error FROM webhook_attempt")
    assert tried["status"] is None
    assert tried["error"]
    assert (await delivery(keyed))["state"] == "PENDING"


async def test_nul_in_an_answer_is_no_trouble(acme: OrganizationId, receiver: Receiver) -> None:
    keyed = await listen(acme, receiver.url)
    receiver.replies = [Reply(200, body=b"a\0b" + b"c" * 5000)]
    await attempt(keyed)
    response = await sql.value("SELECT response FROM webhook_attempt")
    assert response == "a\N{REPLACEMENT CHARACTER}b" + "c" * 997
