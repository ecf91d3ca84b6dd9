"""Nothing of a person is left in messages when they are erased, also when they are being written just then."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from api.provisioning import erasures
from api.provisioning.grounds import Grounds
from api.scim import profile
from api.webhooks.facts import Profile
from api.webhooks.fan_out import FanOut
from db import sql
from tests.conftest import NewDirectory
from tests.scim.conversation import Scim, document
from tests.scim.governing import governor, member_of, person

from .hosting import listen, messages, send, tell
from .receiver import Receiver, Reply
from .test_events import validate


@pytest.fixture
async def scim(client: httpx.AsyncClient, new_directory: NewDirectory) -> Scim:
    """A directory of an organization."""
    return Scim(client, await new_directory())


async def _erase(scim: Scim) -> None:
    member = await member_of(scim)
    await erasures.erase_now(governor(scim), member["id"], Grounds(reason="Asked for it"))


async def _departed(scim: Scim) -> None:
    """Somebody whom no directory has any more."""
    made = document(await scim.post("/Users", person("ann", displayName="Ann Lee", locale="de")))
    await scim.delete(f"/Users/{made['id']}")


async def test_what_was_told_of_the_erased_is_forgotten_and_what_is_still_to_be_sent_too(
    scim: Scim, receiver: Receiver
) -> None:
    keyed = await listen(scim.access.organization_id, receiver.url)
    receiver.replies = [Reply(500, body=b"who is ann@example.com?")] * 8
    await _departed(scim)
    await tell()
    await send(keyed)
    assert "ann@example.com" in str(receiver.received[0].body)
    await _erase(scim)
    await tell()
    kept = str(await messages(scim.access.organization_id))
    kept += str(await sql.rows("SELECT * FROM webhook_attempt"))
    for word in ("ann@example.com", "Ann Lee"):
        assert word not in kept
    await sql.rows("UPDATE webhook_delivery SET due_at = now() - interval '1 second'")
    await sql.rows("UPDATE webhook_endpoint SET waits_until = NULL, failures = 0, failing_since = NULL")
    before = len(receiver.received)
    await send(keyed)
    late = receiver.received[before:]
    assert "member.erased" in [each.type for each in late]
    for each in late:
        assert b"Ann" not in each.body
        assert b"ann@" not in each.body
        validate(each.event)
        assert (each.data["email"], each.data["member"]) == (None, None)


async def test_an_erasure_waits_for_whoever_writes_messages_about_the_person(scim: Scim) -> None:
    await listen(scim.access.organization_id)
    await _departed(scim)
    reading, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(organization: object, members: object) -> dict[object, Profile]:
        reading.set()
        await go_on.wait()
        return await profile.known(organization, members)  # type: ignore[arg-type, return-value]  # as it was given

    telling = asyncio.create_task(FanOut(slowly)())  # type: ignore[arg-type]  # the same, but slower
    await reading.wait()
    erasing = asyncio.create_task(_erase(scim))
    async with asyncio.timeout(20):
        while not await sql.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"):
            await asyncio.sleep(0.02)
    assert not erasing.done()
    go_on.set()
    assert await telling
    await erasing
    assert "ann@example.com" not in str(await messages(scim.access.organization_id))


async def test_changes_that_an_erasure_has_blanked_are_told_without_what_they_said(scim: Scim) -> None:
    await listen(scim.access.organization_id)
    await _departed(scim)
    await _erase(scim)
    await tell()
    found = await messages(scim.access.organization_id)
    assert [each["type"] for each in found] == ["member.created", "member.erased"]
    for each in found:
        validate(each)
        assert each["data"]["member"] is None
