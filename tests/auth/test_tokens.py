"""API tokens: who is let in by one, and what a refused one is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from api.auth import tokens as auth
from api.auth.tokens import TokenProblem
from api.provisioning import clock, key_use, organizations, tokens
from api.provisioning.actor import ActorKind, Right
from api.provisioning.caller import Caller, the_operator
from api.provisioning.key_text import API_PREFIX, digest, new_key
from api.provisioning.tokens import Made
from db.ids import OrganizationId, new_id

READ = [Right.ORGANIZATION_READ]


@pytest.fixture
async def organization(database: None) -> OrganizationId:
    """An organization."""
    return await organizations.create("Acme")


@pytest.fixture
async def made(organization: OrganizationId) -> Made:
    """A token of it for thirty days."""
    return await tokens.create(the_operator(), organization, name="CI", rights=READ, expires_in_days=30)


async def ask(client: httpx.AsyncClient, header: str | None) -> tuple[int, str, str]:
    """How a request with that header is answered: status, message, challenge."""
    headers = {"Authorization": header} if header is not None else {}
    answer = await client.post("/graphql", json={"query": "{ viewer { name } }"}, headers=headers)
    errors = answer.json().get("errors", [{"message": ""}])
    return answer.status_code, errors[0]["message"], answer.headers.get("WWW-Authenticate", "")


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        (None, TokenProblem.MISSING),
        ("", TokenProblem.MISSING),
        ("Bearer", TokenProblem.MISSING),
        ("Basic abc", TokenProblem.NOT_BEARER),
        ("Bearer nonsense", TokenProblem.UNREADABLE),
        (f"Bearer {new_key()}", TokenProblem.UNREADABLE),
        (f"Bearer {new_key(API_PREFIX)[:-1]}", TokenProblem.UNREADABLE),
    ],
    ids=["none", "empty", "no token", "other scheme", "nonsense", "a directory's key", "cut off"],
)
async def test_junk_is_refused_without_asking_the_database(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, header: str | None, problem: TokenProblem
) -> None:
    async def no_database(*_: object) -> None:
        raise AssertionError("The database was asked.")

    monkeypatch.setattr("db.sql.rows", no_database)
    status, message, challenge = await ask(client, header)
    assert (status, message) == (401, problem.value)
    assert challenge.startswith('Bearer realm="Rollcall"')
    assert ("invalid_token" in challenge) is (problem is not TokenProblem.MISSING)


async def test_a_token_that_nobody_made_is_unknown(client: httpx.AsyncClient) -> None:
    assert (await ask(client, f"Bearer {new_key(API_PREFIX)}"))[:2] == (401, TokenProblem.UNKNOWN.value)


async def test_a_token_that_somebody_makes_outlives_their_session(organization: OrganizationId) -> None:
    rights, ends = frozenset({*READ, Right.DEVELOPERS_MANAGE}), clock.now() + timedelta(hours=12)
    somebody = Caller(ActorKind.ADMIN, new_id(), "Ann", rights, organization, ends, new_id())
    made = await tokens.create(somebody, organization, name="CI", rights=READ, expires_in_days=30)
    assert made.token.expires_at is not None
    assert made.token.expires_at > ends + timedelta(days=29)


async def test_an_expired_token_is_told_so(
    client: httpx.AsyncClient, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await ask(client, f"Bearer {made.text}"))[0] == 200
    assert made.token.expires_at is not None
    last = made.token.expires_at - timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: last)
    assert (await ask(client, f"bearer {made.text}"))[0] == 200
    monkeypatch.setattr(clock, "now", lambda: made.token.expires_at)
    assert (await ask(client, f"Bearer {made.text}"))[:2] == (401, TokenProblem.EXPIRED.value)


async def test_a_revoked_token_is_told_so(client: httpx.AsyncClient, made: Made) -> None:
    await tokens.revoke(the_operator(), made.token.id)
    assert (await ask(client, f"Bearer {made.text}"))[:2] == (401, TokenProblem.REVOKED.value)


async def test_who_calls_has_the_rights_of_the_token_and_no_others(made: Made, organization: OrganizationId) -> None:
    caller = await auth.authenticate(digest(made.text))
    assert not isinstance(caller, TokenProblem)
    assert (caller.kind, caller.id, caller.who) == (ActorKind.INTEGRATION, made.token.id, "CI")
    assert (caller.rights, caller.organization) == (frozenset(READ), organization)


async def test_use_is_noted_to_five_minutes(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    async def used_at() -> datetime | None:
        await auth.authenticate(digest(made.text))
        await key_use.write_uses()
        [found] = await tokens.all_of(the_operator(), made.token.organization_id)
        return found.last_used_at

    start = datetime.now(UTC).replace(microsecond=0)
    seen = []
    for minutes in (0, 4, 6):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: start + timedelta(minutes=minutes))
        seen.append(await used_at())
    assert seen == [start, start, start + timedelta(minutes=6)]
