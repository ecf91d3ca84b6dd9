"""What becomes of an endpoint that is slow, busy, broken or gone, and of the others meanwhile."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from api.provisioning import clock
from api.provisioning.actor import operator
from api.provisioning.errors import InTheWay
from api.webhooks import deliveries, endpoints
from db import sql
from db.ids import OrganizationId

from .conftest import Moved
from .hosting import another, attempt, delivered, delivery, endpoint_row, listen, send, waiting
from .receiver import Receiver, Reply, receiving

pytestmark = pytest.mark.usefixtures("database")


async def test_an_endpoint_that_is_gone_is_disabled_at_once(acme: OrganizationId, receiver: Receiver) -> None:
    keyed = await listen(acme, receiver.url)
    receiver.replies = [Reply(), Reply(410)]
    await attempt(keyed, times=2)
    with pytest.raises(InTheWay):
        await endpoints.test(operator(acme), keyed.endpoint.id)
    row = await endpoint_row(keyed)
    assert (row["is_enabled"], row["disabled_reason"]) == (False, "GONE")
    assert sorted(each["state"] for each in await delivered(keyed.endpoint.id)) == ["DELIVERED", "FAILED"]
    [change] = await sql.rows("SELECT * FROM change WHERE action = 'endpoint_disabled'")
    assert (change["subject_id"], change["actor_kind"]) == (keyed.endpoint.id, "SYSTEM")
    [mail] = await sql.rows("SELECT kind FROM mail_message WHERE organization_id = $1", acme)
    assert mail["kind"] == "WEBHOOK_DISABLED"


async def test_a_busy_receiver_is_obeyed_for_all_its_messages(
    acme: OrganizationId, receiver: Receiver, time: Moved
) -> None:
    keyed = await listen(acme, receiver.url)
    receiver.replies = [Reply(429, {"retry-after": "3600"})]
    await attempt(keyed)
    await another(keyed)
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
    await attempt(keyed, times=30)
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
    await attempt(keyed, times=40)
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


async def test_a_worker_that_died_is_followed_byanother(acme: OrganizationId, receiver: Receiver, time: Moved) -> None:
    keyed = await listen(acme, receiver.url)
    await endpoints.test(operator(acme), keyed.endpoint.id)
    until = clock.now() + timedelta(seconds=60)
    await sql.rows("UPDATE webhook_endpoint SET lease = id, leased_until = $1", until)
    await send(keyed)
    assert receiver.received == []
    time.to(until)
    await send(keyed)
    assert len(receiver.received) == 1


async def test_after_five_days_of_failures_an_endpoint_is_told_nothing_more(
    acme: OrganizationId, receiver: Receiver, time: Moved
) -> None:
    keyed = await listen(acme, receiver.url)
    receiver.otherwise = Reply(500)
    await attempt(keyed)
    since = (await endpoint_row(keyed))["failing_since"]
    time.to(since + timedelta(days=4, hours=23))
    await attempt(keyed)
    assert (await endpoint_row(keyed))["is_enabled"]
    time.to(since + timedelta(days=5))
    await send(keyed)
    row = await endpoint_row(keyed)
    assert (row["is_enabled"], row["disabled_reason"]) == (False, "FAILING")
    assert {each["state"] for each in await delivered(keyed.endpoint.id)} == {"FAILED"}


async def test_one_success_and_the_five_days_begin_anew(acme: OrganizationId, receiver: Receiver, time: Moved) -> None:
    keyed = await listen(acme, receiver.url)
    receiver.replies = [Reply(500)]
    await attempt(keyed)
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


async def test_an_endpoint_that_is_removed_meanwhile_gets_nothing(acme: OrganizationId, receiver: Receiver) -> None:
    keyed = await listen(acme, receiver.url)
    await endpoints.test(operator(acme), keyed.endpoint.id)
    await endpoints.remove(operator(acme), keyed.endpoint.id)
    await send(keyed)
    assert receiver.received == []
    assert await delivered(keyed.endpoint.id) == []
