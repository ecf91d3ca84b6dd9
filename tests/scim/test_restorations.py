"""Restoring a deleted directory for thirty days, and its end after that (R147)."""

from __future__ import annotations

import pytest

from api.provisioning import deletions
from api.provisioning.deletion_choices import Choice
from api.provisioning.errors import NotFound, SeatLimitReached
from db import sql

from .conftest import second_directory
from .conversation import Json, Scim, assert_error, document
from .deleting import delete, later, restored, seats, statuses
from .governing import active, choose, everybody, governor, member_of, person


@pytest.mark.parametrize("choice", Choice)
async def test_a_restored_directory_has_its_people_again(
    scim: Scim, people: None, choice: Choice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R147: on day 29, with a new key, and everybody as before, who was locked out by hand as well."""
    before = [{**each, "version": 0, "updated_at": 0, "status_since": 0} for each in await everybody(scim)]
    await delete(scim, choice)
    later(monkeypatch, days=29)
    back = await restored(scim)
    assert (await back.read("/Users"))["totalResults"] == 4
    assert_error(await scim.get("/Users"), 401)
    after = [{**each, "version": 0, "updated_at": 0, "status_since": 0} for each in await everybody(scim)]
    assert after == before
    assert await seats(scim) == 2


async def test_on_day_31_there_is_nothing_to_restore(scim: Scim, ann: Json, monkeypatch: pytest.MonkeyPatch) -> None:
    """R147."""
    await delete(scim)
    later(monkeypatch, days=31)
    with pytest.raises(NotFound):
        await restored(scim)


async def test_a_restored_directory_follows_what_it_said_last(scim: Scim, people: None) -> None:
    await delete(scim, Choice.DEACTIVATE_ALL)
    back = await restored(scim)
    [bob] = [each for each in (await back.read("/Users"))["Resources"] if each["userName"] == "bob"]
    await back.patch(f"/Users/{bob['id']}", active(True))
    assert (await statuses(scim))["bob"] == "ACTIVE"


async def test_a_restoration_takes_seats_like_everybody_who_comes(scim: Scim, ann: Json) -> None:
    await sql.rows(
        "INSERT INTO seat_pool (organization_id, seat_type, seat_limit) VALUES ($1, 'full', 1)",
        scim.access.organization_id,
    )
    await delete(scim, Choice.REMOVE_ALL)
    other = await second_directory(scim)
    await other.post("/Users", person("bob"))
    with pytest.raises(SeatLimitReached, match="only full seat is taken"):
        await restored(scim)
    await choose(scim, seat_limit="HOLD")
    await restored(scim)
    assert await statuses(scim) == {"ann": "WAITING_FOR_SEAT", "bob": "ACTIVE"}


async def test_somebody_kept_is_taken_over_by_the_next_directory(scim: Scim, ann: Json) -> None:
    await delete(scim)
    other = await second_directory(scim)
    made = document(await other.post("/Users", person()))
    found = await member_of(scim)
    assert (found["status"], found["managed_by"]) == ("ACTIVE", "DIRECTORY")
    await other.delete(f"/Users/{made['id']}")
    assert (await member_of(scim))["status"] == "DEPROVISIONED"


async def test_a_purge_leaves_members_and_requests(
    scim: Scim, sibling: Scim, ann: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R147: users, groups, memberships, counts and keys go thirty days after the deletion, not before."""
    monkeypatch.setattr(deletions, "_PURGED_AT_ONCE", 1)
    await scim.make_group("Team", [ann["id"], "nobody yet"])
    await scim.post("/Users", person("bob"))
    await sibling.make_user("cleo")
    requests = await sql.value("SELECT count(*) FROM request")
    await delete(scim)
    assert await deletions.purge_due(scim.access.organization_id) == 0
    later(monkeypatch, days=31)
    assert await deletions.purge_due(scim.access.organization_id) == 1
    assert await deletions.purge_due(scim.access.organization_id) == 0
    assert await deletions.deleted(governor(scim)) == []
    left = {
        table: await sql.value(f"SELECT count(*) FROM {table}")
        for table in ("directory", "directory_user", "directory_group", "group_member", "parked_member")
    }
    assert left == {"directory": 1, "directory_user": 1, "directory_group": 0, "group_member": 0, "parked_member": 0}
    assert (
        await sql.value("SELECT count(*) FROM directory_count WHERE directory_id = $1", scim.access.directory_id) == 0
    )
    assert await sql.value("SELECT count(*) FROM request") == requests
    assert {each["email"]: each["status"] for each in await everybody(scim)} == {
        "ann@example.com": "ACTIVE",
        "bob@example.com": "ACTIVE",
        None: "ACTIVE",
    }


async def test_another_organization_deletes_and_restores_nothing_here(scim: Scim, stranger: Scim, ann: Json) -> None:
    for act in (deletions.preview, deletions.restore):
        with pytest.raises(NotFound):
            await act(governor(stranger), scim.access.directory_id)
    with pytest.raises(NotFound):
        await deletions.delete(governor(stranger), scim.access.directory_id, Choice.REMOVE_ALL)
    await delete(scim)
    with pytest.raises(NotFound):
        await deletions.restore(governor(stranger), scim.access.directory_id)
    assert await deletions.deleted(governor(stranger)) == []
