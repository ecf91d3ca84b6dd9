"""Invitations: who comes although the domain rule would not let them (R096)."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import pytest

from api.provisioning import access, invitations
from api.provisioning.actor import Right, integration
from api.provisioning.errors import (
    AlreadyMember,
    BadSetting,
    Forbidden,
    InvitationOver,
    NotFound,
    OutsideDomains,
    Refused,
    SeatLimitReached,
)
from api.provisioning.invitations import Guest, Invited
from db import sql
from db.enums import SeatType
from db.ids import OrganizationId, new_id
from db.queries import platform
from tests.factories import SeatPoolFactory
from tests.scim.conversation import Json, Scim, document
from tests.scim.governing import active, choose, everybody, governor, map_group, member_of, own, person, role_of

from .acting import after, an_admin, history_of, texts
from .test_sign_ins import sign_in

GUEST = "guest@elsewhere.example.org"


async def invite(scim: Scim, email: str = GUEST, **more: Any) -> Invited:
    """Somebody invited by an admin."""
    return await invitations.invite(an_admin(scim), Guest(email, **more))


@pytest.fixture
async def house(scim: Scim) -> Scim:
    """An organization with a verified domain."""
    await own(scim, "example.com")
    await choose(scim, domain_rule="VERIFIED")
    return scim


async def test_somebody_from_outside_is_invited_and_accepts(house: Scim) -> None:
    """R096, R140: with a seat from the start, shown as external, marked by how they came."""
    made = await invite(house, display_name="Gus Guest", seat_type=SeatType.LITE)
    assert (made.member.status, made.member.seat, made.member.may_use) == ("INVITED", "lite", False)
    accepted = await invitations.accept(made.token)
    assert (accepted.member, accepted.status, accepted.seat) == (made.member.member, "ACTIVE", "lite")
    [member] = await everybody(house)
    shown = {name: member[name] for name in ("source", "managed_by", "display_name", "is_external")}
    assert shown == {
        "source": "INVITATION",
        "managed_by": "LOCAL",
        "display_name": "Gus Guest",
        "is_external": True,
    }
    kinds = [(each["actor_kind"], each["action"]) for each in await history_of(member["id"])]
    assert kinds == [("ADMIN", "created"), ("MEMBER", "invitation_accepted")]
    assert await sql.value("SELECT count(*) FROM seat_entry") == 1


async def test_who_is_external_follows_from_the_domain_rule(house: Scim, ann: Json) -> None:
    await invite(house)
    assert [each["is_external"] for each in await everybody(house)] == [False, True]
    await choose(house, domain_rule="OFF")
    assert [each["is_external"] for each in await everybody(house)] == [False, False]


async def test_only_the_hash_of_a_token_is_kept(house: Scim) -> None:
    made = await invite(house)
    kept = await sql.value("SELECT token_hash FROM invitation")
    assert isinstance(kept, bytes)
    assert len(kept) == 32
    assert len(made.token) > 40
    everything = await sql.rows("SELECT i::text, c::text FROM invitation i, change c")
    assert made.token.removeprefix("rc_invite_") not in str(everything)


async def test_an_invitation_is_accepted_once(house: Scim) -> None:
    made = await invite(house)
    await invitations.accept(made.token)
    with pytest.raises(InvitationOver, match="accepted already"):
        await invitations.accept(made.token)


async def test_of_twenty_who_accept_at_once_one_does(house: Scim) -> None:
    made = await invite(house)
    found = await asyncio.gather(*(invitations.accept(made.token) for _ in range(20)), return_exceptions=True)
    assert sum(isinstance(each, InvitationOver) for each in found) == 19


async def test_an_invitation_expires_after_seven_days(house: Scim, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await invite(house)
    after(monkeypatch, days=7)
    with pytest.raises(InvitationOver, match="expired on"):
        await invitations.accept(made.token)
    again = await invite(house)
    assert again.member.member == made.member.member
    assert (await invitations.accept(again.token)).status == "ACTIVE"


async def test_a_newer_invitation_ends_the_older_one(house: Scim) -> None:
    first, second = await invite(house), await invite(house)
    with pytest.raises(NotFound, match="a newer one was sent"):
        await invitations.accept(first.token)
    assert (await invitations.accept(second.token)).status == "ACTIVE"
    with pytest.raises(NotFound):
        await invitations.accept("rc_invite_nonsense")


async def test_a_withdrawn_invitation_is_worth_nothing_and_its_seat_is_free(house: Scim) -> None:
    made = await invite(house)
    gone = await invitations.withdraw(an_admin(house), made.member.member)
    assert (gone.status, gone.seat) == ("DEPROVISIONED", None)
    with pytest.raises(NotFound, match="withdrawn"):
        await invitations.accept(made.token)
    with pytest.raises(NotFound, match="no invitation that could be withdrawn"):
        await invitations.withdraw(an_admin(house), made.member.member)


async def test_a_member_who_was_removed_is_invited_back_as_who_they_were(house: Scim, ann: Json) -> None:
    await house.delete(f"/Users/{ann['id']}")
    before = await member_of(house)
    made = await invite(house, "ANN@example.com")
    assert (made.member.member, made.member.status) == (before["id"], "INVITED")
    await invitations.accept(made.token)
    back = await member_of(house)
    assert (back["status"], back["managed_by"], back["source"], back["account_id"]) == (
        "ACTIVE",
        "LOCAL",
        "SCIM",
        before["account_id"],
    )


async def test_who_was_locked_out_and_removed_may_be_invited_back(house: Scim) -> None:
    made = await invite(house)
    await invitations.accept(made.token)
    for act in (access.deactivate, access.remove):
        await act(an_admin(house), made.member.member)
    again = await invite(house)
    assert again.member.status == "INVITED"
    assert (await invitations.accept(again.token)).status == "ACTIVE"


async def test_a_token_that_is_replaced_just_now_is_worth_nothing(house: Scim, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await invite(house)
    found = house.access.organization_id, first.member.member

    async def as_it_was(_: bytes) -> tuple[OrganizationId, uuid.UUID]:
        return found

    await invite(house)
    monkeypatch.setattr(platform, "invitation", as_it_was)
    with pytest.raises(NotFound, match="a newer one was sent"):
        await invitations.accept(first.token)


@pytest.mark.parametrize("is_active", [True, False])
async def test_a_member_is_not_invited(house: Scim, ann: Json, is_active: bool) -> None:
    await house.patch(f"/Users/{ann['id']}", active(is_active))
    with pytest.raises(AlreadyMember, match="and active" if is_active else "deactivated. Let them in"):
        await invite(house, "ann@example.com")


async def test_a_role_given_with_an_invitation_is_an_override_with_its_reason(house: Scim) -> None:
    made = await invite(house, role="account-manager")
    assert made.member.role == "account-manager"
    await invitations.accept(made.token)
    assert await role_of(house, GUEST) == "account-manager"
    [override] = await sql.rows("SELECT reason, set_by FROM role_override")
    assert tuple(override) == ("invited as Account Manager", "dana@example.com")
    assert "override_set" in [each["action"] for each in await history_of(made.member.member)]


async def test_a_role_can_be_given_with_a_second_invitation(house: Scim) -> None:
    await invite(house)
    assert (await invite(house, role="admin")).member.role == "admin"


async def test_a_role_that_cannot_be_given_invites_nobody(house: Scim) -> None:
    with pytest.raises(BadSetting, match="There is no role 'boss'"):
        await invite(house, role="boss")
    await choose(house, override_mode="FORBIDDEN")
    with pytest.raises(Refused, match="override_mode"):
        await invite(house, role="admin")
    assert await everybody(house) == []


async def test_an_invited_admin_is_no_admin_yet(house: Scim, ann: Json) -> None:
    """C20: who has not accepted cannot be the one admin who is left."""
    await invite(house, role="admin")
    made = await house.make_group("Admins", [ann["id"]])
    await map_group(house, made, "admin")
    assert (await house.patch(f"/Users/{ann['id']}", active(False))).status_code == 403


async def test_an_invitation_needs_a_seat(house: Scim) -> None:
    """R140: at the limit nobody is invited, or they wait; the seat that becomes free leaves them invited."""
    await SeatPoolFactory.make(organization=house.access.organization_id, seat_limit=1)
    made = document(await house.post("/Users", person()))
    with pytest.raises(SeatLimitReached):
        await invite(house)
    assert await sql.value("SELECT count(*) FROM invitation") == 0
    await choose(house, seat_limit="HOLD")
    waiting = await invite(house)
    assert (waiting.member.status, waiting.member.seat) == ("WAITING_FOR_SEAT", None)
    assert [each.status for each in await invitations.open_ones(an_admin(house))] == ["WAITING_FOR_SEAT"]
    await house.patch(f"/Users/{made['id']}", active(False))
    assert (await member_of(house, GUEST))["status"] == "INVITED"
    assert (await invitations.accept(waiting.token)).status == "ACTIVE"


async def test_who_accepts_while_waiting_for_a_seat_waits_as_a_member(house: Scim) -> None:
    await SeatPoolFactory.make(organization=house.access.organization_id, seat_limit=1)
    await choose(house, seat_limit="HOLD")
    made = document(await house.post("/Users", person()))
    waiting = await invite(house)
    assert (await invitations.accept(waiting.token)).status == "WAITING_FOR_SEAT"
    await house.delete(f"/Users/{made['id']}")
    assert (await member_of(house, GUEST))["status"] == "ACTIVE"


async def test_a_directory_that_brings_the_invited_lets_them_in(house: Scim) -> None:
    """R015, R140: one member, one seat; the token has nothing to accept any more."""
    made = await invite(house, "ann@example.com")
    await house.post("/Users", person())
    [member] = await everybody(house)
    assert (member["id"], member["status"], member["managed_by"]) == (made.member.member, "ACTIVE", "DIRECTORY")
    with pytest.raises(InvitationOver, match="not open any more"):
        await invitations.accept(made.token)


async def test_the_invited_who_sign_in_accept_by_that(house: Scim) -> None:
    await choose(house, jit_enabled=True)
    made = await invite(house)
    signed = await sign_in(house, GUEST)
    assert (signed.member, signed.status) == (made.member.member, "ACTIVE")
    assert "Signing in accepts the invitation." in texts(signed)
    with pytest.raises(InvitationOver, match="accepted already"):
        await invitations.accept(made.token)


async def test_an_expired_invitation_lets_nobody_sign_in_from_outside(
    house: Scim, monkeypatch: pytest.MonkeyPatch
) -> None:
    await choose(house, jit_enabled=True)
    await invite(house)
    await invite(house, "bob@example.com")
    after(monkeypatch, days=8)
    with pytest.raises(OutsideDomains):
        await sign_in(house, GUEST)
    assert (await sign_in(house, "bob@example.com")).status == "ACTIVE"


async def test_an_account_of_another_organization_is_not_shared_by_an_invitation(house: Scim, stranger: Scim) -> None:
    """C3: a token proves who may accept, not whose the address is."""
    await stranger.post("/Users", person("guest", "elsewhere.example.org"))
    await invite(house)
    accounts = [(await everybody(each))[0]["account_id"] for each in (house, stranger)]
    assert accounts[0] != accounts[1]


async def test_only_who_manages_members_invites(house: Scim) -> None:
    program = integration(house.access.organization_id, new_id(), "Reports", frozenset({Right.ORGANIZATION_READ}))
    with pytest.raises(Forbidden):
        await invitations.invite(program, Guest(GUEST))
    with pytest.raises(Forbidden):
        await invitations.withdraw(program, new_id())


async def test_many_invitations_of_one_person_at_once_make_one_member(house: Scim) -> None:
    made = await asyncio.gather(*(invite(house) for _ in range(10)))
    assert len({each.member.member for each in made}) == len(await everybody(house)) == 1


async def test_an_invitation_of_another_organization_is_not_there(house: Scim, stranger: Scim) -> None:
    made = await invite(house)
    with pytest.raises(NotFound):
        await invitations.withdraw(an_admin(stranger), made.member.member)
    assert await invitations.open_ones(governor(stranger)) == []
