"""A group of 100,000 members can be replaced and read in bounded memory, by a server in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest

from tests.conftest import NewDirectory

from .conversation import GROUP, MEDIA_TYPE
from .seeding import seeded
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

    ids = await seeded(access, MEMBERS)
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


def _body(ids: list[str]) -> bytes:
    members = [{"value": id, "display": f"Person {number}", "type": "User"} for number, id in enumerate(ids)]
    return json.dumps({"schemas": [GROUP], "displayName": "Everybody", "members": members}).encode()
