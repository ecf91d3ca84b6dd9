"""From an identity provider's request to sessions that ended: HTTP, worker, HTTP, and back by GraphQL."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest

from api.graphql import ids
from api.provisioning import organizations, tokens
from api.provisioning.actor import Right, operator
from api.provisioning.caller import the_operator
from api.scim import profile
from api.webhooks import endpoints, work
from db import sql
from tests.conftest import DirectoryAccess, NewDirectory
from tests.scim.conversation import Scim, document
from tests.scim.governing import active, adding, map_group, member_of, person
from tests.scim.serving import listening
from tests.scim.test_access_groups import gate
from tests.worker.working import until_done, working

from .consumer import EXAMPLE, Application, application, serving
from .hosting import listen
from .receiver import Receiver

SECONDS = 20.0


@pytest.fixture
async def url(database_url: str, secret_keys: Path, database: None) -> AsyncIterator[str]:
    """Rollcall behind a socket, with a worker beside it."""
    async with (
        listening(database_url, ROLLCALL_SECRET_KEYS=str(secret_keys)) as url,
        working(*work.HANDLERS, loops=[work.fan_out(profile.known)]),
    ):
        yield url


@pytest.fixture
async def scim(url: str, new_directory: NewDirectory) -> AsyncIterator[Scim]:
    """A directory, over the socket."""
    access: DirectoryAccess = await new_directory()
    async with httpx.AsyncClient(base_url=url) as client:
        yield Scim(client, access)


async def until(true: Callable[[], object]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(SECONDS):
        while not true():
            await asyncio.sleep(0.02)


async def _host(scim: Scim, url: str) -> Application:
    """An application that may confirm; it listens nowhere yet."""
    organization = scim.access.organization_id
    token = await tokens.create(
        the_operator(), organization, name="Application", rights=[Right.MEMBERS_MANAGE], expires_in_days=None
    )
    return application(confirm=EXAMPLE.confirming(url, token.text))


async def test_access_that_a_directory_takes_ends_in_the_application(scim: Scim, url: str) -> None:
    """R008, R060: sessions are revoked, and that is confirmed, by the application of the documentation."""
    host = await _host(scim, url)
    organization = scim.access.organization_id
    with serving(host) as there:
        keyed = await listen(organization, there)
        host.consumer.verifiers.append(EXAMPLE.Webhook(keyed.key.shared))
        made = document(await scim.post("/Users", person("ann", displayName="Ann")))
        member = ids.write("Member", organization, (await member_of(scim))["id"])
        await until(lambda: host.member(member))
        host.begin_session(member, time.time())
        await asyncio.sleep(0.01)
        assert (await scim.patch(f"/Users/{made['id']}", active(False))).status_code == 200
        await until(lambda: not host.sessions())
        await until(lambda: '"canUse": false' in str(host.member(member)))
    async with asyncio.timeout(SECONDS):
        while not await sql.value("SELECT confirmed_at FROM access_revocation"):
            await asyncio.sleep(0.02)
    row = await sql.row("SELECT confirmed_by, confirmed_at < deadline AS in_time FROM access_revocation")
    assert row is not None
    assert tuple(row) == ("Application", True)


@pytest.mark.parametrize("way", ["group", "user"])
async def test_removing_users_and_groups_in_the_directory_revokes_access(
    scim: Scim, receiver: Receiver, way: str
) -> None:
    """R060: deprovisioned, or out of the last group that lets people in."""
    organization = scim.access.organization_id
    made = document(await scim.post("/Users", person("ann")))
    path = f"/Users/{made['id']}"
    if way == "group":
        path = f"/Groups/{(await gate(scim, made['id']))['id']}"
        await gate(scim, name="Another door")
    await listen(organization, receiver.url, "member.access_revoked")
    assert (await scim.delete(path)).status_code == 204
    await until(lambda: receiver.received)
    assert receiver.types == ["member.access_revoked"]
    assert receiver.received[0].data["after"]["status"] == {"group": "SUSPENDED", "user": "DEPROVISIONED"}[way]
    assert receiver.received[0].data["email"] == "ann@example.com"


async def test_everything_arrives_once_and_in_order_at_everybody_who_wants_it(scim: Scim, receiver: Receiver) -> None:
    organization, other = scim.access.organization_id, await organizations.create("Other")
    await listen(organization, receiver.url)
    await listen(organization, receiver.url, "member.created")
    await listen(other, receiver.url)
    group = await scim.make_group("Sales")
    await map_group(scim, group, "account-manager")
    people = [document(await scim.post("/Users", person(f"p{number:02}"))) for number in range(20)]
    for each in people:
        await scim.patch(f"/Groups/{group['id']}", adding(each["id"]))
    await until(lambda: receiver.types.count("group.members_added") == 20)
    await until(lambda: receiver.types.count("member.created") == 40)
    assert await sql.value("SELECT count(*) FROM outbox") == 0
    await until_done()
    own = ids.write("Organization", organization, organization)
    assert {each.data["organizationId"] for each in receiver.received} == {own}
    roles = [each for each in receiver.received if each.type == "member.role_changed"]
    assert len({each.data["memberId"] for each in roles}) == len(roles) == 20
    assert all(each.data["member"]["role"]["key"] == "account-manager" for each in roles)
    assert {row[0] for row in await sql.rows("SELECT state FROM webhook_delivery")} == {"DELIVERED"}


async def test_a_test_event_arrives_at_once(scim: Scim, receiver: Receiver) -> None:
    keyed = await listen(scim.access.organization_id, receiver.url)
    await endpoints.test(operator(scim.access.organization_id), keyed.endpoint.id)
    await until(lambda: receiver.types == ["webhook.test"])
