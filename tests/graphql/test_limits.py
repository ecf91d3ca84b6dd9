"""What is too large is refused by its text alone, before anything is looked up."""

from __future__ import annotations

import pytest
from graphql import get_introspection_query

from api.graphql import limits, schema
from api.graphql.errors import Problem
from api.graphql.limits import Cost
from db import sql

from .conftest import Api

PEOPLE = "organization { members(first: %s) { %s } }"


def measured(text: str, **variables: object) -> Cost:
    """What a document costs."""
    return limits.measure(schema.core(), limits.parsed(text), None, variables)


def test_an_object_costs_a_point_and_what_a_leaf_weighs_is_nothing() -> None:
    assert measured("{ viewer { kind name permissions } }") == Cost(1, 1)


def test_a_page_costs_its_size_times_what_is_asked_of_each() -> None:
    plain = measured("{ %s }" % (PEOPLE % (50, "nodes { email }")))
    assert plain == Cost(52, 54)  # the organization, the connection with its weight, fifty members
    roles = measured("{ %s }" % (PEOPLE % (50, "nodes { email effectiveRole { key } }")))
    assert roles == Cost(102, 104)
    assert measured("{ %s }" % (PEOPLE % (50, "edges { node { email } } pageInfo { endCursor }"))).objects == 52


@pytest.mark.parametrize("size", [1, 100])
def test_variables_and_their_defaults_say_how_large_a_page_is(size: int) -> None:
    text = "query ($n: Int%s) { %s }"
    body = PEOPLE % ("$n", "nodes { email }")
    assert measured(text % ("", body), n=size).objects == size + 2
    assert measured(text % (f" = {size}", body)).objects == size + 2


BAD_SIZES = ("", "(first: 0)", "(first: 101)", "(last: -1)", "(first: 1, last: 1)", '(after: "x")')


@pytest.mark.parametrize("arguments", BAD_SIZES)
def test_a_list_needs_a_size(arguments: str) -> None:
    with pytest.raises(Problem, match=r"`members` needs either `first` or `last`, from 1 to 100"):
        measured(f"{{ organization {{ members{arguments} {{ nodes {{ id }} }} }} }}")


def test_what_a_fragment_costs_is_counted_wherever_it_is_spread() -> None:
    text = "{ a: viewer { ...V } b: viewer { ...V } } fragment V on Viewer { organization { name } }"
    assert measured(text) == Cost(4, 4)


def test_many_ids_cost_as_many_objects() -> None:
    text = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert measured(text, ids=["x"] * 70).objects == 70


def _doubling(levels: int) -> str:
    """Fragments of which each spreads the next one twice: short to write, long to run."""
    spreads = " ".join(
        f"fragment F{n} on Viewer {{ a{n}: organization {{ name }} ...F{n + 1} ...F{n + 1} }}" for n in range(levels)
    )
    return f"{{ viewer {{ ...F0 }} }} {spreads} fragment F{levels} on Viewer {{ name }}"


def _many_pages() -> str:
    """Many pages of a hundred, each object with a list of ten."""
    page = PEOPLE % (100, "nodes { roleExplanation { steps { role { id } } } }")
    return "{ " + " ".join(f"a{n}: {page}" for n in range(20)) + " }"


HOSTILE = {
    "the schema in circles": "{ __schema { types " + "{ fields { type " * 4 + "{ name " + "} } " * 4 + "} } }",
    "the schema in fragments": "{ __schema { types { ...T } } } fragment T on __Type { fields { type { ...T } } }",
    "deep": "{ viewer { organization { " + "x { " * 20_000 + "y" + " }" * 20_000 + " } } }",
    "deep within limits of tokens": "{ " + "node(id: 1) { " * 500 + "id" + " }" * 500 + " }",
    "aliases": "{ " + " ".join(f"a{n}: viewer {{ name }}" for n in range(1_200)) + " }",
    "aliases below the root": "{ viewer { " + " ".join(f"a{n}: name" for n in range(1_000)) + " } }",
    "directives": "{ viewer " + "@include(if: true) " * 20_000 + "{ name } }",
    "tokens": "{ viewer { " + "name " * 5_000 + "} }",
    "fragments that double": _doubling(40),
    "fragments in a circle": "{ viewer { ...A } } fragment A on Viewer { ...B } fragment B on Viewer { ...A }",
    "lists in lists": _many_pages(),
    "long": "{ viewer { name } } #" + "x" * 200_000,
    "unclosed": "{" * 20_000,
    "strings": '{ node(id: "' + "x" * 90_000 + '") { id ',
    "numbers": "{ organization { members(first: " + "9" * 50_000 + ") { nodes { id } } } }",
    "lists as arguments": "{ nodes(ids: " + "[" * 3_000 + "]" * 3_000 + ") { id } }",
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in HOSTILE.items()])
async def test_hostile_documents_are_answered_soon_and_cost_the_database_nothing(
    api: Api, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    whole = sql.rows

    async def rows(statement: str, *args: object) -> object:
        asked.append(statement)
        return await whole(statement, *args)

    monkeypatch.setattr(sql, "rows", rows)
    asked.clear()
    answer = await api.post(text)
    [error] = answer.json()["errors"]
    assert error["extensions"]["code"] in ("TOO_LARGE", "BAD_REQUEST")
    assert len(answer.content) < 1_000
    assert asked == []


async def test_what_costs_too_much_is_refused_with_how_long_to_wait(api: Api) -> None:
    await sql.rows("INSERT INTO api_budget (token_id, spent, at) SELECT id, 19999, now() FROM api_token")
    refused = await api.post("{ %s }" % (PEOPLE % (100, "nodes { email effectiveRole { key } }")))
    assert refused.status_code == 429
    assert refused.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
    assert int(refused.headers["Retry-After"]) >= 1


async def test_points_are_spent_and_come_back(api: Api) -> None:
    text = "{ rateLimit { limit cost remaining requestedObjects } }"
    first = await api.ask(text)
    assert first["rateLimit"]["cost"] == 1
    assert first["rateLimit"]["limit"] - first["rateLimit"]["remaining"] == 1
    answer = (await api.post("{ %s }" % (PEOPLE % (100, "nodes { email }")))).json()
    assert answer["extensions"]["cost"]["points"] == 104
    assert answer["extensions"]["cost"]["remaining"] < first["rateLimit"]["remaining"]
    await sql.rows("UPDATE api_budget SET at = at - interval '1 hour'")
    assert (await api.ask(text))["rateLimit"]["remaining"] == first["rateLimit"]["remaining"]


def test_what_tools_ask_of_the_schema_is_answered() -> None:
    assert measured(get_introspection_query(input_value_deprecation=True)).objects == 1
