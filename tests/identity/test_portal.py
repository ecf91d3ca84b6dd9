"""Portal links as a service: used once, ended by time, and for one organization."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from api.identity import portal
from api.identity.problems import LinkOver
from api.provisioning import clock
from api.provisioning.actor import Actor, ActorKind, Right, operator
from api.provisioning.errors import BadAddress, BadSetting, Forbidden, NotFound
from db import sql
from db.enums import PortalPurpose
from db.queries import portal_links as rows
from tests.conftest import NewDirectory


@pytest.fixture
async def actor(new_directory: NewDirectory) -> Actor:
    """The operator in an organization."""
    return operator((await new_directory()).organization_id)


async def test_a_link_is_used_once_and_looking_uses_nothing(actor: Actor) -> None:
    made = await portal.create(actor, PortalPurpose.PROVISIONING)
    assert made.expires_at - clock.now() <= timedelta(minutes=5)
    assert (await portal.look(made.token)).organization == "Acme"
    begun = await portal.enter(made.token)
    found = await portal.resume(begun.token)
    assert found is not None
    assert found.organization_id == actor.organization
    with pytest.raises(LinkOver):
        await portal.enter(made.token)
    assert await portal.resume(made.token) is None


async def test_of_many_who_press_the_button_at_once_one_comes_in(actor: Actor) -> None:
    made = await portal.create(actor, PortalPurpose.PROVISIONING)
    link = await portal.look(made.token)
    tried = await asyncio.gather(*(portal.enter(made.token) for _ in range(5)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in tried) == ["Begun", *["LinkOver"] * 4]
    again = await rows.use(
        actor.organization, link.id, session=b"another", at=clock.now(), ends_at=clock.now() + portal.SESSION
    )
    assert not again


async def test_a_link_and_its_session_end_by_time(actor: Actor) -> None:
    made = await portal.create(actor, PortalPurpose.DOMAINS, lives=timedelta(hours=1))
    kept = await portal.enter((await portal.create(actor, PortalPurpose.DOMAINS)).token)
    await sql.rows("UPDATE portal_link SET expires_at = now() - interval '1 second'")
    with pytest.raises(LinkOver, match="Ask whoever sent it"):
        await portal.enter(made.token)
    assert await portal.resume(kept.token) is not None
    await sql.rows("UPDATE portal_link SET session_ends_at = now() - interval '1 second' WHERE used_at IS NOT NULL")
    assert await portal.resume(kept.token) is None
    with pytest.raises(LinkOver):
        await portal.extend(kept.link)


async def test_a_session_is_extended_up_to_twelve_hours_and_ended_by_hand(actor: Actor) -> None:
    begun = await portal.enter((await portal.create(actor, PortalPurpose.PROVISIONING)).token)
    assert portal.may_extend(begun.link)
    await sql.rows(
        "UPDATE portal_link SET used_at = used_at - interval '11.5 hours',"
        " session_ends_at = session_ends_at - interval '50 minutes'"
    )
    link = await portal.resume(begun.token)
    assert link is not None
    assert link.used_at is not None
    assert portal.may_extend(link)
    assert await portal.extend(link) == link.used_at + timedelta(hours=12)
    longest = await portal.resume(begun.token)
    assert longest is not None
    assert not portal.may_extend(longest)
    await portal.end(link)
    assert await portal.resume(begun.token) is None


async def test_whoever_has_it_acts_in_that_organization_only(actor: Actor, new_directory: NewDirectory) -> None:
    other = (await new_directory()).organization_id
    begun = await portal.enter((await portal.create(actor, PortalPurpose.PROVISIONING)).token)
    caller = portal.caller(begun.link)
    assert caller.kind is ActorKind.PORTAL
    assert caller.rights == {Right.PROVE_DOMAINS, Right.SET_UP}
    with pytest.raises(NotFound):
        caller.within(other)


@pytest.mark.parametrize("lives", [timedelta(0), timedelta(days=7, seconds=1)])
async def test_a_link_lives_from_a_minute_to_a_week(actor: Actor, lives: timedelta) -> None:
    with pytest.raises(BadSetting):
        await portal.create(actor, PortalPurpose.PROVISIONING, lives=lives)


async def test_only_whoever_manages_the_organization_makes_one_and_addresses_are_looked_at(actor: Actor) -> None:
    with pytest.raises(BadAddress):
        await portal.create(actor, PortalPurpose.PROVISIONING, email="nonsense")
    nobody = Actor(ActorKind.ADMIN, actor.organization, None, frozenset({Right.ORGANIZATION_READ}))
    with pytest.raises(Forbidden):
        await portal.create(nobody, PortalPurpose.PROVISIONING)


async def test_tokens_are_kept_as_hashes_and_old_links_are_forgotten(actor: Actor) -> None:
    made = await portal.create(actor, PortalPurpose.PROVISIONING)
    begun = await portal.enter(made.token)
    kept = str([tuple(row) for row in await sql.rows("SELECT * FROM portal_link")])
    assert made.token not in kept
    assert begun.token not in kept
    assert await portal.forget() == 0
    await sql.rows("UPDATE portal_link SET expires_at = now() - interval '31 days', session_ends_at = expires_at")
    assert await portal.forget() == 0
    await sql.rows("UPDATE portal_link SET session_ends_at = now() - interval '31 days'")
    assert await portal.forget() == 1


async def test_a_link_is_ended_by_hand_once_and_only_by_its_own_organization(
    actor: Actor, new_directory: NewDirectory
) -> None:
    begun = await portal.enter((await portal.create(actor, PortalPurpose.PROVISIONING)).token)
    other = operator((await new_directory()).organization_id)
    with pytest.raises(NotFound):
        await portal.revoke(other, begun.link.id)
    assert await portal.resume(begun.token) is not None
    assert await portal.all_of_them(other) == []
    for _ in range(2):
        await portal.revoke(actor, begun.link.id)
    assert await portal.resume(begun.token) is None
    [listed] = await portal.all_of_them(actor)
    assert portal.state(listed, clock.now()) is portal.PortalState.OVER
    assert await sql.value("SELECT count(*) FROM change WHERE action = 'portal_link_revoked'") == 1
