"""What internal tools ask over GraphQL, and what nobody should."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from api.graphql import ids

from . import people
from .operations import Operation, Request, World
from .standing import YEAR

JUDGED, TIMES = "graphql-page", 4.0
"""The answer to this may take so many times as long as the one by hand, all but one of a hundred."""

_PAGE = """query Page($id: ID!, $after: String) { organization(id: $id) { members(first: 50, after: $after) {
  pageInfo { hasNextPage endCursor }
  nodes { id email displayName status seat effectiveRole { key name }
    roleExplanation { text steps { label isDecisive role { key } } }
    groups(first: 5) { nodes { groupId displayName } } } } } }"""
_PERSON = """query Person($ref: MemberRef!) { member(ref: $ref) {
  id email displayName status seat effectiveRole { key name } roleExplanation { text } } }"""
_YEAR = """query Year($id: ID!, $from: Date!, $to: Date!) { organization(id: $id) {
  seats { history(from: $from, to: $to) { day seatType used limit } } } }"""


def _page(world: World) -> Iterator[Request]:
    for _ in world.users():
        yield asked(_PAGE, id=_organization(world))


def _person(world: World) -> Iterator[Request]:
    for number in world.users():
        address = {"organizationId": _organization(world), "email": people.email(world.population.token(number))}
        yield asked(_PERSON, ref={"email": address})


def _year(world: World) -> Iterator[Request]:
    for _ in world.users():
        yield asked(_YEAR, id=_organization(world), **{"from": str(YEAR[0]), "to": str(YEAR[1])})


QUESTIONS: Sequence[Operation] = (
    Operation("graphql-page", "50 members with groups and why they have their roles", _page),
    Operation("graphql-person", "a member by address, and why", _person),
    Operation("graphql-year", "the seats of a year", _year),
)
"""Each is of the same organization as the operations, and has an answer in `by_hand`."""


def _doubling(levels: int) -> str:
    """Fragments of which each spreads the next one twice."""
    spreads = " ".join(f"fragment F{n} on Viewer {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels))
    return f"{{ viewer {{ ...F0 }} }} {spreads} fragment F{levels} on Viewer {{ name }}"


HOSTILE = {
    "20,000 levels deep": "{ viewer { " + "x { " * 20_000 + "y" + " }" * 20_000 + " } }",
    "10,000 aliases": "{ " + " ".join(f"a{n}: viewer {{ name }}" for n in range(10_000)) + " }",
    "20,000 directives": "{ viewer " + "@include(if: true) " * 20_000 + "{ name } }",
    "fragments that double 200 times": _doubling(200),
    "pages in pages": "{ organization { members(first: 100) { nodes { groups(first: 100) { nodes { groupId } } } } } }",
    "900,000 bytes": "{ viewer { name } } #" + "x" * 900_000,
}
"""Documents that are to be refused before anything is looked up."""

HOSTILE_MILLISECONDS = 250.0


def _organization(world: World) -> str:
    organization = world.population.organization
    return ids.write("Organization", organization, organization)


def asked(query: str, **variables: object) -> Request:
    body = json.dumps({"query": query, "variables": variables}, separators=(",", ":")).encode()
    return Request("POST", "/graphql", body, media_type="application/graphql-response+json")
