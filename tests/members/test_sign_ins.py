"""People who become members by signing in, just in time (REQUIREMENTS §1.1, C19)."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import pytest

from api.provisioning import domains, sign_ins
from api.provisioning.actor import Right, directory_actor, integration
from api.provisioning.errors import BadAddress, Forbidden, LockedOut, OutsideDomains, Refused, SeatLimitReached
from api.provisioning.outcome import MemberOutcome
from api.provisioning.sign_ins import SignIn
from db import sql
from db.ids import new_id
from tests.factories import BillingTermsFactory, SeatPoolFactory
from tests.scim.conversation import SEAT_TYPE, Json, Scim, assert_error, document
from tests.scim.governing import active, choose, everybody, governor, member_of, own, person, role_of, team

from .acting import texts

EMAIL = "ann@example.com"


async def sign_in(scim: Scim, email: str = EMAIL, **said: Any) -> MemberOutcome:
    """A successful sign-on, as the application reports it."""
    application = integration(scim.access.organization_id, new_id(), "The app", frozenset({Right.SIGN_IN}))
    return await sign_ins.sign_in(application, SignIn(email, **said))


@pytest.fixture
async def jit(scim: Scim) -> Scim:
    """An organization with a verified domain where signing in makes members."""
    await own(scim, "example.com")
    await choose(scim, domain_rule="VERIFIED", jit_enabled=True)
    return scim


async def test_the_first_sign_in_makes_a_member_and_the_next_one_updates_the_name(jit: Scim) -> None:
    """R004."""
    made = await sign_in(jit, given_name="Ann", family_name="Lee")
    member = await member_of(jit)
    shown = {name: member[name] for name in ("source", "managed_by", "display_name", "seat", "seat_type", "status")}
    assert shown == {
        "source": "JIT",
        "managed_by": "LOCAL",
        "display_name": "Ann Lee",
        "seat": "full",
        "seat_type": "full",
        "status": "ACTIVE",
    }
    assert (made.member, made.status, made.role, made.may_use) == (member["id"], "ACTIVE", "viewer", True)
    assert (await sign_in(jit, "ANN@example.com", display_name="Ann Baker")).member == made.member
    after = await member_of(jit, "ANN@example.com")
    assert (after["id"], after["display_name"]) == (made.member, "Ann Baker")


async def test_a_sign_in_that_says_nothing_new_writes_nothing(jit: Scim) -> None:
    await sign_in(jit, display_name="Ann Lee")
    before, written = await member_of(jit), await sql.value("SELECT count(*) FROM change")
    for said in ({"display_name": "Ann Lee"}, {}):
        assert not (await sign_in(jit, **said)).is_changed
    assert await member_of(jit) == before
    assert await sql.value("SELECT count(*) FROM change") == written


async def test_signing_in_gives_full_seats_only(jit: Scim) -> None:
    """R006."""
    await choose(jit, default_seat_type="lite")
    made = await sign_in(jit, besides=["seat_type"])
    assert made.seat == "full"
    assert "seat_type was ignored: who joins by signing in gets a Full seat." in texts(made)


async def test_groups_and_roles_never_come_by_signing_in(jit: Scim) -> None:
    """R012."""
    await team(jit, "admin", name="Admins")
    made = await sign_in(jit, besides=["groups", "roles", "locale"])
    assert made.role == "viewer"
    assert await sql.value("SELECT count(*) FROM group_member") == 0
    assert "groups was ignored: groups and roles come by other ways than signing in." in texts(made)
    assert "locale was ignored: it is not kept." in texts(made)


async def test_a_member_by_signing_in_is_linked_when_a_directory_brings_them(jit: Scim) -> None:
    """R015: no second member, no second seat, and it shows who provided them: first JIT, now SCIM."""
    await SeatPoolFactory.make(organization=jit.access.organization_id, seat_limit=1)
    made = await sign_in(jit)
    seats = await sql.value("SELECT sum(used) FROM seat_count")
    assert (await jit.post("/Users", person())).status_code == 201
    [member] = await everybody(jit)
    assert (member["id"], member["source"], member["managed_by"]) == (made.member, "JIT", "DIRECTORY")
    assert await sql.value("SELECT sum(used) FROM seat_count") == seats == 1


async def test_both_ways_act_on_one_member(jit: Scim, ann: Json) -> None:
    """R016: a member of a directory signs in, and only the directory says who they are."""
    lite = {"op": "add", "path": f"{SEAT_TYPE}:seat_type", "value": "lite"}
    await jit.patch(f"/Users/{ann['id']}", {"op": "add", "path": "displayName", "value": "Ann"}, lite)
    outcome = await sign_in(jit, display_name="Somebody Else", besides=["seat_type"])
    member = await member_of(jit)
    assert (outcome.member, outcome.may_use, outcome.is_changed) == (member["id"], True, False)
    assert (member["display_name"], member["seat"]) == ("Ann", "lite")
    assert "A directory manages this member: signing in changes nothing." in texts(outcome)
    assert "seat_type was ignored: signing in changes nobody's seat." in texts(outcome)


async def test_signing_in_brings_nobody_back(jit: Scim, ann: Json) -> None:
    """C19, R009, R013: neither whom the directory deactivated nor whom it removed."""
    await jit.patch(f"/Users/{ann['id']}", active(False))
    with pytest.raises(LockedOut, match="an admin or their directory can let them in"):
        await sign_in(jit)
    await jit.delete(f"/Users/{ann['id']}")
    with pytest.raises(LockedOut, match="brings nobody back"):
        await sign_in(jit)
    assert (await member_of(jit))["status"] == "DEPROVISIONED"


async def test_each_way_can_be_switched_off_alone(jit: Scim) -> None:
    """R002, R017."""
    await choose(jit, jit_enabled=False)
    with pytest.raises(Refused, match="jit_enabled"):
        await sign_in(jit)
    assert (await jit.post("/Users", person("bob"))).status_code == 201


async def test_an_address_of_an_unverified_domain_does_not_join_by_signing_in(jit: Scim, ann: Json) -> None:
    """R100: registered is not enough here, and whoever is a member already may sign in."""
    await domains.add(governor(jit), "registered.example.org")
    await choose(jit, domain_rule="REGISTERED")
    with pytest.raises(OutsideDomains, match="outside the verified domains"):
        await sign_in(jit, "bob@registered.example.org")
    await domains.remove(governor(jit), "example.com")
    assert (await sign_in(jit)).may_use
    await choose(jit, domain_rule="OFF")
    assert (await sign_in(jit, "bob@registered.example.org")).may_use


async def test_a_full_house_is_full_for_those_who_sign_in(jit: Scim) -> None:
    """R140, R007: refused, waiting, or with a seat that is bought."""
    organization = jit.access.organization_id
    await SeatPoolFactory.make(organization=organization, seat_limit=0)
    with pytest.raises(SeatLimitReached):
        await sign_in(jit)
    await choose(jit, seat_limit="HOLD")
    waiting, again = await sign_in(jit), await sign_in(jit)
    assert not again.is_changed
    assert (waiting.status, waiting.may_use, waiting.seat) == ("WAITING_FOR_SEAT", False, None)
    await choose(jit, seat_limit="AUTO_PURCHASE")
    await BillingTermsFactory.make(
        organization=organization,
        is_enrolled=True,
        monthly_cap_minor=100_000,
        accepted_at=await sql.value("SELECT now()"),
        anchor=date(2026, 1, 1),
    )
    assert (await sign_in(jit)).status == "ACTIVE"
    assert (await sign_in(jit, "bob@example.com")).status == "ACTIVE"
    assert await sql.value("SELECT count(*) FROM seat_purchase") == 2


async def test_who_may_not_use_the_organization_is_told_so(jit: Scim) -> None:
    await choose(jit, on_no_mapped_group="SUSPEND")
    assert [(each.status, each.may_use) for each in (await sign_in(jit), await sign_in(jit))] == [
        ("SUSPENDED", False)
    ] * 2


@pytest.mark.parametrize("round", range(3))
async def test_many_sign_ins_at_once_make_one_member(jit: Scim, round: int) -> None:
    made = await asyncio.gather(*(sign_in(jit) for _ in range(20)))
    assert len({each.member for each in made}) == len(await everybody(jit)) == 1


async def test_a_directory_and_a_sign_in_at_once_make_one_member(jit: Scim) -> None:
    await asyncio.gather(*(sign_in(jit) for _ in range(5)), jit.post("/Users", person()))
    [member] = await everybody(jit)
    assert member["managed_by"] == "DIRECTORY"


async def test_no_sign_in_ever_takes_a_member_away(jit: Scim, ann: Json) -> None:
    """R013: whatever is said."""
    await team(jit, "admin", ann["id"])
    said: list[dict[str, Any]] = [
        {"besides": ["active", "status", "groups"]},
        {"display_name": " ", "given_name": ""},
        {"subject": "", "display_name": "Ann"},
    ]
    for email in (EMAIL, "bob@example.com", "bob@example.com"):
        for each in said:
            before = len([one for one in await everybody(jit) if one["status"] == "ACTIVE"])
            await sign_in(jit, email, **each)
            assert len([one for one in await everybody(jit) if one["status"] == "ACTIVE"]) >= before
    assert await role_of(jit) == "admin"


async def test_what_is_no_address_is_refused(jit: Scim) -> None:
    with pytest.raises(BadAddress):
        await sign_in(jit, "ann")


async def test_a_directory_reports_no_sign_in(jit: Scim) -> None:
    access = jit.access
    with pytest.raises(Forbidden):
        await sign_ins.sign_in(directory_actor(access.organization_id, access.directory_id), SignIn(EMAIL))


async def test_an_account_of_another_organization_is_shared_by_verified_domains_only(jit: Scim, stranger: Scim) -> None:
    """R063, C3."""
    await stranger.post("/Users", person())
    await stranger.post("/Users", person("bob", "elsewhere.example.org"))
    await choose(jit, domain_rule="OFF")
    for email in (EMAIL, "bob@elsewhere.example.org"):
        await sign_in(jit, email)
    here = {each["email"]: each["account_id"] for each in await everybody(jit)}
    there = {each["email"]: each["account_id"] for each in await everybody(stranger)}
    assert {email: here[email] == there[email] for email in here} == {EMAIL: True, "bob@elsewhere.example.org": False}


async def test_what_another_organization_knows_is_not_touched(jit: Scim, stranger: Scim) -> None:
    await stranger.post("/Users", person(displayName="Ann"))
    before = await everybody(stranger)
    await sign_in(jit, display_name="Ann Lee")
    assert await everybody(stranger) == before


async def test_a_member_by_signing_in_can_be_refused_to_a_directory(jit: Scim) -> None:
    """C11: where linking is a conflict, the person stays as they are."""
    await choose(jit, existing_member="CONFLICT")
    await sign_in(jit)
    assert "existing_member is CONFLICT" in assert_error(await jit.post("/Users", person()), 409, "uniqueness")
    assert document(await jit.get("/Users"))["totalResults"] == 0


async def test_who_came_by_signing_in_is_kept_with_the_id_at_the_identity_provider(jit: Scim) -> None:
    await sign_in(jit, subject="okta|00u1")
    found = await sql.rows("SELECT actor_kind, action, after ->> 'source', after ->> 'subject' FROM change ORDER BY id")
    assert [tuple(row) for row in found][-1] == ("INTEGRATION", "created", "JIT", "okta|00u1")
