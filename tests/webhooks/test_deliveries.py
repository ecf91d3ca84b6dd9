"""What is due is sent, signed, as often as it takes, and no endpoint is in another's way."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from standardwebhooks import Webhook

from api.provisioning import clock, ladder, organizations
from api.provisioning.actor import operator
from api.provisioning.errors import CannotSeal, InTheWay
from api.webhooks import deliveries, delivery_log, endpoints, sending
from api.webhooks.endpoints import Edit, Keyed
from db import sql
from db.enums import WebhookSigning
from db.ids import OrganizationId

from .conftest import Moved
from .hosting import delivered, delivery, endpoint_row, listen, send, tell, waiting
from .receiver import Receiver, Reply, receiving

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def acme(database: None) -> OrganizationId:
    """An organization."""
    return await organizations.create("Acme")


async def _try(keyed: Keyed, times: int = 1) -> None:
    """Have test events sent to an endpoint."""
    for _ in range(times):
        await endpoints.test(operator(OrganizationId(keyed.endpoint.organization_id)), keyed.endpoint.id)
    await send(keyed)


async def _another(keyed: Keyed) -> None:
    """Something that changed."""
    await ladder.set_permissions(operator(OrganizationId(keyed.endpoint.organization_id)), "viewer", ["look"])
    await tell()


async def test_a_message_arrives_signed(acme: OrganizationId, receiver: Receiver) -> None:
    keyed = await listen(acme, receiver.url)
    await _try(keyed)
    [came] = receiver.received
    assert Webhook(keyed.key.shared or "").verify(came.body, dict(came.headers))["type"] == "webhook.test"
    assert came.headers["content-type"] == "application/json"
    assert came.path == "/hooks"
    row = await delivery(keyed)
    assert (row["state"], row["attempts"], row["due_at"]) == ("DELIVERED", 1, None)
    [attempt] = await sql.rows("SELECT * FROM webhook_attempt")
    assert (attempt["status"], attempt["error"], attempt["response"]) == (204, None, "")


async def test_what_does_not_arrive_is_sent_again_with_the_same_id_and_another_time(
    acme: OrganizationId, receiver: Receiver, time: Moved
) -> None:
    keyed = await listen(acme, receiver.url)
    receiver.replies = [Reply(500, body=b"out of order")]
    await _try(keyed)
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
    await _try(keyed)
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
    await _try(keyed)  # arrives
    receiver.otherwise = Reply(410)
    for _ in range(3):
        await endpoints.change(operator(acme), keyed.endpoint.id, Edit(is_enabled=True))
        await _try(keyed)
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
        await _try(keyed)
        assert elsewhere.received == []
    assert (await delivery(keyed))["state"] == "PENDING"


async def test_an_endpoint_that_is_gone_is_disabled_at_once(acme: OrganizationId, receiver: Receiver) -> None:
    keyed = await listen(acme, receiver.url)
    receiver.replies = [Reply(), Reply(410)]
    await _try(keyed, times=2)
    await _try_refused(keyed)
    row = await endpoint_row(keyed)
    assert (row["is_enabled"], row["disabled_reason"]) == (False, "GONE")
    assert sorted(each["state"] for each in await delivered(keyed.endpoint.id)) == ["DELIVERED", "FAILED"]
    [change] = await sql.rows("SELECT * FROM change WHERE action = 'endpoint_disabled'")
    assert (change["subject_id"], change["actor_kind"]) == (keyed.endpoint.id, "SYSTEM")


async def _try_refused(keyed: Keyed) -> None:
    with pytest.raises(InTheWay):
        await _try(keyed)


async def test_a_busy_receiver_is_obeyed_for_all_its_messages(
    acme: OrganizationId, receiver: Receiver, time: Moved
) -> None:
    keyed = await listen(acme, receiver.url)
    receiver.replies = [Reply(429, {"retry-after": "3600"})]
    await _try(keyed)
    await _another(keyed)
    await send(keyed)
    assert len(receiver.received) == 1
    row = await endpoint_row(keyed)
    assert 3590 <= (row["waits_until"] - clock.now()).total_seconds() <= 3601
    time.to(row["waits_until"])
    await send(keyed)
    await send(keyed)
    assert {each["state"] for each in await delivered(keyed.endpoint.id)} == {"DELIVERED"}
    assert (await endpoint_row(keyed))["waits_until"] is None


async def test_while_nothing_arrives_messages_wait_and_one_finds_out_for_all(
    acme: OrganizationId, receiver: Receiver, time: Moved
) -> None:
    keyed = await listen(acme, receiver.url)
    receiver.otherwise = Reply(503)
    await _try(keyed, times=30)
    assert len(receiver.received) == deliveries.SIDE_BY_SIDE  # the other 22 did not find out for themselves
    for tries in range(1, 4):
        time.to((await endpoint_row(keyed))["waits_until"])
        await send(keyed)
        assert len(receiver.received) == deliveries.SIDE_BY_SIDE + tries
    receiver.otherwise = Reply()
    time.to((await endpoint_row(keyed))["waits_until"] + timedelta(minutes=10))
    await send(keyed)
    assert {each["state"] for each in await delivered(keyed.endpoint.id)} == {"DELIVERED"}


async def test_an_endpoint_gets_few_at_once(acme: OrganizationId, receiver: Receiver) -> None:
    keyed = await listen(acme, receiver.url)
    receiver.otherwise = Reply(seconds=0.05)
    await _try(keyed, times=40)
    assert len(receiver.received) == 40
    assert receiver.most_at_once <= deliveries.SIDE_BY_SIDE


async def test_two_workers_never_have_the_same_endpoint(acme: OrganizationId, receiver: Receiver) -> None:
    keyed = await listen(acme, receiver.url)
    receiver.otherwise = Reply(seconds=0.05)
    for _ in range(20):
        await endpoints.test(operator(acme), keyed.endpoint.id)
    await sql.rows("DELETE FROM queue.task")
    await asyncio.gather(*(send(keyed) for _ in range(5)))
    assert len(receiver.received) == 20
    assert receiver.most_at_once <= deliveries.SIDE_BY_SIDE
    assert 1 <= len(await waiting()) <= 2  # those who came too late look again, together, in a second


async def test_a_worker_that_died_is_followed_by_another(acme: OrganizationId, receiver: Receiver, time: Moved) -> None:
    keyed = await listen(acme, receiver.url)
    await endpoints.test(operator(acme), keyed.endpoint.id)
    until = clock.now() + timedelta(seconds=60)
    await sql.rows("UPDATE webhook_endpoint SET lease = id, leased_until = $1", until)
    await send(keyed)
    assert receiver.received == []
    time.to(until)
    await send(keyed)
    assert len(receiver.received) == 1


async def test_what_takes_too_long_is_no_answer(
    acme: OrganizationId, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "SECONDS", 0.05)
    keyed = await listen(acme, receiver.url)
    receiver.otherwise = Reply(seconds=0.5)
    await _try(keyed)
    [attempt] = await sql.rows("SELECT status, error FROM webhook_attempt")
    assert attempt["status"] is None
    assert "No answer within" in attempt["error"]


async def test_nobody_listens(acme: OrganizationId) -> None:
    with receiving() as gone:
        url = gone.url
    keyed = await listen(acme, url)
    await _try(keyed)
    [attempt] = await sql.rows("SELECT status, error FROM webhook_attempt")
    assert attempt["status"] is None
    assert attempt["error"]
    assert (await delivery(keyed))["state"] == "PENDING"


async def test_after_five_days_of_failures_an_endpoint_is_told_nothing_more(
    acme: OrganizationId, receiver: Receiver, time: Moved
) -> None:
    keyed = await listen(acme, receiver.url)
    receiver.otherwise = Reply(500)
    await _try(keyed)
    since = (await endpoint_row(keyed))["failing_since"]
    time.to(since + timedelta(days=4, hours=23))
    await _try(keyed)
    assert (await endpoint_row(keyed))["is_enabled"]
    time.to(since + timedelta(days=5))
    await send(keyed)
    row = await endpoint_row(keyed)
    assert (row["is_enabled"], row["disabled_reason"]) == (False, "FAILING")
    assert {each["state"] for each in await delivered(keyed.endpoint.id)} == {"FAILED"}


async def test_one_success_and_the_five_days_begin_anew(acme: OrganizationId, receiver: Receiver, time: Moved) -> None:
    keyed = await listen(acme, receiver.url)
    receiver.replies = [Reply(500)]
    await _try(keyed)
    time.to((await delivery(keyed))["due_at"] + timedelta(seconds=5))
    await send(keyed)
    row = await endpoint_row(keyed)
    assert (row["failing_since"], row["failures"], row["waits_until"]) == (None, 0, None)


async def test_a_slow_endpoint_is_in_nobodys_way(acme: OrganizationId, receiver: Receiver) -> None:
    with receiving() as slow:
        slow.otherwise = Reply(seconds=2)
        hanging, quick = await listen(acme, slow.url), await listen(acme, receiver.url)
        for keyed in (hanging, quick):
            await endpoints.test(operator(acme), keyed.endpoint.id)
        waits = asyncio.create_task(send(hanging))
        await send(quick)
        assert len(receiver.received) == 1
        assert not waits.done()
        await waits


async def test_a_secret_is_replaced_without_a_gap(acme: OrganizationId, receiver: Receiver, time: Moved) -> None:
    keyed = await listen(acme, receiver.url)
    old = keyed.key
    rotated = await endpoints.rotate(operator(acme), keyed.endpoint.id, overlap=timedelta(hours=1))
    await _try(keyed)
    [both] = receiver.received
    for key in (old, rotated.key):
        Webhook(key.shared or "").verify(both.body, dict(both.headers))
    time.by = timedelta(hours=2)
    await _try(keyed)
    signatures = receiver.received[-1].headers["webhook-signature"].split()
    assert len(signatures) == 1
    content = f"{receiver.received[-1].id}.{receiver.received[-1].headers['webhook-timestamp']}.".encode()
    assert signatures == [rotated.key.sign(content + receiver.received[-1].body)]


async def test_from_a_shared_secret_to_a_key_pair(acme: OrganizationId, receiver: Receiver) -> None:
    keyed = await listen(acme, receiver.url)
    both = timedelta(days=1)
    rotated = await endpoints.rotate(operator(acme), keyed.endpoint.id, overlap=both, signing_by=WebhookSigning.ED25519)
    await _try(keyed)
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
        await _try(other)
    assert receiver.received == []


async def test_an_endpoint_that_is_removed_meanwhile_gets_nothing(acme: OrganizationId, receiver: Receiver) -> None:
    keyed = await listen(acme, receiver.url)
    await endpoints.test(operator(acme), keyed.endpoint.id)
    await endpoints.remove(operator(acme), keyed.endpoint.id)
    await send(keyed)
    assert receiver.received == []
    assert await delivered(keyed.endpoint.id) == []


async def test_nul_in_an_answer_is_no_trouble(acme: OrganizationId, receiver: Receiver) -> None:
    keyed = await listen(acme, receiver.url)
    receiver.replies = [Reply(200, body=b"a\0b" + b"c" * 5000)]
    await _try(keyed)
    response = await sql.value("SELECT response FROM webhook_attempt")
    assert response == "a\N{REPLACEMENT CHARACTER}b" + "c" * 997
