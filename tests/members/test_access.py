"""Taking access by hand, giving it back, removing and erasing (REQUIREMENTS R009 to R011, R059, C5, C20)."""

from __future__ import annotations

import pytest

from api.provisioning import access, erasures, invitations
from api.provisioning.errors import (
    BadSetting,
    DirectoryManaged,
    Forbidden,
    ImpossibleTransition,
    JitRemovalNeedsSupport,
    LastAdmin,
    LockedOut,
    NotFound,
    SeatLimitReached,
)
from api.provisioning.grounds import Grounds
from api.provisioning.invitations import Guest
from db import sql
from db.enums import MemberStatus
from tests.factories import SeatPoolFactory
from tests.scim.conversation import Json, Scim, document
from tests.scim.governing import active, choose, everybody, governor, member_of, own, person, role_of, team

from .acting import an_admin, history_of
from .test_sign_ins import sign_in

WHY = Grounds("left the company")


async def test_a_member_by_signing_in_is_deactivated_by_hand(scim: Scim) -> None:
    """R009: the next sign-in is refused, the seat is free; let in again they are who they were."""
    await choose(scim, jit_enabled=True)
    made = await sign_in(scim)
    out = await access.deactivate(an_admin(scim), made.member, WHY)
    assert (out.status, out.seat, out.may_use) == ("DEACTIVATED", None, False)
    with pytest.raises(LockedOut):
        await sign_in(scim)
    back = await access.let_in(an_admin(scim), made.member)
    assert (back.member, back.status, back.seat) == (made.member, "ACTIVE", "full")
    assert (await sign_in(scim)).may_use
    found = [(each["actor_kind"], each["action"]) for each in await history_of(made.member)]
    assert found == [("INTEGRATION", "created"), ("ADMIN", "deactivated"), ("ADMIN", "let_in")]
    assert '"reason": "left the company"' in (await history_of(made.member))[1]["after"]


async def test_who_is_locked_out_stays_out_until_the_directory_lets_them_in_anew(scim: Scim, ann: Json) -> None:
    """C5: writes that say nothing new about it change nothing; a directory that activates has the last word."""
    member = (await member_of(scim))["id"]
    await access.deactivate(an_admin(scim), member)
    await scim.patch(f"/Users/{ann['id']}", {"op": "add", "path": "title", "value": "Boss"})
    assert (await member_of(scim))["status"] == "DEACTIVATED"
    for value in (False, True):
        await scim.patch(f"/Users/{ann['id']}", active(value))
    assert (await member_of(scim))["status"] == "ACTIVE"


async def test_whom_something_else_keeps_out_is_not_let_in_by_hand(scim: Scim, ann: Json) -> None:
    member = (await member_of(scim))["id"]
    assert not (await access.let_in(an_admin(scim), member)).is_changed
    await scim.patch(f"/Users/{ann['id']}", active(False))
    with pytest.raises(ImpossibleTransition, match="Activate them in the identity provider"):
        await access.let_in(an_admin(scim), member)
    await scim.delete(f"/Users/{ann['id']}")
    with pytest.raises(ImpossibleTransition, match="or invite them"):
        await access.let_in(an_admin(scim), member)


async def test_letting_somebody_in_needs_a_seat(scim: Scim, ann: Json) -> None:
    """R140."""
    member = (await member_of(scim))["id"]
    await access.deactivate(an_admin(scim), member)
    await SeatPoolFactory.make(organization=scim.access.organization_id, seat_limit=0)
    with pytest.raises(SeatLimitReached):
        await access.let_in(an_admin(scim), member)
    await choose(scim, seat_limit="HOLD")
    assert (await access.let_in(an_admin(scim), member)).status == "WAITING_FOR_SEAT"


async def test_a_seat_that_becomes_free_goes_to_who_waits(scim: Scim, ann: Json) -> None:
    await SeatPoolFactory.make(organization=scim.access.organization_id, seat_limit=1)
    await choose(scim, seat_limit="HOLD")
    await scim.post("/Users", person("bob"))
    await access.deactivate(an_admin(scim), (await member_of(scim))["id"])
    assert (await member_of(scim, "bob@example.com"))["status"] == "ACTIVE"


async def test_only_the_directory_takes_access_where_that_was_chosen(scim: Scim, ann: Json) -> None:
    """R159: breaking the glass and revoking at once pass, and the history says so."""
    await choose(scim, control_plane="IDP_EXCLUSIVE")
    member = (await member_of(scim))["id"]
    with pytest.raises(DirectoryManaged):
        await access.deactivate(an_admin(scim), member, WHY)
    await access.deactivate(an_admin(scim), member, Grounds("attack", break_glass=True))
    with pytest.raises(DirectoryManaged):
        await access.let_in(an_admin(scim), member)
    await access.let_in(an_admin(scim), member, Grounds("no attack", break_glass=True))
    assert (await access.revoke_now(an_admin(scim), member, WHY)).status == "DEACTIVATED"
    found = [(each["action"], '"break_glass": true' in each["after"]) for each in await history_of(member)]
    assert found[-3:] == [("deactivated", True), ("let_in", True), ("revoked", False)]


async def _held(scim: Scim) -> list[object]:
    """Two members whose removal is on hold: one deactivated, one deleted by the directory."""
    await choose(scim, breaker_people=1, breaker_percent=1)
    made = [document(await scim.post("/Users", person(name))) for name in ("ann", "bob", "cy")]
    await scim.delete(f"/Users/{made[2]['id']}")
    await scim.patch(f"/Users/{made[0]['id']}", active(False))
    await scim.delete(f"/Users/{made[1]['id']}")
    found = [await member_of(scim, f"{name}@example.com") for name in ("ann", "bob")]
    assert [each["status"] for each in found] == ["HELD", "HELD"]
    return [each["id"] for each in found]


@pytest.mark.parametrize("act", [access.revoke_now, access.deactivate])
async def test_revoking_ends_what_the_breaker_holds(scim: Scim, act: object) -> None:
    """IDEAS: the urgent path; a removal on hold is approved by it, whether the directory still has them or not."""
    members = await _held(scim)
    outcomes = [await act(an_admin(scim), each, WHY) for each in members]  # type: ignore[operator]  # one of two
    assert [each.status for each in outcomes] == ["DEACTIVATED", "DEPROVISIONED"]
    found = await sql.rows("SELECT state, decided_by FROM removal WHERE member_id = ANY($1)", members)
    assert [tuple(each) for each in found] == [("APPROVED", "dana@example.com")] * 2


async def test_a_removal_on_hold_is_approved_by_removing_the_member(scim: Scim) -> None:
    _, bob = await _held(scim)
    assert (await access.remove(an_admin(scim), bob)).status == "DEPROVISIONED"  # type: ignore[arg-type]  # a UUID
    assert await sql.value("SELECT state FROM removal WHERE member_id = $1", bob) == "APPROVED"


async def test_revoking_at_once_needs_a_reason(scim: Scim, ann: Json) -> None:
    with pytest.raises(BadSetting, match="needs a reason"):
        await access.revoke_now(an_admin(scim), (await member_of(scim))["id"], Grounds(" "))


async def test_support_removes_who_came_by_signing_in(scim: Scim) -> None:
    """R011: an admin is told so, the operator does it."""
    await choose(scim, jit_enabled=True)
    made = await sign_in(scim)
    with pytest.raises(JitRemovalNeedsSupport, match="support removes such members"):
        await access.remove(an_admin(scim), made.member)
    gone = await access.remove(governor(scim), made.member, WHY)
    assert (gone.status, gone.seat) == ("DEPROVISIONED", None)
    with pytest.raises(LockedOut, match="brings nobody back"):
        await sign_in(scim)
    assert not (await access.remove(governor(scim), made.member)).is_changed


async def test_an_invited_member_is_removed_by_an_admin_and_the_token_is_worth_nothing(scim: Scim) -> None:
    made = await invitations.invite(an_admin(scim), Guest("gus@example.org"))
    assert (await access.remove(an_admin(scim), made.member.member)).status == "DEPROVISIONED"
    with pytest.raises(NotFound):
        await invitations.accept(made.token)


async def test_whom_a_directory_has_is_removed_there(scim: Scim, ann: Json) -> None:
    with pytest.raises(DirectoryManaged, match="remove them in the identity provider, or deactivate them here"):
        await access.remove(governor(scim), (await member_of(scim))["id"])


async def test_the_last_admin_goes_by_the_operator_only(scim: Scim, ann: Json) -> None:
    """C20, R125."""
    await team(scim, "admin", ann["id"])
    member = (await member_of(scim))["id"]
    for act in (access.deactivate, access.revoke_now):
        with pytest.raises(LastAdmin):
            await act(governor(scim), member, WHY)
        with pytest.raises(Forbidden, match=r"platform\.manage"):
            await act(an_admin(scim), member, WHY, allow_removing_last_admin=True)
    assert await role_of(scim) == "admin"
    out = await access.deactivate(governor(scim), member, WHY, allow_removing_last_admin=True)
    assert out.status == "DEACTIVATED"


async def test_what_another_organization_has_is_not_there(scim: Scim, stranger: Scim, ann: Json) -> None:
    member = (await member_of(scim))["id"]
    for act in (access.deactivate, access.revoke_now, access.let_in, access.remove, erasures.erase_now):
        with pytest.raises(NotFound):
            await act(governor(stranger), member, WHY)


async def test_nothing_is_left_of_whom_the_operator_erases(scim: Scim) -> None:
    """R059: a tombstone, and a person who comes again is somebody new."""
    await own(scim, "example.com")
    body = person(displayName="Ann Arbor", userName="ann.arbor", externalId="ext-7")
    made = document(await scim.post("/Users", body))
    await scim.post("/Users", person(userName="ann.arbor", displayName="Second"))  # refused, with her name in it
    member = (await member_of(scim))["id"]
    with pytest.raises(DirectoryManaged):
        await erasures.erase_now(governor(scim), member, WHY)
    await scim.delete(f"/Users/{made['id']}")
    with pytest.raises(BadSetting, match="needs a reason"):
        await erasures.erase_now(governor(scim), member, Grounds())
    with pytest.raises(Forbidden):
        await erasures.erase_now(an_admin(scim), member, WHY)
    await erasures.erase_now(governor(scim), member, WHY)
    await _assert_forgotten("arbor", "ann", "ext-7")
    [tombstone] = await everybody(scim)
    assert (tombstone["id"], tombstone["status"], tombstone["email"]) == (member, MemberStatus.ERASED, None)
    assert [each["action"] for each in await history_of(member)][-1] == "erased"
    with pytest.raises(NotFound):
        await access.let_in(governor(scim), member)
    await scim.post("/Users", body)
    assert (await member_of(scim))["id"] != member


async def test_who_is_in_is_not_erased(scim: Scim) -> None:
    await choose(scim, jit_enabled=True)
    made = await sign_in(scim)
    with pytest.raises(ImpossibleTransition):
        await erasures.erase_now(governor(scim), made.member, WHY)
    await access.deactivate(governor(scim), made.member)
    await erasures.erase_now(governor(scim), made.member, WHY)


async def test_an_account_that_another_organization_shares_stays(scim: Scim, stranger: Scim) -> None:
    await own(stranger, "example.com")
    made = document(await scim.post("/Users", person()))
    await stranger.post("/Users", person())
    await scim.delete(f"/Users/{made['id']}")
    member = (await member_of(scim))["id"]
    await erasures.erase_now(governor(scim), member, WHY)
    assert await sql.value("SELECT email FROM account") == "ann@example.com"
    assert (await member_of(stranger))["status"] == "ACTIVE"


async def _assert_forgotten(*words: str) -> None:
    """No table of those that tell of people has any of the words."""
    for table in ("member", "account", "change", "request", "departed_user", "directory_user", "invitation"):
        found = str(await sql.rows(f"SELECT t::text FROM {table} t")).lower()
        assert [word for word in words if word in found] == [], table
