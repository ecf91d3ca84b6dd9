"""Importing the application's own users, for a directory to find them (IDEAS 13)."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from api.provisioning import access, imports, jobs
from db import sql
from db.job_rows import LineResult
from tests.factories import BillingTermsFactory, SeatPoolFactory
from tests.scim.conversation import Json, Scim
from tests.scim.governing import choose, everybody, governor, member_of, own, person, role_of

from .acting import an_admin, history_of
from .test_sign_ins import sign_in


async def bring(scim: Scim, *people: Json, is_preview: bool = False) -> list[LineResult]:
    """What became of an import, or would."""
    job = await jobs.prepare(an_admin(scim), imports.KIND, people)
    if is_preview:
        return await jobs.preview(an_admin(scim), job)
    await jobs.run(an_admin(scim), job)
    return await jobs.results(an_admin(scim), job)


@pytest.fixture
async def house(scim: Scim) -> Scim:
    """An organization with a verified domain."""
    await own(scim, "example.com")
    await choose(scim, domain_rule="VERIFIED")
    return scim


async def test_people_are_imported_with_seat_role_and_history(house: Scim) -> None:
    """R140, R096: also from outside of the domains, since the application has let them in before."""
    made = await bring(
        house,
        {"email": "Ann@example.com", "display_name": " Ann  Lee ", "external_id": "u-1", "seat_type": "lite"},
        {"email": "gus@elsewhere.example.org", "role": "account-manager"},
    )
    assert [(each.outcome, each.text) for each in made] == [
        ("APPLIED", "New: active, has a Lite seat."),
        ("APPLIED", "New: active, has a Full seat."),
    ]
    ann, gus = await everybody(house)
    assert {name: ann[name] for name in ("email", "display_name", "source", "managed_by", "status", "seat")} == {
        "email": "Ann@example.com",
        "display_name": "Ann Lee",
        "source": "IMPORT",
        "managed_by": "LOCAL",
        "status": "ACTIVE",
        "seat": "lite",
    }
    assert (gus["is_external"], gus["role"], ann["is_external"]) == (True, "account-manager", False)
    assert await role_of(house, "gus@elsewhere.example.org") == "account-manager"
    [created] = await history_of(ann["id"])
    assert (created["actor_kind"], created["action"]) == ("ADMIN", "created")
    assert '"external_id": "u-1"' in created["after"]


async def test_a_directory_finds_whom_it_brings_later(house: Scim) -> None:
    """IDEAS 13, R015: linked, no second member, no second seat."""
    await SeatPoolFactory.make(organization=house.access.organization_id, seat_limit=1)
    [made] = await bring(house, {"email": "ann@example.com"})
    assert (await house.post("/Users", person())).status_code == 201
    [member] = await everybody(house)
    assert (member["id"], member["source"], member["managed_by"]) == (made.member_id, "IMPORT", "DIRECTORY")


async def test_who_is_a_member_is_left_as_they_are(house: Scim) -> None:
    """Exact, likely, none."""
    await house.post("/Users", person(userName="a.lee", displayName="Ann Lee"))
    before = await everybody(house)
    people: list[Json] = [
        {"email": "ANN@example.com", "display_name": "Somebody Else", "seat_type": "lite"},
        {"email": "al@elsewhere.example.org", "display_name": "ann lee"},
        {"email": "a.lee@elsewhere.example.org"},
        {"email": "bob@example.com", "display_name": "Bob"},
    ]
    found = await bring(house, *people, is_preview=True)
    assert [(each.outcome, str(each.text).split(":")[0]) for each in found] == [
        ("UNCHANGED", "Known"),
        ("REFUSED", "Likely known"),
        ("REFUSED", "Likely known"),
        ("APPLIED", "New"),
    ]
    assert "ann@example.com has the same name. Nobody is overwritten" in str(found[1].text)
    assert "same userName a.lee" in str(found[2].text)
    assert await everybody(house) == before
    await bring(house, *people)
    assert (await everybody(house))[:1] == before
    assert len(await everybody(house)) == 2
    [now] = await bring(house, people[1] | {"is_new": True})
    assert now.outcome == "APPLIED"


async def test_an_import_can_be_repeated(house: Scim) -> None:
    people: list[Json] = [{"email": f"p{number}@example.com", "display_name": "John Smith"} for number in range(20)]
    assert {each.outcome for each in await bring(house, *people)} == {"APPLIED"}
    assert {each.outcome for each in await bring(house, *people)} == {"UNCHANGED"}
    assert len(await everybody(house)) == 20


async def test_the_application_tells_its_own_users_apart(house: Scim) -> None:
    for number in range(2):
        [made] = await bring(house, {"email": f"p{number}@example.com", "display_name": "John Smith"})
        assert made.outcome == "APPLIED"


async def test_somebody_who_is_twice_in_a_file_is_one_member(house: Scim) -> None:
    found = await bring(house, {"email": "ann@example.com"}, {"email": "ANN@Example.com"})
    assert [(each.outcome, each.text) for each in found][1] == ("UNCHANGED", "In this file twice.")
    assert len(await everybody(house)) == 1


async def test_bad_rows_are_in_nobodys_way(house: Scim) -> None:
    found = await bring(
        house,
        {"email": "ann"},
        {"email": "bob@example.com", "seat_type": "guest"},
        {"email": "cy@example.com", "role": "boss"},
        {"name": "Dee"},
        {"email": "eve@example.com", "display_name": "x" * 501},
        {"email": "fay@example.com"},
    )
    assert [each.outcome for each in found] == ["REFUSED"] * 5 + ["APPLIED"]
    assert [each["email"] for each in await everybody(house)] == ["fay@example.com"]


async def test_at_the_limit_as_many_come_as_there_are_seats(house: Scim) -> None:
    """R140: BLOCK refuses the others by name, HOLD lets them wait, AUTO_PURCHASE buys."""
    organization = house.access.organization_id
    await SeatPoolFactory.make(organization=organization, seat_limit=2)
    people: list[Json] = [{"email": f"p{number}@example.com"} for number in range(4)]
    blocked = await bring(house, *people)
    assert [each.outcome for each in blocked] == ["APPLIED"] * 2 + ["REFUSED"] * 2
    assert "All 2 full seats are taken" in str(blocked[2].text)
    await choose(house, seat_limit="HOLD")
    assert [each.text for each in await bring(house, people[2])] == [
        "New: waiting for seat, has no seat yet, waits for a Full seat."
    ]
    await choose(house, seat_limit="DOWNGRADE_TO_FREE")
    assert [each.text for each in await bring(house, people[3])] == [
        "New: active, has a Guest seat, waits for a Full seat."
    ]
    await choose(house, seat_limit="AUTO_PURCHASE")
    await BillingTermsFactory.make(
        organization=organization,
        is_enrolled=True,
        monthly_cap_minor=100_000,
        accepted_at=await sql.value("SELECT now()"),
        anchor=date(2026, 1, 1),
    )
    await bring(house, {"email": "p5@example.com"}, {"email": "p6@example.com"})
    assert await sql.value("SELECT quantity FROM seat_purchase") == 2
    assert await sql.value("SELECT count(*) FROM seat_entry WHERE cause = 'IMPORTED'") == 5


async def test_a_seat_that_becomes_free_goes_to_the_imported_who_wait(house: Scim) -> None:
    await SeatPoolFactory.make(organization=house.access.organization_id, seat_limit=1)
    await choose(house, seat_limit="HOLD", jit_enabled=True)
    made = await sign_in(house)
    await bring(house, {"email": "bob@example.com"})
    await access.deactivate(governor(house), made.member)
    assert (await member_of(house, "bob@example.com"))["status"] == "ACTIVE"


async def test_where_groups_let_people_in_the_imported_are_suspended(house: Scim) -> None:
    await choose(house, on_no_mapped_group="SUSPEND")
    assert [each.text for each in await bring(house, {"email": "ann@example.com"})] == [
        "New: suspended, has a Full seat."
    ]


async def test_accounts_of_other_organizations_are_shared_by_verified_domains_only(house: Scim, stranger: Scim) -> None:
    """R063, C3."""
    for email in ("ann@example.com", "gus@elsewhere.example.org"):
        name, host = email.split("@")
        await stranger.post("/Users", person(name, host))
    await bring(
        house,
        {"email": "ann@example.com"},
        {"email": "gus@elsewhere.example.org"},
        {"email": "new@elsewhere.example.org"},
    )
    here = {each["email"]: each["account_id"] for each in await everybody(house)}
    there = {each["email"]: each["account_id"] for each in await everybody(stranger)}
    assert here["ann@example.com"] == there["ann@example.com"]
    assert here["gus@elsewhere.example.org"] != there["gus@elsewhere.example.org"]
    accounts = {row[0]: row[1] for row in await sql.rows("SELECT id, email FROM account")}
    assert accounts[here["gus@elsewhere.example.org"]] is None
    assert accounts[here["new@elsewhere.example.org"]] == "new@elsewhere.example.org"


async def test_an_import_and_a_directory_at_once_make_one_member_each(house: Scim) -> None:
    people: list[Json] = [{"email": f"p{number}@example.com"} for number in range(30)]
    await asyncio.gather(bring(house, *people), *(house.post("/Users", person(f"p{number}")) for number in range(30)))
    assert len(await everybody(house)) == 30


async def test_many_are_imported_in_few_statements(house: Scim) -> None:
    """A statement per person would be ten thousand."""
    found = await bring(house, *({"email": f"p{number}@example.com"} for number in range(1500)))
    assert {each.outcome for each in found} == {"APPLIED"}
    assert await sql.value("SELECT sum(used) FROM seat_count") == 1500
