"""The recipes of docs/graphql.md as they stand there, run by a GraphQL client that nobody here wrote."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from gql import Client, gql
from gql.transport.httpx import HTTPXAsyncTransport

from tests.conftest import BASE_URL
from tests.scim.conversation import Scim, document
from tests.scim.governing import adding, member_of, person

from .conftest import Api

DOCUMENT = Path(__file__).parents[2] / "docs" / "graphql.md"
_RECIPE = re.compile(r"^### (\d+)\. ([^\n]+)\n(?:(?!###).)*?```graphql\n(.*?)```\n\n```json\n(.*?)```", re.S | re.M)
RECIPES = {int(number): (query, variables) for number, _, query, variables in _RECIPE.findall(DOCUMENT.read_text())}


@pytest.fixture
async def values(scim: Scim, api: Api) -> dict[str, str]:
    """What stands for the words with a dollar sign."""
    ann = document(await scim.post("/Users", person("ann")))
    group = document(await scim.post("/Groups", {"displayName": "Support"}))
    await scim.patch(f"/Groups/{group['id']}", adding(ann["id"]))
    found = await api.ask("{ organization { id roles { id key } } }")
    roles = {role["key"]: role["id"] for role in found["organization"]["roles"]}
    return {
        "$ORGANIZATION": found["organization"]["id"],
        "$MEMBER": api.id("Member", (await member_of(scim, "ann@example.com"))["id"]),
        "$GROUP": api.id("Group", group["id"]),
        "$ROLE": roles["account-manager"],
    }


async def cook(api: Api, number: int, values: dict[str, str]) -> dict[str, Any]:
    """The answer to a recipe."""
    query, text = RECIPES[number]
    for word, value in values.items():
        text = text.replace(word, value)
    assert "$" not in text
    transport = HTTPXAsyncTransport(
        f"{BASE_URL}/graphql",
        headers={"Authorization": f"Bearer {api.token}"},
        transport=api.http._transport if isinstance(api.http, httpx.AsyncClient) else None,
    )
    async with Client(transport=transport, fetch_schema_from_transport=True) as session:
        asked = gql(query)
        asked.variable_values = json.loads(text)
        answer: dict[str, Any] = await session.execute(asked)
    return answer


def test_there_are_ten() -> None:
    assert sorted(RECIPES) == list(range(1, 11))


@pytest.mark.parametrize("number", [number for number in RECIPES if number != 8])
async def test_a_recipe_answers_what_it_promises(api: Api, values: dict[str, str], number: int) -> None:
    answer = await cook(api, number, values)
    [found] = answer.values()
    assert found
    assert "userErrors" not in found or found["userErrors"] == []


async def test_what_was_seen_is_what_is_done(api: Api, values: dict[str, str]) -> None:
    seen = (await cook(api, 7, values))["preview"]
    assert seen["changed"] == 1
    done = (await cook(api, 8, {**values, "$PREVIEW_TOKEN": seen["token"]}))["groupMappingsSet"]
    assert done["userErrors"] == []
    assert {"key": "account-manager", "memberCount": 1} in done["roles"]
