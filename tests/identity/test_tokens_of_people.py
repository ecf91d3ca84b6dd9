"""API tokens that people make in a session: they are for programs, and outlive the session within bounds."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from api.auth.tokens import authenticate, digest_of
from api.identity import break_glass, entering, portal, sessions
from api.identity.sessions import Browser, Proof
from api.provisioning import clock, tokens
from api.provisioning.actor import Right
from api.provisioning.caller import Caller
from api.provisioning.errors import BadSetting, Forbidden
from db import sql
from db.enums import PortalPurpose, Way
from tests.dashboard.conftest import MAIL_PROOF, NewPerson, Person
from tests.scim.conversation import Scim
from tests.scim.governing import governor


async def in_session(person: Person, scim: Scim, proof: Proof = MAIL_PROOF) -> tuple[Caller, str]:
    """Somebody who has signed in, with the token of the session."""
    account = await sql.value("SELECT account_id FROM member WHERE id = $1", person.member)
    assert isinstance(account, uuid.UUID)
    begun = await sessions.begin(account, proof, Browser("a test"))
    session = await sessions.resume(begun.token)
    assert session is not None
    return (await entering.enter(session, scim.access.organization_id))[0], begun.token


async def make(caller: Caller, scim: Scim, *rights: Right, days: int | None = 30) -> tokens.Made:
    """A token of the organization."""
    organization = scim.access.organization_id
    return await tokens.create(
        caller, organization, name="nightly", rights=rights or (Right.ORGANIZATION_READ,), expires_in_days=days
    )


@pytest.fixture
async def ada(scim: Scim, new_person: NewPerson) -> Person:
    """An admin."""
    return await new_person(scim, "ada", "admin")


async def test_a_token_outlives_the_session_and_the_audit_names_its_maker(ada: Person, scim: Scim) -> None:
    caller, session = await in_session(ada, scim)
    made = await make(caller, scim, days=365)
    assert caller.until is not None
    assert made.token.expires_at is not None
    assert made.token.expires_at - clock.now() > timedelta(days=364)
    assert made.token.expires_at > caller.until
    await sql.rows("DELETE FROM session")
    assert await sessions.resume(session) is None
    digest = digest_of(f"Bearer {made.text}")
    assert isinstance(digest, bytes)
    program = await authenticate(digest)
    assert isinstance(program, Caller)
    assert program.rights == {Right.ORGANIZATION_READ}
    assert made.token.created_by == "Ada"
    told = await sql.row("SELECT actor_kind, actor_id FROM change WHERE action = 'token_created'")
    assert told is not None
    assert tuple(told) == ("ADMIN", ada.member)


@pytest.mark.parametrize("days", [None, 0, 366])
async def test_it_has_an_end_within_a_year(ada: Person, scim: Scim, days: int | None) -> None:
    caller, _ = await in_session(ada, scim)
    with pytest.raises(BadSetting, match="after 1 to 365 days"):
        await make(caller, scim, days=days)


async def test_it_may_no_more_than_its_maker(ada: Person, scim: Scim) -> None:
    caller, _ = await in_session(ada, scim)
    fewer = replace(caller, rights=caller.rights - {Right.BILLING_MANAGE})
    with pytest.raises(Forbidden, match=r"billing\.manage"):
        await make(fewer, scim, Right.BILLING_MANAGE)
    with pytest.raises(Forbidden, match=r"directories\.set_up"):
        await make(replace(caller, rights=caller.rights | {Right.SET_UP}), scim, Right.SET_UP)


async def test_break_glass_makes_none(ada: Person, scim: Scim) -> None:
    assert ada.member is not None
    await break_glass.grant(governor(scim), ada.member, "owns the company")
    usual, _ = await in_session(ada, scim)
    assert (await make(usual, scim)).text
    await sql.rows("UPDATE organization SET policies = jsonb_set(policies, '{sso_enforced}', 'true')")
    caller, _ = await in_session(ada, scim, Proof(Way.CODE, proves_address=True))
    assert Right.DEVELOPERS_MANAGE in caller.rights
    with pytest.raises(Forbidden, match="outlast the emergency"):
        await make(caller, scim)


@pytest.mark.parametrize("purpose", PortalPurpose)
async def test_whoever_came_by_a_portal_link_makes_none(scim: Scim, purpose: PortalPurpose) -> None:
    made = await portal.create(governor(scim), purpose)
    caller = portal.caller((await portal.enter(made.token)).link)
    with pytest.raises(Forbidden, match=r"developers\.manage"):
        await make(caller, scim)
    wider = replace(caller, rights=frozenset(Right))
    with pytest.raises(Forbidden, match="outlast"):
        await make(wider, scim)
