"""`requests`: the record of requests, as operators see it."""

from __future__ import annotations

import httpx
import pytest

from api.provisioning import request_log
from api.provisioning.errors import BadSetting, NotFound
from db import sql
from tests.commands.conftest import Ask, read, read_list
from tests.conftest import DirectoryAccess, NewDirectory


async def send(client: httpx.AsyncClient, access: DirectoryAccess, body: dict[str, object]) -> httpx.Response:
    """A request to create a user."""
    return await client.post("/scim/v2/Users", headers={"Authorization": f"Bearer {access.key}"}, json=body)


async def test_requests_are_listed_newest_first_with_what_was_decided(
    ask: Ask, client: httpx.AsyncClient, new_directory: NewDirectory
) -> None:
    directory = await new_directory()
    await send(client, directory, {"userName": "mia"})
    await send(client, directory, {"userName": "Mia"})
    listed = await ask("requests", "list", "--organization", directory.organization_id)
    refused, created = read_list(listed)
    assert (refused["status"], created["status"]) == (409, 201)
    assert "CREATED" in [decision["code"] for decision in created["decisions"]]  # type: ignore[attr-defined]  # JSON
    assert str(refused["detail"]) in listed.text
    assert "request_body" not in created


async def test_a_request_is_explained_by_the_trace_id_of_its_answer(
    ask: Ask, client: httpx.AsyncClient, new_directory: NewDirectory
) -> None:
    directory = await new_directory()
    answer = await send(client, directory, {"userName": "mia", "password": "hunter2"})
    where = ("--organization", directory.organization_id)
    shown = await ask("requests", "show", answer.headers["x-trace-id"], *where)
    changes = read(shown)["changes"]
    assert isinstance(changes, list)
    assert {change["subject_type"] for change in changes} == {"directory_user", "member"}
    assert answer.json()["id"] in shown.text
    assert "hunter2" not in shown.text + shown.as_json()


async def test_reads_are_recorded_too(ask: Ask, client: httpx.AsyncClient, new_directory: NewDirectory) -> None:
    directory = await new_directory()
    await client.get("/scim/v2/Users?count=7", headers={"Authorization": f"Bearer {directory.key}"})
    await request_log.flush()
    [read_request] = read_list(await ask("requests", "list", "--organization", directory.organization_id))
    assert (read_request["method"], read_request["query"]) == ("GET", "count=7")


async def test_another_organization_sees_neither_list_nor_request(
    ask: Ask, client: httpx.AsyncClient, new_directory: NewDirectory
) -> None:
    ours, theirs = await new_directory(), await new_directory()
    answer = await send(client, theirs, {"userName": "mia"})
    here = ("--organization", ours.organization_id)
    assert read_list(await ask("requests", "list", *here)) == []
    with pytest.raises(NotFound):
        await ask("requests", "show", answer.headers["x-trace-id"], *here)


async def test_retention_deletes_bodies_first_and_requests_later(
    ask: Ask, client: httpx.AsyncClient, new_directory: NewDirectory
) -> None:
    directory, other = await new_directory(), await new_directory()
    for access in (directory, other):
        await send(client, access, {"userName": "mia"})
    where = ("--organization", directory.organization_id)
    await ask("requests", "retain", *where, "--days", 10, "--body-days", 5)

    await sql.rows("UPDATE request SET received_at = received_at - interval '6 days'")
    assert read(await ask("requests", "forget")) == {"forgotten": 1}
    [kept] = read_list(await ask("requests", "list", *where))
    assert read(await ask("requests", "show", kept["id"], *where))["request_body"] is None

    await sql.rows("UPDATE request SET received_at = received_at - interval '6 days'")
    assert read(await ask("requests", "forget")) == {"forgotten": 1}
    assert read_list(await ask("requests", "list", *where)) == []
    assert len(read_list(await ask("requests", "list", "--organization", other.organization_id))) == 1


async def test_bodies_cannot_be_kept_longer_than_requests(ask: Ask, new_directory: NewDirectory) -> None:
    directory = await new_directory()
    with pytest.raises(BadSetting):
        await ask("requests", "retain", "--organization", directory.organization_id, "--days", 5, "--body-days", 6)
