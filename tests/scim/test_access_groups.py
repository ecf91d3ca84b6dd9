"""Directories whose people are let in by being in a group, whatever `active` says (REQUIREMENTS R050)."""

from __future__ import annotations

import asyncio
import uuid

import pytest

from api.provisioning import diagnosis, directories, mappings, members
from api.provisioning.errors import LastAdmin, NotFound
from api.provisioning.explanation import as_text
from db import sql
from db.queries import log

from .conftest import second_directory
from .conversation import Json, Scim, document
from .governing import active, adding, choose, governor, member_of, person, removing, role_of, team

BOB = "bob@example.com"


async def switch(scim: Scim, *, on: bool = True) -> None:
    """Let the directory suspend whoever leaves its groups, or not."""
    values = {"suspend_on_leaving_groups": str(on).lower()}
    await directories.change(governor(scim), scim.access.directory_id, values)


async def mark(scim: Scim, group: Json, *, on: bool = True) -> int:
    """Let a group give access, or not; how many members changed."""
    return await mappings.mark_group(governor(scim), uuid.UUID(group["id"]), gives_access=on)


async def gate(scim: Scim, *ids: str, name: str = "Door") -> Json:
    """A group that gives access to these, in a directory that suspends everybody else."""
    made = await team(scim, None, *ids, name=name)
    await mark(scim, made)
    await switch(scim)
    return made


async def status_of(scim: Scim, email: str = "ann@example.com") -> str:
    """A member's status, after a look whether the explanation agrees."""
    found = await member_of(scim, email)
    outcome = await members.explain(governor(scim), found["id"])
    assert (found["status"] == "SUSPENDED") <= outcome.is_suspended
    assert (found["status"] == "ACTIVE") <= (not outcome.is_suspended)
    return found["status"]  # type: ignore[no-any-return]  # a row


async def test_leaving_the_last_access_group_suspends_and_coming_back_lets_in(scim: Scim, ann: Json) -> None:
    """R050: although `active` stays true, and the role stays what it was."""
    first, second = await gate(scim, ann["id"]), await team(scim, None, ann["id"], name="Side door")
    await mark(scim, second)
    await scim.patch(f"/Groups/{first['id']}", removing(ann["id"]))
    assert await status_of(scim) == "ACTIVE"
    await scim.patch(f"/Groups/{second['id']}", removing(ann["id"]))
    assert await status_of(scim) == "SUSPENDED"
    assert (await scim.read(f"/Users/{ann['id']}"))["active"] is True
    found = await member_of(scim)
    assert found["status_since"] == found["updated_at"] > found["created_at"]
    assert await role_of(scim) == "viewer"
    await scim.patch(f"/Groups/{first['id']}", adding(ann["id"]))
    assert await status_of(scim) == "ACTIVE"


async def test_the_request_and_the_history_tell_who_was_suspended(scim: Scim, ann: Json) -> None:
    door = await gate(scim, ann["id"])
    await scim.patch(f"/Groups/{door['id']}", removing(ann["id"]))
    told = await sql.value("SELECT decisions FROM request WHERE method = 'PATCH' ORDER BY id DESC LIMIT 1")
    assert "1 member: suspended" not in str(told)
    assert "1 member suspended: in no group that gives access any more." in str(told)
    changes = await log.changes_of(scim.access.organization_id, (await member_of(scim))["id"])
    assert (changes[-1]["before"], changes[-1]["after"]) == ('{"status": "ACTIVE"}', '{"status": "SUSPENDED"}')


async def test_newcomers_are_suspended_until_a_group_gives_access(scim: Scim) -> None:
    """R050: a new person is in no group yet, unless one has named them before."""
    door = await gate(scim, "eve")
    await scim.post("/Users", person())
    await scim.post("/Users", person("eve"))
    assert (await status_of(scim), await status_of(scim, "eve@example.com")) == ("SUSPENDED", "ACTIVE")
    await scim.patch(f"/Groups/{door['id']}", adding("ann"))
    assert await status_of(scim) == "ACTIVE"


async def test_without_the_switch_or_without_such_a_group_nobody_is_suspended(scim: Scim, ann: Json) -> None:
    await switch(scim)
    assert await status_of(scim) == "ACTIVE"
    door = await team(scim, None)
    await switch(scim, on=False)
    assert await mark(scim, door) == 0
    assert await status_of(scim) == "ACTIVE"


async def test_switch_and_mark_count_at_once(scim: Scim, ann: Json) -> None:
    """R050: both ways, for exactly those whom it concerns."""
    bob = document(await scim.post("/Users", person("bob")))
    door = await team(scim, None, bob["id"])
    await switch(scim)
    assert await mark(scim, door) == 1
    assert (await status_of(scim), await status_of(scim, BOB)) == ("SUSPENDED", "ACTIVE")
    other = await team(scim, None, ann["id"], name="Other")
    assert await mark(scim, other) == 1
    assert await mark(scim, other) == 0
    assert await mark(scim, door, on=False) == 1
    assert (await status_of(scim), await status_of(scim, BOB)) == ("ACTIVE", "SUSPENDED")
    await switch(scim, on=False)
    assert await status_of(scim, BOB) == "ACTIVE"
    await switch(scim)
    assert await mark(scim, other, on=False) == 1
    assert await status_of(scim, BOB) == "ACTIVE"


async def test_the_end_of_an_access_group_suspends_those_whom_only_it_let_in(scim: Scim, ann: Json) -> None:
    """R110."""
    bob = document(await scim.post("/Users", person("bob")))
    door, other = await gate(scim, ann["id"]), await team(scim, None, bob["id"], name="Other")
    await mark(scim, other)
    await scim.delete(f"/Groups/{door['id']}")
    assert (await status_of(scim), await status_of(scim, BOB)) == ("SUSPENDED", "ACTIVE")
    await scim.delete(f"/Groups/{other['id']}")
    assert (await status_of(scim), await status_of(scim, BOB)) == ("ACTIVE", "ACTIVE")


async def test_two_access_groups_that_end_at_once_leave_nobody_suspended(scim: Scim, ann: Json) -> None:
    doors = [await gate(scim, name="One"), await gate(scim, name="Two")]
    assert await status_of(scim) == "SUSPENDED"
    await asyncio.gather(*(scim.delete(f"/Groups/{each['id']}") for each in doors))
    assert await status_of(scim) == "ACTIVE"


async def test_reactivation_is_no_way_around(scim: Scim, ann: Json) -> None:
    await gate(scim)
    for value, status in ((False, "DEACTIVATED"), (True, "SUSPENDED")):
        await scim.patch(f"/Users/{ann['id']}", active(value))
        assert await status_of(scim) == status


async def test_only_what_a_directory_has_counts_for_its_groups(scim: Scim, ann: Json) -> None:
    """Another directory does not suspend, and lets nobody in who has left this one's groups, but by their end."""
    other = await second_directory(scim)
    door = await gate(scim, ann["id"])
    await scim.post("/Users", person("bob"))
    await other.post("/Users", person("carl"))
    await other.post("/Users", person())
    assert await status_of(scim, "carl@example.com") == "ACTIVE"
    await scim.patch(f"/Groups/{door['id']}", removing(ann["id"]))
    assert await status_of(scim) == "SUSPENDED"
    await scim.delete(f"/Users/{ann['id']}")
    assert await status_of(scim) == "ACTIVE"


async def test_two_users_of_one_person_are_in_the_groups_of_both(scim: Scim, ann: Json) -> None:
    again = document(await scim.post("/Users", person(userName="ann2")))
    door = await gate(scim, again["id"])
    assert await status_of(scim) == "ACTIVE"
    await scim.patch(f"/Groups/{door['id']}", removing(again["id"]))
    assert await status_of(scim) == "SUSPENDED"


async def test_what_a_deleted_directory_said_counts_for_nothing(scim: Scim, ann: Json) -> None:
    await choose(scim, accept_roles_attribute=True)
    await scim.patch(f"/Users/{ann['id']}", {"op": "replace", "path": "roles", "value": [{"value": "account-manager"}]})
    made, door = await team(scim, "knowledge-base-viewer", ann["id"]), await gate(scim)
    assert (await status_of(scim), await role_of(scim)) == ("SUSPENDED", "account-manager")
    await sql.rows("UPDATE directory SET deleted_at = now()")
    await mark(scim, door, on=False)
    await mark(scim, door)
    assert await status_of(scim) == "ACTIVE"
    await sql.rows("UPDATE directory SET deleted_at = NULL")
    await sql.rows("UPDATE directory_user SET lets_in = NULL")
    await mappings.map_group(governor(scim), uuid.UUID(made["id"]), "account-manager")
    assert (await status_of(scim), await role_of(scim)) == ("ACTIVE", "viewer")


async def test_no_switch_and_no_mark_takes_the_last_admin_away(scim: Scim, ann: Json) -> None:
    """R125."""
    door = await team(scim, "admin", ann["id"])
    other = await team(scim, None, name="Other")
    await mark(scim, other)
    with pytest.raises(LastAdmin):
        await switch(scim)
    await mark(scim, door)
    await switch(scim)
    with pytest.raises(LastAdmin):
        await mark(scim, door, on=False)
    assert (await scim.patch(f"/Groups/{door['id']}", removing(ann["id"]))).status_code == 403
    assert await status_of(scim) == "ACTIVE"


async def test_marks_are_remembered_and_concern_their_own_organization(scim: Scim, stranger: Scim) -> None:
    door = await team(scim, None)
    group = uuid.UUID(door["id"])
    with pytest.raises(NotFound):
        await mappings.mark_group(governor(stranger), group, gives_access=True)
    await mappings.mark_group(governor(scim), group, is_urgent=True)
    await mappings.mark_group(governor(scim), group, gives_access=True, is_urgent=True)
    [shown] = await mappings.overview(governor(scim))
    assert (shown["gives_access"], shown["is_urgent"]) == (True, True)
    changes = await log.changes_of(scim.access.organization_id, group)
    assert [(each["before"], each["after"]) for each in changes if each["action"] == "group_marked"] == [
        ('{"is_urgent": false}', '{"is_urgent": true}'),
        ('{"gives_access": false}', '{"gives_access": true}'),
    ]


async def test_whoever_looks_for_them_reads_why(scim: Scim, ann: Json) -> None:
    """R152."""
    await gate(scim)
    [found] = await diagnosis.why(governor(scim), "ann@example.com")
    assert "is suspended: in no group that gives access, since" in found.text
    assert "group that gives access" in found.next_step
    outcome = await members.explain(governor(scim), (await member_of(scim))["id"])
    assert as_text(outcome).splitlines()[2] == "  Locked out: in no group that gives access"
