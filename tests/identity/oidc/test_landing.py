"""From a provider's word to a member: who is recognised by what, who is let in, and what admins find (R004, C19)."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest

from api.identity import connections, identities, landing
from api.identity.landing import Landed, Word
from api.identity.problems import SignInRefused
from api.provisioning import erasures, invitations
from api.provisioning.invitations import Guest
from db import sql
from tests.conftest import NewDirectory
from tests.scim.conversation import Json, Scim, document
from tests.scim.governing import active, choose, everybody, governor, member_of, own, person, team

from ..browsers import reasons
from .provider import Provider
from .signing_in import Browser, connect, is_in, known

WORD = Word("ann-1", "ann@example.com", True, "Ann", "Lee")


async def land(ann: Browser, **said: Any) -> Landed:
    """The connection's provider says something of Ann."""
    return await landing.land(ann.connection, replace(WORD, **said))


async def refused(ann: Browser, **said: Any) -> tuple[str, str]:
    """What somebody who is not let in is told, and what admins find."""
    with pytest.raises(SignInRefused) as caught:
        await land(ann, **said)
    assert (await reasons(ann.connection))[-1] == caught.value.reason
    return str(caught.value), caught.value.reason


async def bring(scim: Scim) -> Json:
    """Ann, by SCIM."""
    answer = await scim.post("/Users", person())
    assert answer.status_code == 201
    return document(answer)


async def test_the_first_sign_in_makes_a_member_and_the_next_one_updates_the_name(ann: Browser, acme: Scim) -> None:
    """R004, R006."""
    first = await land(ann, besides=("groups", "seat_type"))
    second = await land(ann, family_name="Baker")
    assert (first.is_new, second.is_new) == (True, False)
    assert (first.member, first.account) == (second.member, second.account)
    member = await member_of(acme)
    assert (member["display_name"], member["seat"], member["role"], member["source"]) == (
        "Ann Baker",
        "full",
        "viewer",
        "JIT",
    )


async def test_somebody_is_recognised_by_their_id_and_not_by_their_address(ann: Browser, acme: Scim) -> None:
    """ASVS 6.8.1, 10.5.2: the address moved on to somebody else, and with it goes nothing."""
    bob = await land(ann, subject="bob-1", email="bob@example.com")
    again = await land(ann, subject="bob-1", email=None, is_address_sure=False)
    assert (again.member, again.proves_address) == (bob.member, False)
    text, reason = await refused(ann, subject="bob-2", email="bob@example.com", display_name="Bob the Second")
    assert text.startswith("bob@example.com belonged to somebody else at your identity provider")
    assert "let the member's identities be forgotten" in reason
    assert (await member_of(acme, "bob@example.com"))["display_name"] == "Ann Lee", "nothing was written"


async def test_whoever_an_admin_says_is_the_same_person_is_recognised_anew(ann: Browser, acme: Scim) -> None:
    bob = await land(ann)
    await identities.forget(governor(acme), bob.member)
    assert (await land(ann, subject="ann-2")).member == bob.member
    assert await known(ann.connection) == {"ann-2": "ann@example.com"}


async def test_an_id_that_is_but_an_address_may_become_another(ann: Browser) -> None:
    """As with SAML, where a NameID may be an address."""
    first = await land(ann, subject="ann@example.com", is_subject_address=True)
    second = await land(ann, subject="a.lee@example.com", is_subject_address=True)
    assert first.member == second.member
    assert await known(ann.connection) == {"a.lee@example.com": "ann@example.com"}


async def test_a_member_whom_scim_brought_is_found_by_address_and_stays_as_scim_says(ann: Browser, acme: Scim) -> None:
    """R015, R016: one member for both."""
    user = await bring(acme)
    landed = await land(ann, display_name="Ann by SSO")
    member = await member_of(acme)
    assert (landed.member, landed.is_new) == (member["id"], False)
    assert member["display_name"] != "Ann by SSO"
    await acme.patch(f"/Users/{user['id']}", active(False))
    text, _ = await refused(ann)
    assert "deactivated" in text
    await acme.patch(f"/Users/{user['id']}", active(True))
    assert (await land(ann)).member == member["id"]


async def test_nobody_whom_scim_removed_comes_back(ann: Browser, acme: Scim) -> None:
    """C19."""
    user = await bring(acme)
    await land(ann)
    await acme.delete(f"/Users/{user['id']}")
    for subject in ("ann-1", "ann-2"):
        text, reason = await refused(ann, subject=subject)
        assert "removed" in reason or "by another id" in reason, text
    assert (await member_of(acme))["status"] == "DEPROVISIONED"


async def test_without_just_in_time_nobody_becomes_a_member_and_nobody_is_changed(ann: Browser, acme: Scim) -> None:
    await choose(acme, jit_enabled=False)
    _, reason = await refused(ann)
    assert reason.startswith("ann@example.com is no member of this organization, and signing in makes nobody one")
    assert await everybody(acme) == []
    await bring(acme)
    before = await member_of(acme)
    landed = await land(ann, display_name="Somebody Else")
    assert (landed.member, landed.is_new, landed.proves_address) == (before["id"], False, True)
    assert await member_of(acme) == before


@pytest.mark.parametrize("jit", [True, False])
async def test_signing_in_accepts_an_invitation(ann: Browser, acme: Scim, jit: bool) -> None:
    await choose(acme, jit_enabled=jit)
    made = await invitations.invite(governor(acme), Guest("ann@example.com", is_told=False))
    landed = await land(ann)
    assert landed.member == made.member.member
    assert (await member_of(acme))["status"] == "ACTIVE"


async def test_an_invitation_from_outside_is_accepted_by_its_link_only(ann: Browser, acme: Scim) -> None:
    """The provider may say whatever it likes of addresses that are not its organization's."""
    await invitations.invite(governor(acme), Guest("ann@elsewhere.example", is_told=False))
    _, reason = await refused(ann, email="ann@elsewhere.example")
    assert "outside the verified domains (example.com)" in reason
    assert (await member_of(acme, "ann@elsewhere.example"))["status"] == "INVITED"


@pytest.mark.parametrize("rule", ["OFF", "REGISTERED", "VERIFIED"])
async def test_an_address_counts_only_where_its_domain_is_verified(ann: Browser, acme: Scim, rule: str) -> None:
    """R100: whatever rule holds for directories."""
    await choose(acme, domain_rule=rule)
    _, reason = await refused(ann, email="ann@elsewhere.example")
    assert "outside the verified domains" in reason
    await own(acme, "elsewhere.example")
    assert (await land(ann, email="ann@elsewhere.example")).is_new


async def test_another_organization_with_the_same_address_is_not_touched(
    ann: Browser, acme: Scim, new_directory: NewDirectory, other_provider: Provider
) -> None:
    """The stranger brings Ann by SCIM, and signs in somebody by her address: not Acme's Ann, and not her account."""
    stranger = Scim(acme.http, await new_directory())
    await choose(stranger, domain_rule="OFF", jit_enabled=True)
    await land(ann)
    await bring(stranger)
    connection = await connect(governor(stranger), other_provider)
    with pytest.raises(SignInRefused):
        await landing.land(connection, WORD)
    mine, theirs = await member_of(acme), await member_of(stranger)
    assert mine["account_id"] != theirs["account_id"]
    assert await known(connection) == {}


async def test_a_new_address_of_somebody_known_is_taken_over_as_the_policies_want(ann: Browser, acme: Scim) -> None:
    """C2."""
    landed = await land(ann)
    await choose(acme, email_change="IMMUTABLE")
    assert not (await land(ann, email="a.lee@example.com")).proves_address
    assert (await member_of(acme))["id"] == landed.member
    await choose(acme, email_change="SYNC_WITHIN_DOMAINS")
    assert (await land(ann, email="ann@elsewhere.example")).member == landed.member
    assert (await member_of(acme))["id"] == landed.member
    assert (await land(ann, email="a.lee@example.com")).proves_address
    assert (await member_of(acme, "a.lee@example.com"))["id"] == landed.member


async def test_an_address_of_another_member_is_not_taken_over(ann: Browser, acme: Scim) -> None:
    landed = await land(ann)
    await land(ann, subject="bob-1", email="bob@example.com")
    again = await land(ann, email="bob@example.com")
    assert (again.member, again.proves_address) == (landed.member, False)
    assert {each["email"] for each in await everybody(acme)} == {"ann@example.com", "bob@example.com"}


async def test_the_address_is_proved_only_by_the_owner_of_its_domain(ann: Browser, acme: Scim) -> None:
    assert (await land(ann)).proves_address
    assert not (await land(ann, is_address_sure=False)).proves_address
    await sql.rows("UPDATE domain SET state = 'LAPSED'")
    assert not (await land(ann)).proves_address


async def test_a_member_from_before_the_domain_was_proved_gets_the_account_of_the_address(
    ann: Browser, acme: Scim, new_directory: NewDirectory
) -> None:
    """R063: the first organization had made the account of the address when Acme brought Ann without a proof."""
    await sql.rows("UPDATE domain SET state = 'REGISTERED'")
    await choose(acme, domain_rule="OFF", jit_enabled=False)
    other = Scim(acme.http, await new_directory())
    await bring(other)
    await bring(acme)
    assert (await member_of(acme))["account_id"] != (await member_of(other))["account_id"]
    await sql.rows("UPDATE domain SET state = 'VERIFIED'")
    landed = await land(ann)
    assert landed.proves_address
    assert landed.account == (await member_of(acme))["account_id"] == (await member_of(other))["account_id"]


async def test_whoever_waits_for_a_seat_or_is_suspended_is_told(ann: Browser, acme: Scim) -> None:
    await choose(acme, on_no_mapped_group="SUSPEND", jit_enabled=False)
    user = await bring(acme)
    await team(acme, "viewer", user["id"])
    await land(ann)
    await sql.rows("UPDATE member SET status = 'SUSPENDED'")
    text, reason = await refused(ann)
    assert "none of your groups lets you in" in text
    assert reason == "ann@example.com has the status SUSPENDED."
    await sql.rows("UPDATE member SET status = 'WAITING_FOR_SEAT', seat = NULL")
    assert "you wait for a seat" in (await refused(ann))[0]
    await sql.rows("UPDATE member SET status = 'ACTIVE', seat = 'full'")


@pytest.mark.parametrize("subject", ["", "a\0", "a\nb", "a" * 501])
async def test_an_id_that_cannot_be_kept_is_refused(ann: Browser, subject: str) -> None:
    _, reason = await refused(ann, subject=subject)
    assert "an id that is empty, unprintable or longer" in reason


@pytest.mark.parametrize("email", ["ann\u200b@example.com", "a\0nn@example.com", "ann@exam\u00adple.com", "a" * 300])
async def test_an_address_that_cannot_be_kept_is_none_and_nobody_elses(ann: Browser, acme: Scim, email: str) -> None:
    landed = await land(ann)
    _, reason = await refused(ann, subject="eve-1", email=email)
    assert "said no e-mail address of somebody new" in reason
    assert (await land(ann, email=email)).member == landed.member, "who is known needs none"


async def test_names_are_kept_as_far_as_they_can_be(ann: Browser, acme: Scim) -> None:
    await land(ann, given_name="A\0nn", family_name="L\nee", display_name="x" * 900, besides=("groups",) * 50)
    assert (await member_of(acme))["display_name"] == "x" * 500


async def test_what_is_refused_is_kept_with_the_member_and_goes_with_them(ann: Browser, acme: Scim) -> None:
    """So that it is forgotten when they are erased."""
    landed = await land(ann)
    await sql.rows("UPDATE member SET locked_out_at = now(), status = 'DEACTIVATED', seat = NULL")
    await refused(ann)
    row = await sql.row("SELECT member_id, actor_kind, after::text FROM change WHERE action = 'sign_in_refused'")
    assert row is not None
    assert (row[0], row[1]) == (landed.member, "SSO")
    assert "ann@example.com" in row[2]
    await sql.rows("UPDATE member SET status = 'ACTIVE', seat = 'full', locked_out_at = NULL")


async def test_a_connection_that_is_switched_off_meanwhile_lets_nobody_in(ann: Browser, acme: Scim) -> None:
    await connections.switch_off(governor(acme), ann.connection.id)
    text, _ = await refused(ann)
    assert "has just been changed" in text
    assert await known(ann.connection) == {}
    assert await everybody(acme) == [], "nothing was written"


async def test_an_erased_member_is_known_no_more(ann: Browser, acme: Scim) -> None:
    landed = await land(ann)
    await sql.rows("UPDATE member SET status = 'DEPROVISIONED', seat = NULL, erase_after = now() - interval '1 day'")
    await erasures.erase_due(acme.access.organization_id)
    assert (await everybody(acme))[0]["id"] == landed.member
    assert await known(ann.connection) == {}


async def test_a_refusal_over_http_says_who_can_help(ann: Browser, acme: Scim) -> None:
    await choose(acme, jit_enabled=False)
    answer = await ann.sign_in()
    assert not is_in(answer)
    assert "You were not let in. ann@example.com is no member of this organization" in answer.text
    trace = answer.text.strip().rpartition("Trace: ")[2]
    assert uuid.UUID(trace)
