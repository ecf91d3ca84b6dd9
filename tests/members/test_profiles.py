"""Editing members by hand: the last write wins, where it is allowed (REQUIREMENTS R157 to R161, C5)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from api.provisioning import profiles
from api.provisioning.actor import Actor, Right, integration
from api.provisioning.errors import (
    AlreadyTaken,
    BadAddress,
    BadSetting,
    DirectoryManaged,
    Forbidden,
    NotFound,
    SeatLimitReached,
    VersionMismatch,
)
from api.provisioning.grounds import Grounds
from api.provisioning.outcome import MemberOutcome
from api.provisioning.profile import ProfileEdit
from db import sql
from db.enums import SeatType
from db.ids import new_id
from tests.factories import SeatPoolFactory
from tests.scim.conversation import SEAT_TYPE, Json, Scim, document
from tests.scim.governing import choose, everybody, governor, member_of, new_address, own, person

from .acting import an_admin, history_of
from .test_sign_ins import sign_in


def a_program(scim: Scim) -> Actor:
    """A program that manages members."""
    rights = frozenset({Right.MEMBERS_MANAGE, Right.ORGANIZATION_READ})
    return integration(scim.access.organization_id, new_id(), "HR sync", rights)


async def change(scim: Scim, actor: Actor | None = None, why: Grounds | None = None, **wanted: Any) -> MemberOutcome:
    """An edit of Ann by an admin."""
    member = (await everybody(scim))[0]["id"]
    return await profiles.change(actor or an_admin(scim), member, ProfileEdit(**wanted), why or Grounds())


def naming(name: str) -> Json:
    """The operation that gives a user another name."""
    return {"op": "replace", "path": "displayName", "value": name}


async def test_the_last_write_wins_and_the_history_says_whose_it_was(scim: Scim) -> None:
    """R157, R158: SCIM sets A, the API sets B, SCIM sends C; in between SCIM repeats A, which is nothing new."""
    made = document(await scim.post("/Users", person(displayName="A")))
    await change(scim, a_program(scim), display_name="B")
    assert (await member_of(scim))["display_name"] == "B"
    await scim.patch(f"/Users/{made['id']}", {"op": "add", "path": "title", "value": "Boss"})
    assert (await member_of(scim))["display_name"] == "B"
    await scim.patch(f"/Users/{made['id']}", naming("C"))
    member = await member_of(scim)
    assert member["display_name"] == "C"
    found = await profiles.written(governor(scim), member["id"], "display_name")
    assert [(each.value, each.source, each.by) for each in found] == [
        ("A", "SCIM", "GENERIC"),
        ("B", "INTEGRATION", "HR sync"),
        ("C", "SCIM", "GENERIC"),
    ]
    assert all(first.at <= second.at for first, second in pairwise(found))


async def test_every_kind_of_actor_is_labelled(scim: Scim, ann: Json) -> None:
    """R161."""
    for name, actor in (("B", an_admin(scim)), ("C", a_program(scim)), ("D", governor(scim))):
        await change(scim, actor, display_name=name)
    found = await profiles.written(governor(scim), (await member_of(scim))["id"], "display_name")
    assert [(each.source, each.by) for each in found][1:] == [
        ("ADMIN", "dana@example.com"),
        ("INTEGRATION", "HR sync"),
        ("OPERATOR", "the operator"),
    ]


async def test_what_came_by_signing_in_is_labelled_so(scim: Scim) -> None:
    await choose(scim, jit_enabled=True)
    await sign_in(scim, display_name="A")
    await sign_in(scim, display_name="B")
    found = await profiles.written(governor(scim), (await member_of(scim))["id"], "display_name")
    assert [(each.value, each.source) for each in found] == [("A", "JIT"), ("B", "JIT")]


async def test_an_edit_changes_only_what_it_names(scim: Scim) -> None:
    lite = {SEAT_TYPE: {"seat_type": "lite"}}
    await scim.post("/Users", person(displayName="Ann", **lite))
    await change(scim, display_name="Annie")
    member = await member_of(scim)
    assert (member["display_name"], member["seat"], member["email"]) == ("Annie", "lite", "ann@example.com")
    cleared = await change(scim, display_name=None, seat_type=None)
    member = await member_of(scim)
    assert (member["display_name"], member["seat_type"], cleared.seat) == (None, None, "full")


async def test_an_edit_that_changes_nothing_writes_nothing(scim: Scim) -> None:
    await scim.post("/Users", person(displayName="Ann"))
    await change(scim, display_name="Annie")
    before, written = await member_of(scim), len(await history_of((await member_of(scim))["id"]))
    assert not (await change(scim, display_name=" Annie ", email="ann@example.com")).is_changed
    assert await member_of(scim) == before
    assert len(await history_of(before["id"])) == written


async def test_a_locked_field_is_overwritten_by_nobody_until_it_is_unlocked(scim: Scim) -> None:
    """C5."""
    made = document(await scim.post("/Users", person(displayName="A")))
    await change(scim, display_name="B", locked=frozenset({"display_name"}))
    await scim.patch(f"/Users/{made['id']}", naming("C"))
    assert (await member_of(scim))["display_name"] == "B"
    await change(scim, display_name="D")
    await scim.patch(f"/Users/{made['id']}", naming("E"))
    assert (await member_of(scim))["display_name"] == "D"
    await change(scim, locked=frozenset())
    await scim.patch(f"/Users/{made['id']}", naming("F"))
    assert (await member_of(scim))["display_name"] == "F"
    with pytest.raises(BadSetting, match="email, display_name, seat_type"):
        await change(scim, locked=frozenset({"title"}))


async def test_a_new_address_moves_the_account_and_may_be_from_outside(scim: Scim, ann: Json) -> None:
    """The domain rule is about who comes by themselves; an admin answers for whom they let in."""
    await own(scim, "example.com")
    await choose(scim, domain_rule="VERIFIED", email_change="IMMUTABLE")
    before = await member_of(scim)
    await change(scim, email="Ann@Elsewhere.example.org")
    [member] = await everybody(scim)
    assert (member["email"], member["is_external"]) == ("Ann@Elsewhere.example.org", True)
    assert member["account_id"] == before["account_id"]
    account = await sql.rows("SELECT email, email_key FROM account")
    assert [tuple(row) for row in account] == [("Ann@Elsewhere.example.org", "ann@elsewhere.example.org")]


async def test_an_address_that_somebody_has_is_not_given_twice(scim: Scim, ann: Json) -> None:
    await scim.post("/Users", person("bob"))
    with pytest.raises(AlreadyTaken, match="Another member of this organization"):
        await change(scim, email="BOB@example.com")
    with pytest.raises(BadAddress):
        await change(scim, email="bob")
    assert (await member_of(scim))["email"] == "ann@example.com"


async def test_an_address_here_renames_nobody_in_another_organization(scim: Scim, stranger: Scim) -> None:
    await own(stranger, "example.com")
    for each in (scim, stranger):
        await each.post("/Users", person())
    await change(stranger, email="anna@example.com")
    assert (await member_of(scim))["email"] == "ann@example.com"
    accounts = {each["account_id"] for one in (scim, stranger) for each in await everybody(one)}
    assert len(accounts) == 2


async def test_another_seat_type_takes_another_seat_or_is_refused(scim: Scim, ann: Json) -> None:
    """R138, R140."""
    assert (await change(scim, seat_type=SeatType.LITE)).seat == "lite"
    await SeatPoolFactory.make(organization=scim.access.organization_id, seat_limit=0)
    with pytest.raises(SeatLimitReached):
        await change(scim, seat_type=SeatType.FULL)
    member = await member_of(scim)
    assert (member["seat"], member["seat_type"]) == ("lite", "lite")


async def test_a_stale_edit_is_refused(scim: Scim, ann: Json) -> None:
    member = await member_of(scim)
    await change(scim, display_name="B")
    edit = ProfileEdit(display_name="C")
    with pytest.raises(VersionMismatch, match="read them again"):
        await profiles.change(an_admin(scim), member["id"], edit, expected_version=member["version"])
    version = (await member_of(scim))["version"]
    await profiles.change(an_admin(scim), member["id"], edit, expected_version=version)
    assert (await member_of(scim))["display_name"] == "C"


async def test_only_the_directory_edits_its_people_where_that_was_chosen(scim: Scim, ann: Json) -> None:
    """R159, C5: unless somebody breaks the glass, which the history says."""
    await choose(scim, control_plane="IDP_EXCLUSIVE", jit_enabled=True)
    with pytest.raises(DirectoryManaged, match="only that changes them here"):
        await change(scim, display_name="B")
    with pytest.raises(BadSetting, match="needs a reason"):
        await change(scim, display_name="B", why=Grounds(" ", break_glass=True))
    await change(scim, display_name="B", why=Grounds("The directory is down", break_glass=True))
    member = await member_of(scim)
    last = (await history_of(member["id"]))[-1]
    assert (last["actor_kind"], last["action"]) == ("ADMIN", "edited")
    assert '"break_glass": true' in last["after"]
    assert '"reason": "The directory is down"' in last["after"]
    made = await sign_in(scim, "bob@example.com")
    assert (await profiles.change(an_admin(scim), made.member, ProfileEdit(display_name="Bob"))).is_changed


async def test_what_is_not_there_is_not_edited(scim: Scim, stranger: Scim, ann: Json) -> None:
    member = (await member_of(scim))["id"]
    with pytest.raises(NotFound):
        await profiles.change(an_admin(stranger), member, ProfileEdit(display_name="B"))
    reader = integration(scim.access.organization_id, new_id(), "R", frozenset({Right.ORGANIZATION_READ}))
    with pytest.raises(Forbidden):
        await profiles.change(reader, member, ProfileEdit(display_name="B"))
    assert await profiles.written(governor(stranger), member, "email") == []
    with pytest.raises(BadSetting):
        await profiles.written(governor(scim), member, "title")


async def test_an_edit_that_goes_back_to_what_the_directory_said_is_none(scim: Scim) -> None:
    made = document(await scim.post("/Users", person(displayName="A")))
    await change(scim, display_name="B", email="b@example.com")
    await change(scim, display_name="A", email="ann@example.com")
    assert (await member_of(scim))["local"] is None
    await scim.patch(f"/Users/{made['id']}", new_address("c@example.com"))
    assert (await everybody(scim))[0]["email"] == "c@example.com"
