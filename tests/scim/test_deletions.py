"""Deleting a directory, with a choice for its people (R144, R146, C14)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from api.provisioning import deletions, directories, governance, keys, standings
from api.provisioning.deletion_choices import Choice
from api.provisioning.deletions import DeleteDirectory
from api.provisioning.errors import BadSetting, FactsMoved, LastAdmin, NotFound
from db import sql
from db.queries import log

from .conftest import second_directory
from .conversation import Json, Scim, assert_error, document
from .deleting import delete, restored, seats, statuses
from .governing import active, choose, everybody, governor, member_of, override, person, team


@pytest.mark.parametrize(
    ("choice", "active_one", "inactive_one"),
    [
        (Choice.KEEP_LOCAL, "ACTIVE", "DEACTIVATED"),
        (Choice.DEACTIVATE_ALL, "DEACTIVATED", "DEACTIVATED"),
        (Choice.REMOVE_ALL, "DEPROVISIONED", "DEPROVISIONED"),
    ],
)
async def test_each_choice_does_to_people_what_it_says(
    scim: Scim, people: None, choice: Choice, active_one: str, inactive_one: str
) -> None:
    """R144, R146: and leaves those alone whom another directory has, too."""
    await delete(scim, choice)
    dan = "DEPROVISIONED" if choice is Choice.REMOVE_ALL else "DEACTIVATED"
    assert await statuses(scim) == {"ann": active_one, "bob": inactive_one, "cleo": "ACTIVE", "dan": dan}
    assert await seats(scim) == (2 if choice is Choice.KEEP_LOCAL else 1)
    managed = {each["email"]: each["managed_by"] for each in await everybody(scim)}
    assert managed["cleo@example.com"] == "DIRECTORY"
    assert managed["ann@example.com"] == ("DIRECTORY" if choice is Choice.REMOVE_ALL else "LOCAL")


async def test_without_a_choice_nothing_is_deleted(scim: Scim, ann: Json) -> None:
    """C14: there is no choice by default, and the refusal says which there are."""
    with pytest.raises(BadSetting, match=r"KEEP_LOCAL: .*DEACTIVATE_ALL: .*REMOVE_ALL: "):
        await delete(scim, None)
    assert (await scim.get("/Users")).status_code == 200


async def test_the_preview_says_what_each_choice_would_do_and_does_nothing(scim: Scim, people: None) -> None:
    """R146: the counts are those of the deletion itself."""
    before = await everybody(scim)
    found = await deletions.preview(governor(scim), scim.access.directory_id)
    assert await everybody(scim) == before
    assert (await scim.get("/Users")).status_code == 200
    assert (found.people, found.others) == (3, 1)
    foreseen = {each.choice: each.statuses for each in found.choices}
    assert foreseen == {
        Choice.KEEP_LOCAL: {},
        Choice.DEACTIVATE_ALL: {"DEACTIVATED": 1},
        Choice.REMOVE_ALL: {"DEPROVISIONED": 3},
    }
    assert (await delete(scim, Choice.REMOVE_ALL)).statuses == foreseen[Choice.REMOVE_ALL]


async def test_a_deleted_directory_lets_no_key_in_and_is_not_there(scim: Scim, sibling: Scim, ann: Json) -> None:
    await delete(scim)
    assert "revoked" in assert_error(await scim.get("/Users"), 401)
    assert [each["name"] for each in await directories.overview(scim.access.organization_id)] == ["Second"]
    [gone] = await deletions.deleted(governor(scim))
    assert (gone["name"], gone["id"]) == ("GENERIC", scim.access.directory_id)
    for act in (
        lambda: delete(scim),
        lambda: directories.change(governor(scim), scim.access.directory_id, {"state": "PAUSED"}),
        lambda: keys.rotate(governor(scim), scim.access.directory_id, overlap=timedelta(0)),
    ):
        with pytest.raises(NotFound):
            await act()


async def test_a_deletion_is_remembered_with_what_was_chosen(scim: Scim, ann: Json) -> None:
    await delete(scim, Choice.REMOVE_ALL)
    [_, change] = await log.changes_of(scim.access.organization_id, scim.access.directory_id)
    assert (change["action"], change["actor_kind"]) == ("directory_deleted", "OPERATOR")
    assert '"REMOVE_ALL"' in str(change["after"])
    changes = await log.changes_of(scim.access.organization_id, (await member_of(scim))["id"])
    assert changes[-1]["after"] == '{"seat": null, "status": "DEPROVISIONED"}'


async def test_the_last_admin_stays_whatever_is_chosen(scim: Scim, ann: Json) -> None:
    """R125: kept as a member of their own, an admin by hand stays one."""
    await override(scim, "admin")
    for choice in (Choice.DEACTIVATE_ALL, Choice.REMOVE_ALL):
        with pytest.raises(LastAdmin):
            await delete(scim, choice)
    assert (await scim.get("/Users")).status_code == 200
    found = await deletions.preview(governor(scim), scim.access.directory_id)
    assert ["without an admin" in str(each.problem) for each in found.choices] == [False, True, True]
    await delete(scim)
    assert (await member_of(scim))["status"] == "ACTIVE"


async def test_who_was_suspended_gets_no_access_by_a_deletion(scim: Scim, ann: Json) -> None:
    await choose(scim, on_no_mapped_group="SUSPEND")
    bob = document(await scim.post("/Users", person("bob")))
    await team(scim, "viewer", bob["id"])
    assert await statuses(scim) == {"ann": "SUSPENDED", "bob": "ACTIVE"}
    await delete(scim)
    assert await statuses(scim) == {"ann": "DEACTIVATED", "bob": "ACTIVE"}
    await restored(scim)
    assert await statuses(scim) == {"ann": "SUSPENDED", "bob": "ACTIVE"}


async def test_what_was_held_is_decided_by_the_deletion(scim: Scim) -> None:
    await choose(scim, breaker_people=1, breaker_percent=1)
    made = [document(await scim.post("/Users", person(name)))["id"] for name in ("ann", "bob", "cleo")]
    for id in made:
        await scim.delete(f"/Users/{id}")
    assert await statuses(scim) == {"ann": "DEPROVISIONED", "bob": "HELD", "cleo": "HELD"}
    await scim.post("/Users", person("bob"))
    await scim.patch(f"/Users/{(await scim.read('/Users'))['Resources'][0]['id']}", active(False))
    assert (await statuses(scim))["bob"] == "HELD"
    await delete(scim)
    assert await statuses(scim) == {"ann": "DEPROVISIONED", "bob": "ACTIVE", "cleo": "HELD"}
    found = await sql.rows(
        "SELECT state FROM removal WHERE member_id = $1", (await member_of(scim, "bob@example.com"))["id"]
    )
    assert {row[0] for row in found} == {"CANCELLED"}


async def test_a_deletion_gives_its_seats_to_who_waits(scim: Scim, ann: Json) -> None:
    await sql.rows(
        "INSERT INTO seat_pool (organization_id, seat_type, seat_limit) VALUES ($1, 'full', 1)",
        scim.access.organization_id,
    )
    await choose(scim, seat_limit="HOLD")
    other = await second_directory(scim)
    await other.post("/Users", person("bob"))
    await choose(scim, seat_limit="BLOCK")
    await delete(scim, Choice.DEACTIVATE_ALL)
    assert await statuses(scim) == {"ann": "DEACTIVATED", "bob": "ACTIVE"}


async def test_waiting_for_a_seat_is_in_the_way_of_no_deletion(scim: Scim, ann: Json) -> None:
    await sql.rows(
        "INSERT INTO seat_pool (organization_id, seat_type, seat_limit) VALUES ($1, 'full', 1)",
        scim.access.organization_id,
    )
    await choose(scim, seat_limit="HOLD")
    await scim.post("/Users", person("bob"))
    await choose(scim, seat_limit="BLOCK")
    await delete(scim)
    assert await statuses(scim) == {"ann": "ACTIVE", "bob": "WAITING_FOR_SEAT"}


async def test_a_request_on_its_way_does_not_come_in_behind_a_deletion(
    scim: Scim, ann: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests that were let in before wait for the deletion, and are refused then."""
    ready, go = asyncio.Event(), asyncio.Event()
    plan = standings.plan

    async def slow(*arguments: object) -> object:
        ready.set()
        await go.wait()
        return await plan(*arguments)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(standings, "plan", slow)
    deleting = asyncio.create_task(delete(scim))
    await ready.wait()
    waiting = [
        asyncio.create_task(scim.post("/Users", person("bob"))),
        asyncio.create_task(scim.patch(f"/Users/{ann['id']}", active(False))),
    ]
    await asyncio.sleep(0.2)
    go.set()
    await deleting
    for answer in await asyncio.gather(*waiting):
        assert_error(answer, 404)
    assert await statuses(scim) == {"ann": "ACTIVE"}


async def test_a_deletion_can_be_looked_at_and_done_exactly_so(scim: Scim, people: None) -> None:
    """§1.13: who changes, before and after; the token refuses when somebody came meanwhile."""
    wanted = DeleteDirectory(scim.access.directory_id, Choice.REMOVE_ALL)
    seen = await governance.preview(governor(scim), wanted)
    before = await statuses(scim)
    told = {(person.email, person.before.status, person.after.status) for person in seen.people}
    assert ("ann@example.com", "ACTIVE", "DEPROVISIONED") in told
    await scim.post("/Users", person("zoe"))
    with pytest.raises(FactsMoved, match="1 more person"):
        await governance.apply(governor(scim), wanted, token=seen.token)
    assert await statuses(scim) == {**before, "zoe": "ACTIVE"}
    again = await governance.preview(governor(scim), wanted)
    await governance.apply(governor(scim), wanted, token=again.token)
    assert (await statuses(scim))["zoe"] == "DEPROVISIONED"
