"""Members named before they arrive, or otherwise than by id."""

from __future__ import annotations

import pytest

from db import sql

from .conftest import second_directory
from .conversation import Json, Scim, group


def _add(*values: str) -> Json:
    return {"op": "add", "path": "members", "value": [{"value": value} for value in values]}


async def _parked(scim: Scim) -> int:
    found = await sql.value(
        "SELECT count(*) FROM parked_member WHERE organization_id = $1", scim.access.organization_id
    )
    assert isinstance(found, int)
    return found


@pytest.mark.parametrize("named_by", ["externalId", "userName", "USERNAME"])
async def test_a_member_named_before_it_arrives_joins_when_it_does(scim: Scim, named_by: str) -> None:
    name = {"externalId": "ext-1", "userName": "ann@example.com", "USERNAME": "ANN@example.com"}[named_by]
    team = await scim.make_group("Team", [name])
    assert (team["members"], await _parked(scim)) == ([], 1)
    made = await scim.make_user("ann@example.com", externalId="ext-1")
    assert await scim.members(team["id"]) == [made["id"]]
    assert [each["value"] for each in (await scim.read(f"/Users/{made['id']}"))["groups"]] == [team["id"]]
    assert await _parked(scim) == 0
    assert (await scim.get(f"/Groups/{team['id']}")).headers["etag"] != team["meta"]["version"]


async def test_a_group_named_before_it_arrives_joins_when_it_does(scim: Scim) -> None:
    outer = await scim.make_group("Outer", ["ext-g"])
    inner = await scim.make_group("Inner", externalId="ext-g")
    assert await scim.members(outer["id"]) == [inner["id"]]


async def test_a_parked_member_joins_when_somebody_gets_the_name_later(scim: Scim) -> None:
    team = await scim.make_group("Team", ["ext-1", "other@example.com"])
    made = await scim.make_user("ann")
    await scim.patch(f"/Users/{made['id']}", {"op": "add", "path": "externalId", "value": "ext-1"})
    assert await scim.members(team["id"]) == [made["id"]]
    other = await scim.make_user("bob")
    await scim.put(f"/Users/{other['id']}", {"userName": "other@example.com"})
    assert sorted(await scim.members(team["id"])) == sorted([made["id"], other["id"]])


async def test_the_id_of_a_deleted_user_comes_alive_for_nobody(scim: Scim) -> None:
    gone = await scim.make_user("ann")
    await scim.delete(f"/Users/{gone['id']}")
    team = await scim.make_group("Team", [gone["id"]])
    await scim.make_user("ann")
    assert await scim.members(team["id"]) == []


@pytest.mark.parametrize("path", ['members[value eq "ext-1"]', "members"])
async def test_a_parked_member_who_is_removed_does_not_join(scim: Scim, path: str) -> None:
    team = await scim.make_group("Team", ["ext-1"])
    answer = await scim.patch(f"/Groups/{team['id']}", {"op": "remove", "path": path})
    assert answer.status_code in (200, 204)
    await scim.make_user("ann", externalId="ext-1")
    assert await scim.members(team["id"]) == []


async def test_putting_a_group_forgets_who_was_parked_before(scim: Scim) -> None:
    team = await scim.make_group("Team", ["ext-1", "ext-2"])
    await scim.put(f"/Groups/{team['id']}", group("Team", ["ext-2"]))
    await scim.make_user("ann", externalId="ext-1")
    second = await scim.make_user("bob", externalId="ext-2")
    assert await scim.members(team["id"]) == [second["id"]]


async def test_a_deleted_group_waits_for_nobody(scim: Scim) -> None:
    team = await scim.make_group("Team", ["ext-1"])
    await scim.delete(f"/Groups/{team['id']}")
    assert await _parked(scim) == 0
    assert "groups" not in await scim.make_user("ann", externalId="ext-1")


async def test_members_are_found_by_other_names_right_away(scim: Scim) -> None:
    ann = await scim.make_user("ann@example.com", externalId="ext-1")
    bob = await scim.make_user("Bob@Example.com")
    inner = await scim.make_group("Inner", externalId="ext-g")
    team = await scim.make_group("Team", ["ext-1", "bob@example.COM", "ext-g"])
    assert sorted(each["value"] for each in team["members"]) == sorted([ann["id"], bob["id"], inner["id"]])
    await scim.patch(f"/Groups/{team['id']}", {"op": "remove", "path": 'members[value eq "ext-1"]'})
    assert ann["id"] not in await scim.members(team["id"])


async def test_nobody_of_another_directory_or_organization_can_be_a_member(scim: Scim, stranger: Scim) -> None:
    foreign = await stranger.make_user("ann", externalId="ext-1")
    cousin = await (await second_directory(scim)).make_user("bob", externalId="ext-2")
    team = await scim.make_group("Team", [foreign["id"], cousin["id"], "ext-1", "ext-2", "ann", "bob"])
    assert team["members"] == []
    assert "groups" not in await stranger.read(f"/Users/{foreign['id']}")


async def test_who_arrives_elsewhere_does_not_join_here(scim: Scim, stranger: Scim) -> None:
    team = await scim.make_group("Team", ["ext-1"])
    await stranger.make_user("ann", externalId="ext-1")
    await (await second_directory(scim)).make_user("ann", externalId="ext-1")
    assert await scim.members(team["id"]) == []
    assert await _parked(scim) == 1
