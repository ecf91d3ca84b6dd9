"""Groups: members of every size, nested, parked, and named otherwise than by id."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from api.provisioning.history import SUBJECTS_PER_CHANGE
from db import sql

from .conftest import second_directory
from .conversation import Json, Scim, assert_error, document, group
from .seeding import seeded


async def _people(scim: Scim, count: int) -> list[str]:
    return [(await scim.make_user(f"user{number:02}"))["id"] for number in range(count)]


def _add(*values: str) -> Json:
    return {"op": "add", "path": "members", "value": [{"value": value} for value in values]}


async def test_members_are_shown_with_reference_and_type(scim: Scim) -> None:
    person = await scim.make_user("ann", displayName="Ann")
    inner = await scim.make_group("Inner")
    team = await scim.make_group("Team", [person["id"], inner["id"]])
    assert team["members"] == [
        {"value": person["id"], "$ref": person["meta"]["location"], "display": "Ann", "type": "User"},
        {"value": inner["id"], "$ref": inner["meta"]["location"], "display": "Inner", "type": "Group"},
    ]


async def test_users_show_the_groups_that_they_are_in_directly(scim: Scim) -> None:
    person = await scim.make_user("ann")
    inner = await scim.make_group("Inner", [person["id"]])
    await scim.make_group("Outer", [inner["id"]])
    shown = await scim.read(f"/Users/{person['id']}")
    wanted = {"value": inner["id"], "$ref": inner["meta"]["location"], "display": "Inner", "type": "direct"}
    assert shown["groups"] == [wanted]


async def test_groups_that_hold_each_other_are_kept_as_sent(scim: Scim) -> None:
    one = await scim.make_group("One")
    two = await scim.make_group("Two", [one["id"]])
    await scim.patch(f"/Groups/{one['id']}", _add(two["id"]))
    assert (await scim.members(one["id"]), await scim.members(two["id"])) == ([two["id"]], [one["id"]])
    assert (await scim.delete(f"/Groups/{one['id']}")).status_code == 204
    assert await scim.members(two["id"]) == []


async def test_a_group_that_holds_itself_is_either_kept_so_or_refused(scim: Scim) -> None:
    one = await scim.make_group("One")
    answer = await scim.patch(f"/Groups/{one['id']}", _add(one["id"]))
    if answer.status_code == 200:
        assert await scim.members(one["id"]) == [one["id"]]
    else:
        assert_error(answer, 400, "invalidValue")
        assert await scim.read(f"/Groups/{one['id']}") == one


async def test_put_without_members_leaves_them_and_with_an_empty_list_takes_them(scim: Scim) -> None:
    ids = await _people(scim, 2)
    team = await scim.make_group("Team", ids)
    await scim.put(f"/Groups/{team['id']}", group("Renamed"))
    assert await scim.members(team["id"]) == ids
    await scim.put(f"/Groups/{team['id']}", group("Renamed", ids[1:]))
    assert await scim.members(team["id"]) == ids[1:]
    await scim.put(f"/Groups/{team['id']}", group("Renamed", []))
    assert await scim.members(team["id"]) == []


async def test_adding_and_removing_is_idempotent(scim: Scim) -> None:
    ids = await _people(scim, 2)
    team = await scim.make_group("Team", ids[:1])
    path, remove = f"/Groups/{team['id']}", {"op": "remove", "path": f'members[value eq "{ids[1]}"]'}
    assert (await scim.patch(path, _add(ids[0], ids[0]))).headers["etag"] == team["meta"]["version"]
    assert await scim.members(team["id"]) == ids[:1]
    assert (await scim.patch(path, remove)).status_code in (200, 204)
    assert await scim.members(team["id"]) == ids[:1]


async def test_operations_on_members_are_carried_out_in_order(scim: Scim) -> None:
    ids = await _people(scim, 3)
    team = await scim.make_group("Team", ids[:1])
    answer = await scim.patch(
        f"/Groups/{team['id']}",
        {"op": "remove", "path": "members"},
        _add(ids[1], ids[2]),
        {"op": "remove", "path": f'members[value eq "{ids[2]}"]'},
        {"op": "replace", "path": "displayName", "value": "Renamed"},
        _add(ids[0]),
    )
    assert sorted(each["value"] for each in document(answer)["members"]) == sorted(ids[:2])
    assert document(answer)["displayName"] == "Renamed"


async def test_a_patch_of_members_that_fails_half_way_changes_nobody(scim: Scim) -> None:
    ids = await _people(scim, 2)
    team = await scim.make_group("Team", ids[:1])
    wrong = {"op": "replace", "path": "displayName", "value": {"a": 1}}
    assert_error(await scim.patch(f"/Groups/{team['id']}", _add(ids[1]), wrong), 400, "invalidValue")
    assert await scim.read(f"/Groups/{team['id']}") == team


@pytest.mark.parametrize("by", ['display sw "the"', 'type eq "User"', '$ref co "/Users/"'])
async def test_members_can_be_removed_by_any_of_their_attributes(scim: Scim, by: str) -> None:
    person = (await scim.make_user("ann", displayName="The Ann"))["id"]
    other = (await scim.make_group("Other"))["id"]
    team = await scim.make_group("Team", [person, other])
    await scim.patch(f"/Groups/{team['id']}", {"op": "remove", "path": f"members[{by}]"})
    assert await scim.members(team["id"]) == [other]


async def test_a_user_who_is_deleted_leaves_its_groups(scim: Scim) -> None:
    ids = await _people(scim, 2)
    team = await scim.make_group("Team", ids)
    await scim.delete(f"/Users/{ids[0]}")
    assert await scim.members(team["id"]) == ids[1:]
    assert (await scim.read("/Groups", filter=f'members.value eq "{ids[0]}"'))["totalResults"] == 0


async def test_a_large_group_answers_a_patch_with_204_unless_attributes_are_asked_for(scim: Scim) -> None:
    team = await scim.make_group("Team")
    path, ids = f"/Groups/{team['id']}", await seeded(scim.access, 1001)
    assert (await scim.patch(path, _add(*ids[:1000]))).status_code == 200
    answer = await scim.patch(path, _add(ids[1000]))
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["etag"] == (await scim.get(path, excludedAttributes="members")).headers["etag"]
    answer = await scim.patch(path, {"op": "replace", "path": "displayName", "value": "New"}, attributes="displayName")
    assert (answer.status_code, document(answer)["displayName"]) == (200, "New")
    assert "members" not in document(answer)
    answer = await scim.patch(path, _add(ids[0]), attributes="members")
    assert len(document(answer)["members"]) == 1001
    assert (await scim.patch(path, {"op": "remove", "path": f'members[value eq "{ids[5]}"]'})).status_code == 200
    assert sorted(await scim.members(team["id"])) == sorted({*ids} - {ids[5]})


async def test_many_members_are_recorded_in_changes_of_a_thousand(scim: Scim) -> None:
    ids = await seeded(scim.access, 2 * SUBJECTS_PER_CHANGE + 1)
    team = await scim.make_group("Team", ids)
    sizes = await sql.rows(
        "SELECT jsonb_array_length(after -> 'members') AS n FROM change"
        " WHERE subject_id = $1 AND action = 'members_added' ORDER BY n",
        team["id"],
    )
    assert [row["n"] for row in sizes] == [1, SUBJECTS_PER_CHANGE, SUBJECTS_PER_CHANGE]


async def test_members_can_be_left_out_of_single_groups_and_of_lists(scim: Scim) -> None:
    team = await scim.make_group("Team", await _people(scim, 2))
    assert "members" not in await scim.read(f"/Groups/{team['id']}", excludedAttributes="members")
    for query in ({"excludedAttributes": "MEMBERS"}, {"attributes": "displayName"}):
        [shown] = (await scim.read("/Groups", **query))["Resources"]
        assert "members" not in shown
    shown = await scim.read(f"/Groups/{team['id']}", attributes="members.value")
    assert all(set(each) == {"value"} for each in shown["members"])


async def test_members_that_are_left_out_are_not_read(scim: Scim, monkeypatch: pytest.MonkeyPatch) -> None:
    """R105: however many there are; bench/README.md has the times."""
    team = await scim.make_group("Team", await _people(scim, 2))
    seen: list[str] = []
    for name in ("fetch", "cursor"):
        asked = getattr(asyncpg.Connection, name)

        def noted(self: Any, query: str, *args: Any, asked: Any = asked, **more: Any) -> Any:
            seen.append(query)
            return asked(self, query, *args, **more)

        monkeypatch.setattr(asyncpg.Connection, name, noted)
    await scim.read(f"/Groups/{team['id']}", excludedAttributes="members")
    assert seen
    assert not [each for each in seen if "group_member" in each]
    await scim.read(f"/Groups/{team['id']}")
    assert [each for each in seen if "group_member" in each]


async def test_groups_of_all_sizes_are_listed_with_their_own_members(scim: Scim, stranger: Scim) -> None:
    await stranger.make_group("Theirs", await _people(stranger, 3))
    ids = await _people(scim, 4)
    wanted = {f"Team {size}": ids[:size] for size in range(5)}
    for name, members in wanted.items():
        await scim.make_group(name, members)
    page = await scim.read("/Groups")
    assert {each["displayName"]: [m["value"] for m in each["members"]] for each in page["Resources"]} == wanted


async def test_names_may_repeat_where_the_directory_allows_it(scim: Scim) -> None:
    lenient = await second_directory(scim, repeated_group_names="true")
    ids = [(await lenient.make_group("Team"))["id"] for _ in range(2)]
    page = await lenient.read("/Groups", filter='displayName eq "team"')
    assert [each["id"] for each in page["Resources"]] == ids
    await scim.make_group("Team")
    assert_error(await scim.post("/Groups", group("team")), 409, "uniqueness")


async def test_two_directories_may_have_groups_of_one_name(scim: Scim, sibling: Scim, stranger: Scim) -> None:
    for each in (scim, sibling, stranger):
        await each.make_group("Team", externalId="t")
    assert (await scim.read("/Groups"))["totalResults"] == 1


@pytest.mark.parametrize("members", ["x", 1, [1], [{"value": 1}], [{"value": ""}], [{"display": "x"}], [["x"]]])
async def test_members_of_the_wrong_shape_are_refused(strict: Scim, members: object) -> None:
    answer = await strict.post("/Groups", group("Team", None, members=members))
    assert answer.status_code in (201, 400)
    if answer.status_code == 201:
        assert members == "x" or members == ["x"]
        return
    assert_error(answer, 400, "invalidValue")


async def test_a_member_cannot_be_turned_into_another_kind(strict: Scim) -> None:
    ids = await _people(strict, 1)
    team = await strict.make_group("Team", ids)
    path = f'members[value eq "{ids[0]}"].type'
    answer = await strict.patch(f"/Groups/{team['id']}", {"op": "replace", "path": path, "value": "Group"})
    assert_error(answer, 400, "mutability")


async def test_a_members_filter_that_selects_nobody_has_no_target(scim: Scim) -> None:
    team = await scim.make_group("Team", await _people(scim, 1))
    change = {"op": "replace", "path": 'members[value eq "x"]', "value": {"value": "y"}}
    assert_error(await scim.patch(f"/Groups/{team['id']}", change), 400, "noTarget")
    assert await scim.read(f"/Groups/{team['id']}") == team
