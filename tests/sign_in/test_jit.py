"""Sign-ins that a host application tells of, over HTTP (R004, R006, R007, R012, R013, R100, C19)."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from datetime import date

import pytest

from api.graphql import ids
from api.provisioning.actor import Right
from api.provisioning.tokens import GRANTABLE
from api.sign_in import jit as endpoint
from db import sql
from db.queries import log
from tests.factories import BillingTermsFactory, SeatPoolFactory
from tests.scim.conversation import Json, Scim
from tests.scim.governing import active, choose, everybody, member_of, person, team

from .papers import CODES, EXAMPLE
from .telling import EMAIL, Host, host, refused, texts, told


async def test_the_first_sign_in_makes_a_member_and_the_next_one_updates_the_name(jit: Scim, app: Host) -> None:
    """R004."""
    made = told(await app.tell(given_name="Ann", family_name="Lee", sub="okta|00u1", email_verified=True))
    member = await member_of(jit)
    assert made["memberId"] == ids.write("Member", jit.access.organization_id, member["id"])
    shown = {name: made[name] for name in ("email", "status", "canUse", "seat", "role", "isNew", "isChanged")}
    assert shown == {
        "email": EMAIL,
        "status": "ACTIVE",
        "canUse": True,
        "seat": "FULL",
        "role": "viewer",
        "isNew": True,
        "isChanged": True,
    }
    again = told(await app.tell("ANN@example.com", name="Ann Baker"))
    assert (again["memberId"], again["isNew"], again["isChanged"]) == (made["memberId"], False, True)
    assert (await member_of(jit, "ANN@example.com"))["display_name"] == "Ann Baker"
    once_more = told(await app.tell("ANN@example.com", name="Ann Baker"))
    assert (once_more["isNew"], once_more["isChanged"]) == (False, False)


async def test_a_sign_in_that_failed_changes_nothing(jit: Scim, app: Host) -> None:
    """R004: whether it is about somebody new or somebody known, with an address or without."""
    await app.tell(name="Ann Lee")
    before = await everybody(jit), await sql.value("SELECT count(*) FROM change")
    for email in ("bob@example.com", EMAIL, None, "nonsense"):
        found = told(await app.tell(email, outcome="failure", name="Somebody Else"))
        assert (found["memberId"], found["isChanged"]) == (None, False)
        assert texts(found) == ["The sign-in failed, so nothing was changed."]
    assert (await everybody(jit), await sql.value("SELECT count(*) FROM change")) == before


async def test_seats_groups_and_roles_never_come_by_signing_in(jit: Scim, app: Host) -> None:
    """R006, R012."""
    await team(jit, "admin", name="Admins")
    await choose(jit, default_seat_type="lite")
    made = told(await app.tell(seat_type="lite", groups=["Admins"], roles="admin", locale="en", active=False))
    assert (made["seat"], made["role"]) == ("FULL", "viewer")
    assert await sql.value("SELECT count(*) FROM group_member") == 0
    for text in (
        "seat_type was ignored: who joins by signing in gets a Full seat.",
        "groups was ignored: groups and roles come by other ways than signing in.",
        "roles was ignored: groups and roles come by other ways than signing in.",
        "locale was ignored: it is not kept.",
        "active was ignored: it is not kept.",
    ):
        assert text in texts(made)


async def test_signing_in_brings_nobody_back(jit: Scim, app: Host, ann: Json) -> None:
    """C19, R009: neither whom the directory deactivated nor whom it removed."""
    await jit.patch(f"/Users/{ann['id']}", active(False))
    assert "deactivated" in refused(await app.tell(), 403, "LOCKED_OUT")
    await jit.delete(f"/Users/{ann['id']}")
    assert "brings nobody back" in refused(await app.tell(), 403, "LOCKED_OUT")
    assert (await member_of(jit))["status"] == "DEPROVISIONED"


async def test_somebody_of_a_directory_stays_as_it_says(jit: Scim, app: Host, ann: Json) -> None:
    """R016."""
    found = told(await app.tell(name="Somebody Else"))
    assert (found["canUse"], found["isChanged"]) == (True, False)
    assert "A directory manages this member: signing in changes nothing." in texts(found)


async def test_only_verified_domains_bring_somebody_new(jit: Scim, app: Host) -> None:
    """R100."""
    text = refused(await app.tell("bob@elsewhere.example.org"), 403, "OUTSIDE_DOMAINS")
    assert "outside the verified domains" in text


async def test_where_just_in_time_is_off_nobody_comes(jit: Scim, app: Host) -> None:
    await choose(jit, jit_enabled=False)
    assert "jit_enabled" in refused(await app.tell(), 403, "POLICY")
    assert await everybody(jit) == []


async def test_a_full_house_refuses_or_lets_wait_or_buys(jit: Scim, app: Host) -> None:
    """R007, R140."""
    organization = jit.access.organization_id
    await SeatPoolFactory.make(organization=organization, seat_limit=0)
    refused(await app.tell(), 403, "SEAT_LIMIT")
    await choose(jit, seat_limit="HOLD")
    waiting = told(await app.tell())
    assert (waiting["status"], waiting["canUse"], waiting["seat"]) == ("WAITING_FOR_SEAT", False, None)
    await choose(jit, seat_limit="AUTO_PURCHASE")
    await BillingTermsFactory.make(
        organization=organization,
        is_enrolled=True,
        monthly_cap_minor=100_000,
        accepted_at=await sql.value("SELECT now()"),
        anchor=date(2026, 1, 1),
    )
    assert told(await app.tell("bob@example.com"))["status"] == "ACTIVE"


async def test_the_same_id_is_answered_alike_and_done_once(jit: Scim, app: Host) -> None:
    first = await app.tell(id="login-1", name="Ann Lee")
    await app.tell(name="Ann Baker")
    second = await app.tell(id="login-1", name="Ann Lee")
    assert second.content == first.content
    assert (await member_of(jit))["display_name"] == "Ann Baker"
    failed = [await app.tell("bob@example.com", id="login-2", outcome="failure") for _ in range(2)]
    assert failed[0].content == failed[1].content


async def test_the_same_id_with_another_body_is_refused(jit: Scim, app: Host) -> None:
    told(await app.tell(id="login-1", name="Ann Lee"))
    for said in ({"name": "Ann Baker"}, {"outcome": "failure", "name": "Ann Lee"}):
        text = refused(await app.tell(id="login-1", **said), 409, "IDEMPOTENCY_MISMATCH")
        assert "login-1" in text
    refused(await app.tell("bob@example.com", id="login-1"), 409, "IDEMPOTENCY_MISMATCH")
    assert [each["display_name"] for each in await everybody(jit)] == ["Ann Lee"]


async def test_two_applications_may_have_the_same_ids(jit: Scim, app: Host) -> None:
    other = await host(jit)
    assert told(await app.tell(id="login-1"))["isNew"]
    assert told(await other.tell("bob@example.com", id="login-1"))["isNew"]


async def test_what_was_refused_may_come_again(jit: Scim, app: Host) -> None:
    await choose(jit, jit_enabled=False)
    for _ in range(2):
        refused(await app.tell(id="login-1"), 403, "POLICY")
    await choose(jit, jit_enabled=True)
    assert told(await app.tell(id="login-1"))["isNew"]


@pytest.mark.parametrize("round", range(3))
async def test_many_at_once_with_the_same_id_are_answered_alike(jit: Scim, app: Host, round: int) -> None:
    answers = await asyncio.gather(*(app.tell(id="login-1", name="Ann Lee") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert await sql.value("SELECT count(*) FROM change WHERE action = 'created'") == 1


@pytest.mark.parametrize("round", range(3))
async def test_many_at_once_about_the_same_person_make_one_member(jit: Scim, app: Host, round: int) -> None:
    answers = [told(each) for each in await asyncio.gather(*(app.tell() for _ in range(20)))]
    assert len({each["memberId"] for each in answers}) == len(await everybody(jit)) == 1
    assert sum(each["isNew"] for each in answers) == 1


async def test_calls_at_once_beside_a_directory_make_one_member(jit: Scim, app: Host) -> None:
    await asyncio.gather(*(app.tell() for _ in range(5)), jit.post("/Users", person()))
    assert len(await everybody(jit)) == 1


async def test_it_is_remembered_who_told_of_it_under_the_trace(jit: Scim, app: Host) -> None:
    made = told(await app.tell(sub="okta|00u1"))
    changes = await log.changes_of(jit.access.organization_id, (await member_of(jit))["id"])
    [created] = [each for each in changes if each["action"] == "created"]
    assert (created["actor_kind"], str(created["request_id"])) == ("INTEGRATION", made["trace"])
    assert json.loads(str(created["after"]))["subject"] == "okta|00u1"


async def test_every_code_is_in_the_paper() -> None:
    known = {*endpoint.PROBLEMS.values(), (400, "BAD_REQUEST"), (401, "UNAUTHENTICATED"), (401, "BAD_SIGNATURE")}
    known |= {(401, "STALE_TIMESTAMP"), (422, "INVALID"), (422, "ADDRESS_NOT_VERIFIED"), (503, "UNAVAILABLE")}
    unforeseen = {(404, "NOT_FOUND")}  # of an organization that is gone, with its tokens
    assert known - unforeseen <= CODES


async def test_another_organization_notices_nothing(jit: Scim, app: Host, stranger: Scim) -> None:
    await stranger.post("/Users", person(displayName="Ann"))
    before = await everybody(stranger)
    told(await app.tell(name="Ann Lee"))
    assert await everybody(stranger) == before


async def run(url: str, app: Host, *argv: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the example of the docs as a program."""
    variables = {"ROLLCALL_URL": url, "ROLLCALL_TOKEN": app.token, "ROLLCALL_SIGNING_SECRET": app.secret}
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, str(EXAMPLE), *argv],
        env={**os.environ, **variables, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


async def test_the_example_of_the_docs_tells_of_a_sign_in(jit: Scim, app: Host, live: str) -> None:
    done = await run(live, app, EMAIL, "Ann Lee")
    assert (done.returncode, done.stderr) == (0, "")
    assert "ACTIVE, and may come in" in done.stdout
    assert (await member_of(jit))["display_name"] == "Ann Lee"
    refusal = await run(live, app, "bob@elsewhere.example.org")
    assert (refusal.returncode, refusal.stderr) == (1, "")
    assert "not let in (OUTSIDE_DOMAINS)" in refusal.stdout
    wrong = await run(live, app.having(secret=(await host(jit)).secret), EMAIL)
    assert "not let in (BAD_SIGNATURE)" in wrong.stdout


@pytest.mark.parametrize("right", [right for right in Right if right is not Right.SIGN_IN])
async def test_no_other_permission_is_enough(jit: Scim, right: Right, app: Host) -> None:
    if right not in GRANTABLE:
        pytest.skip("no token of an organization has it")
    other = await host(jit, right)
    assert "members.sign_in" in refused(await other.tell(), 403, "FORBIDDEN")
    assert await everybody(jit) == []
