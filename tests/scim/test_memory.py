"""A group of 100,000 members can be replaced and read in bounded memory, by a server in a process of its own."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from db import sql
from db.ids import new_id
from tests.conftest import DirectoryAccess, NewDirectory

from .conversation import GROUP, MEDIA_TYPE
from .serving import Served, served

MEMBERS = 100_000
MEGABYTES = 300


@pytest.fixture(scope="module")
def server(database_url: str) -> Iterator[Served]:
    """The application in a process of its own."""
    with served(database_url) as running:
        yield running


async def test_a_group_of_a_hundred_thousand_is_put_read_and_replaced_under_300_megabytes(
    server: Served, new_directory: NewDirectory
) -> None:
    access = await new_directory()
    ids = await _seed(access)
    headers = {"authorization": f"Bearer {access.key}", "content-type": MEDIA_TYPE}
    async with httpx.AsyncClient(base_url=f"{server.url}{access.url}", headers=headers, timeout=60) as http:
        made = (await http.post("/Groups", content=_body([]))).json()
        path = f"/Groups/{made['id']}"
        for wanted in (ids, ids[: MEMBERS // 2]):
            answer = await http.put(path, content=_body(wanted))
            assert answer.status_code == 200, answer.text[:300]
            assert await _members(http, path) == len(wanted)
        listed = await http.get("/Groups")
        assert len(listed.json()["Resources"][0]["members"]) == MEMBERS // 2
    peak = server.peak_memory() / 1024 / 1024
    assert peak < MEGABYTES, f"{peak:.0f} MB"


async def _members(http: httpx.AsyncClient, path: str) -> int:
    """How many members the group shows; they come in pieces, because nobody holds them all."""
    async with http.stream("GET", path) as answer:
        assert answer.status_code == 200
        assert "content-length" not in answer.headers
        return (await answer.aread()).count(b'"value":')


def _body(ids: list[uuid.UUID]) -> bytes:
    members = [{"value": str(id), "display": f"Person {number}", "type": "User"} for number, id in enumerate(ids)]
    return json.dumps({"schemas": [GROUP], "displayName": "Everybody", "members": members}).encode()


async def _seed(access: DirectoryAccess) -> list[uuid.UUID]:
    """The ids of so many users, copied into the tables."""
    at, organization = datetime.now(UTC), access.organization_id
    rows = await asyncio.to_thread(lambda: [(new_id(), new_id(), new_id(), f"user{n}") for n in range(MEMBERS)])
    await sql.copy("account", ("id", "created_at"), [(account, at) for account, _, _, _ in rows])
    await sql.copy(
        "member",
        ("organization_id", "id", "account_id", "status", "version", "created_at", "updated_at"),
        [(organization, member, account, "ACTIVE", 1, at, at) for account, member, _, _ in rows],
    )
    columns = ("organization_id", "directory_id", "id", "member_id", "user_name", "user_name_key", "active", "document")
    await sql.copy(
        "directory_user",
        (*columns, "search", "version", "created_at", "updated_at"),
        [
            (organization, access.directory_id, id, member, name, name, True, f'{{"userName":"{name}"}}', "{}", 1, at, at)
            for _, member, id, name in rows
        ],
    )
    await sql.rows("ANALYZE directory_user, member")
    return [id for _, _, id, _ in rows]
