"""What internal tools ask over GraphQL, beside the same answer by one statement that somebody wrote by hand.

Both are asked under the same server: the statement by the bare ASGI application that is the floor of other operations.
"""

from __future__ import annotations

import json
import uuid
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

_PAGE_BY_HAND = """
SELECT json_agg(row)::text FROM (
    SELECT m.id, m.email, m.display_name, m.status, m.seat, r.key, r.name,
           (SELECT json_build_array(o.role_id, o.reason, o.set_by, o.set_at, o.expires_at) FROM role_override o
             WHERE o.organization_id = $1 AND o.member_id = m.id) AS override,
           (SELECT json_agg(json_build_array(g.id, g.display_name, x.key, x.name) ORDER BY g.display_name)
              FROM directory_user u
              JOIN group_member gm ON gm.organization_id = $1 AND gm.value = u.id
              JOIN directory_group g ON g.organization_id = $1 AND g.id = gm.group_id
              LEFT JOIN role x ON x.organization_id = $1 AND x.id = g.role_id
             WHERE u.organization_id = $1 AND u.member_id = m.id) AS groups
    FROM member m LEFT JOIN role r ON r.organization_id = $1 AND r.id = m.role_id
    WHERE m.organization_id = $1 AND m.id > $2 ORDER BY m.id LIMIT 50) row
"""
_PERSON_BY_HAND = """
SELECT to_json(row)::text FROM (
    SELECT m.id, m.email, m.display_name, m.status, m.seat, r.key, r.name,
           (SELECT json_agg(json_build_array(g.display_name, g.role_id)) FROM directory_user u
              JOIN group_member gm ON gm.organization_id = $1 AND gm.value = u.id
              JOIN directory_group g ON g.organization_id = $1 AND g.id = gm.group_id AND g.role_id IS NOT NULL
             WHERE u.organization_id = $1 AND u.member_id = m.id) AS groups
    FROM member m LEFT JOIN role r ON r.organization_id = $1 AND r.id = m.role_id
    WHERE m.organization_id = $1 AND m.email_key = $2) row
"""
_YEAR_BY_HAND = """
SELECT json_agg(json_build_array(day, seat_type, used, seat_limit) ORDER BY day, seat_type)::text FROM seat_snapshot
WHERE organization_id = $1 AND day BETWEEN $2 AND $3
"""


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


def _page_by_hand(world: World) -> Iterator[tuple[str, Sequence[object]]]:
    for _ in world.users():
        yield _PAGE_BY_HAND, (world.population.organization, uuid.UUID(int=0))


def _person_by_hand(world: World) -> Iterator[tuple[str, Sequence[object]]]:
    for number in world.users():
        yield _PERSON_BY_HAND, (world.population.organization, people.email(world.population.token(number)))


def _year_by_hand(world: World) -> Iterator[tuple[str, Sequence[object]]]:
    for _ in world.users():
        yield _YEAR_BY_HAND, (world.population.organization, *YEAR)


QUESTIONS: Sequence[Operation] = (
    Operation("graphql-page", "50 members with groups and why they have their roles", _page, by_hand=_page_by_hand),
    Operation("graphql-person", "a member by address, and why", _person, by_hand=_person_by_hand),
    Operation("graphql-year", "the seats of a year", _year, by_hand=_year_by_hand),
)
"""Each is of the same organization as the operations; `by_hand` has as many statements as there are requests."""


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
