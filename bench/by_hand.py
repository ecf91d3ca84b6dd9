"""The questions over GraphQL answered by hand: SQL for each, under Litestar, for the same token and the same data.

What is answered here is compared with GraphQL's answer before anything is measured. Roles are explained by the same
rules as in the application, since nobody would write those in SQL.
"""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import date
from typing import Any

import msgspec
from litestar import Litestar, Request, Response, post

from api.auth import tokens
from api.auth.tokens import TokenProblem
from api.graphql import ids
from api.provisioning import clock, explanation, rulebook
from api.provisioning.explanation import RoleOutcome
from api.provisioning.roles import Role
from db.engine import ACQUIRE_SECONDS, DB
from db.ids import OrganizationId
from db.queries.role_facts import FACTS
from db.rule_rows import MemberRoleFacts

from .floor import CONNECTIONS

_PAGE = """
SELECT m.id, m.email, m.display_name, m.status, m.seat, m.role_id,
       (SELECT json_agg(g ORDER BY g.key, g.id)::text FROM (
            SELECT g.id, g.display_name AS name, g.display_name_key AS key
            FROM directory_user u
            JOIN group_member gm ON gm.organization_id = $1 AND gm.value = u.id
            JOIN directory_group g ON g.organization_id = $1 AND g.id = gm.group_id
            WHERE u.organization_id = $1 AND u.member_id = m.id ORDER BY g.display_name_key, g.id LIMIT 5) g)
FROM member m WHERE m.organization_id = $1 ORDER BY m.id LIMIT 51
"""
_PERSON = (
    "SELECT id, email, display_name, status, seat, role_id FROM member WHERE organization_id = $1 AND email_key = $2"
)
_FACTS = f"{FACTS} WHERE m.organization_id = $1 AND m.id = ANY($2)"
_YEAR = """
SELECT day, seat_type, used, seat_limit FROM seat_snapshot
WHERE organization_id = $1 AND day BETWEEN $2 AND $3
ORDER BY day, array_position(ARRAY['full','lite','free'], seat_type)
"""


class _Group(msgspec.Struct):
    id: uuid.UUID
    name: str


async def page(organization: OrganizationId, _: Mapping[str, Any]) -> object:
    """Fifty members with their groups and why they have their roles."""
    book = await rulebook.load(organization)
    async with DB.pool.acquire(timeout=ACQUIRE_SECONDS) as connection:  # type: ignore[union-attr]  # is open
        found = await connection.fetch(_PAGE, organization)
        facts = await connection.fetch(_FACTS, organization, [row[0] for row in found[:50]])
    outcomes, nodes = _outcomes(book, facts), []
    for id, email, name, status, seat, role, groups in found[:50]:
        there = msgspec.json.decode(groups, type=list[_Group]) if groups else []
        shown = [{"groupId": ids.write("Group", organization, each.id), "displayName": each.name} for each in there]
        nodes.append(
            {
                **_member(organization, id, email, name, status, seat, book.role(role)),
                "roleExplanation": _explained(outcomes[id]),
                "groups": {"nodes": shown},
            }
        )
    about = {"hasNextPage": len(found) > 50, "endCursor": str(found[min(len(found), 50) - 1][0])}
    return {"organization": {"members": {"pageInfo": about, "nodes": nodes}}}


async def person(organization: OrganizationId, variables: Mapping[str, Any]) -> object:
    """A member by address, and why they have their role."""
    book = await rulebook.load(organization)
    async with DB.pool.acquire(timeout=ACQUIRE_SECONDS) as connection:  # type: ignore[union-attr]  # is open
        [found] = await connection.fetch(_PERSON, organization, variables["ref"]["email"]["email"])
        id, email, name, status, seat, role = found
        facts = await connection.fetch(_FACTS, organization, [id])
    return {
        "member": {
            **_member(organization, id, email, name, status, seat, book.role(role)),
            "roleExplanation": {"text": explanation.as_text(_outcomes(book, facts)[id])},
        }
    }


async def year(organization: OrganizationId, variables: Mapping[str, Any]) -> object:
    """The seats of a year."""
    async with DB.pool.acquire(timeout=ACQUIRE_SECONDS) as connection:  # type: ignore[union-attr]  # is open
        found = await connection.fetch(
            _YEAR, organization, date.fromisoformat(variables["from"]), date.fromisoformat(variables["to"])
        )
    days = [{"day": day, "seatType": _name(type), "used": used, "limit": limit} for day, type, used, limit in found]
    return {"organization": {"seats": {"history": days}}}


_ANSWERS: Mapping[str, Callable[[OrganizationId, Mapping[str, Any]], Awaitable[object]]] = {
    "graphql-page": page,
    "graphql-person": person,
    "graphql-year": year,
}


@post("/by-hand/{question:str}", status_code=200)
async def answer(request: Request[Any, Any, Any], question: str) -> Response[bytes]:
    """Answer a question for whoever has a token."""
    digest = tokens.digest_of(request.headers.get("authorization"))
    caller = digest if isinstance(digest, TokenProblem) else await tokens.authenticate(digest)
    asked = msgspec.json.decode(await request.body())
    about = asked["variables"].get("id") or asked["variables"]["ref"]["email"]["organizationId"]
    organization = ids.must_be(about, "Organization").organization
    if isinstance(caller, TokenProblem) or not caller.may_enter(organization):
        return Response(b"", status_code=401)
    found = await _ANSWERS[question](OrganizationId(organization), asked["variables"])
    return Response(msgspec.json.encode({"data": found}), media_type="application/json")


def application() -> Litestar:
    """What answers by hand."""

    @contextlib.asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        await DB.open(connections=int(os.environ[CONNECTIONS]))
        try:
            yield
        finally:
            await DB.close()

    return Litestar([answer], lifespan=[lifespan], openapi_config=None, logging_config=None)


def _outcomes(book: rulebook.Rulebook, facts: list[Any]) -> dict[uuid.UUID, RoleOutcome]:
    at = clock.now()
    rows = [MemberRoleFacts(*row) for row in facts]
    return {
        row.member_id: explanation.decide(book.facts_of(row), book.role_rules, book.ladder, book.organization, at)
        for row in rows
    }


def _explained(outcome: RoleOutcome) -> object:
    steps = [
        {"label": step.label, "isDecisive": step.wins, "role": {"key": step.role.key} if step.role else None}
        for step in outcome.steps
    ]
    return {"text": explanation.as_text(outcome), "steps": steps}


def _member(
    organization: uuid.UUID, id: uuid.UUID, email: str, name: str, status: str, seat: str | None, role: Role | None
) -> dict[str, object]:
    """What both questions about members ask of each."""
    return {
        "id": ids.write("Member", organization, id),
        "email": email,
        "displayName": name,
        "status": status,
        "seat": _name(seat),
        "effectiveRole": _role(role),
    }


def _name(seat: str | None) -> str | None:
    """The name of a seat type in the schema."""
    return seat.upper() if seat else None


def _role(role: Role | None) -> object:
    return {"key": role.key, "name": role.name} if role else None
