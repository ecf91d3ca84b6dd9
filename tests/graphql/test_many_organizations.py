"""Many organizations side by side: what is read together costs no statement for each, the rest is for a few at once."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest
from graphql import GraphQLObjectType, get_named_type
from graphql.type import is_leaf_type

from api.graphql import limits, schema, side_by_side
from api.graphql.errors import Problem
from api.provisioning import organizations
from tests.factories import MailMessageFactory
from tests.scim.conversation import Scim

from .conftest import Api, NewApi

PLATFORM = "organizations(first: %s) { nodes { %s } }"


def _measure(text: str, **variables: object) -> None:
    limits.measure(schema.core(), limits.parsed(text), None, variables)


def _asked() -> dict[str, str]:
    """Each field of an organization as it is asked for, with something below it."""
    found, type = {}, schema.core().type_map[side_by_side.ORGANIZATION]
    assert isinstance(type, GraphQLObjectType)
    for name, field in type.fields.items():
        given = {"recentRemovals": 'directoryId: "x"', "snapshot": 'at: "2026-01-01T00:00:00Z"'}.get(name, "")
        given = f"({given} {'first: 1' if 'first' in field.args else ''})" if given or "first" in field.args else ""
        below = "" if is_leaf_type(get_named_type(field.type)) else "{ __typename }"
        found[name] = f"{name}{given} {below}"
    return found


@pytest.mark.parametrize("name", _asked())
def test_each_field_is_read_for_all_together_or_refused_for_too_many(name: str) -> None:
    text = f"{{ {PLATFORM} }}"
    _measure(text % (side_by_side.MOST_LOOKED_INTO, _asked()[name]))
    if name in side_by_side.READ_TOGETHER:
        _measure(text % (100, _asked()[name]))
    else:
        with pytest.raises(Problem, match=f"`{name}` is looked up for each organization by itself, here for up to 21;"):
            _measure(text % (21, _asked()[name]))


@pytest.mark.parametrize(
    "text",
    [
        "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Organization { policy { version } } } }",
        "{ mails(first: 21) { nodes { organization { policy { version } } } } }",
        "{ mails(first: 21) { edges { node { ...M } } } } fragment M on Mail { organization { policy { version } } }",
        "{ a: organization { ...O } organizations(first: 21) { nodes { ...O } } }"
        " fragment O on Organization { policy { version } }",
    ],
)
def test_there_is_no_way_around_that(text: str) -> None:
    with pytest.raises(Problem, match="`policy` is looked up for each organization"):
        _measure(text, ids=["x"] * 21)


async def test_what_is_read_together_costs_as_many_statements_for_four_as_for_two(
    scim: Scim, new_api: NewApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator, seen, ids = await new_api(None), list[str](), list[str]()
    fetch = asyncpg.Connection.fetch

    async def noted(self: Any, query: str, *args: Any, **more: Any) -> Any:
        if "last_used_at = used.at" not in query:  # written behind the requests, whenever that happens to be
            seen.append(query)
        return await fetch(self, query, *args, **more)

    async def statements() -> list[int]:
        for _ in range(2):
            made = await organizations.create("Acme")
            await MailMessageFactory.make(organization=made)
            ids.append(operator.id("Organization", made, made))
        counts = []
        for text in (
            "{ %s }" % (PLATFORM % (50, fields)),
            "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Organization { " + fields + " } } }",
            "{ mails(first: 50) { nodes { organization { " + fields + " } } } }",
        ):
            seen.clear()
            answer = (await operator.post(text, {"ids": ids} if "$ids" in text else {})).json()
            assert "errors" not in answer
            assert str(answer["data"]).count("Acme") >= len(ids)
            counts.append(len(seen))
        return counts

    fields = " ".join(asked for name, asked in _asked().items() if name in side_by_side.READ_TOGETHER)
    monkeypatch.setattr(asyncpg.Connection, "fetch", noted)
    few = await statements()
    assert await statements() == few


async def test_an_organization_of_others_is_null_among_ones_own(scim: Scim, api: Api) -> None:
    other = await organizations.create("Other")
    ids = [api.id("Organization", id, id) for id in (api.organization, other)]
    found = (await api.ask("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids))["nodes"]
    assert found == [{"id": ids[0]}, None]
