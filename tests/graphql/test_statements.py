"""A list of members costs the same number of statements, however long it is."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from tests.scim.conversation import Scim, document
from tests.scim.governing import override, person, team

from .conftest import Api

PAGE = """{ organization { members(first: 50) { totalCount nodes {
  email effectiveRole { key } roleExplanation { text } isExternal profile { name } fields { name by }
  override { role { key } note } directoryUsers { userName document } groups(first: 5) { nodes { displayName } }
  history(first: 3) { nodes { action } } organization { name } } } } }"""


async def _statements(api: Api, monkeypatch: pytest.MonkeyPatch) -> tuple[int, Any]:
    seen: list[str] = []
    fetch = asyncpg.Connection.fetch

    async def counted(self: Any, query: str, *args: Any, **more: Any) -> Any:
        seen.append(query)
        return await fetch(self, query, *args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(asyncpg.Connection, "fetch", counted)
        data = await api.ask(PAGE)
    return len(seen), data["organization"]["members"]


async def test_a_page_costs_as_many_statements_for_twelve_as_for_two(
    scim: Scim, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    users = [document(await scim.post("/Users", person(f"p{number:02}")))["id"] for number in range(2)]
    await team(scim, "admin", *users)
    await override(scim, "admin", "p00@example.com")
    await _statements(api, monkeypatch)
    few, page = await _statements(api, monkeypatch)
    assert page["totalCount"] == 2
    assert [node["groups"]["nodes"] for node in page["nodes"]] == [[{"displayName": "Team"}]] * 2
    assert page["nodes"][0]["override"]["role"] == {"key": "admin"}
    assert page["nodes"][1]["override"] is None
    users += [document(await scim.post("/Users", person(f"p{number:02}")))["id"] for number in range(2, 12)]
    await team(scim, "admin", *users, name="Everybody")
    many, page = await _statements(api, monkeypatch)
    assert page["totalCount"] == 12
    assert many == few
    assert many < 25
