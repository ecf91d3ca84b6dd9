"""Requests at the same time: nothing that was acknowledged is lost, and nobody gets a 5xx."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from api.provisioning import keys, request_log
from api.provisioning.actor import operator
from db import sql
from db.ids import OrganizationId
from db.queries import members

from .conversation import Json, Scim, bulk, document, group, user
from .governing import adding, removing
from .racing import MANY, ROUNDS, Requests, made_users, mixed, statuses, together


async def test_forty_members_added_at_once_are_all_members(scim: Scim) -> None:
    ids, team = await made_users(scim, MANY), await scim.make_group("Team")
    path = f"/Groups/{team['id']}"
    answers = await together(*(scim.patch(path, adding(id)) for id in ids))
    assert statuses(answers) == {200: MANY}
    assert sorted(await scim.members(team["id"])) == sorted(ids)
    assert len({answer.headers["etag"] for answer in answers}) == MANY


async def test_each_of_the_parallel_answers_shows_its_own_member(scim: Scim) -> None:
    ids, team = await made_users(scim, MANY), await scim.make_group("Team")
    answers = await together(*(scim.patch(f"/Groups/{team['id']}", adding(id)) for id in ids))
    for id, answer in zip(ids, answers, strict=True):
        assert id in [member["value"] for member in document(answer)["members"]]


async def test_forty_members_removed_at_once_are_all_gone(scim: Scim) -> None:
    ids = await made_users(scim, MANY + 1)
    team = await scim.make_group("Team", ids)
    answers = await together(*(scim.patch(f"/Groups/{team['id']}", removing(id)) for id in ids[:-1]))
    assert statuses(answers) == {200: MANY}
    assert await scim.members(team["id"]) == ids[-1:]


async def test_adds_and_removes_at_once_lose_nobody_and_keep_nobody(scim: Scim) -> None:
    coming, going = await made_users(scim, MANY, "new"), await made_users(scim, MANY, "old")
    team = await scim.make_group("Team", going)
    path = f"/Groups/{team['id']}"
    await together(*(scim.patch(path, adding(id)) for id in coming), *(scim.patch(path, removing(id)) for id in going))
    assert sorted(await scim.members(team["id"])) == sorted(coming)


async def test_the_same_member_added_forty_times_at_once_is_there_once(scim: Scim) -> None:
    [id], team = await made_users(scim, 1), await scim.make_group("Team")
    answers = await together(*(scim.patch(f"/Groups/{team['id']}", adding(id)) for _ in range(MANY)))
    assert statuses(answers) == {200: MANY}
    assert await scim.members(team["id"]) == [id]
    assert (await scim.get(f"/Groups/{team['id']}")).headers["etag"] == 'W/"2"'


@pytest.mark.parametrize(("path", "body"), [("/Users", user("ann")), ("/Groups", group("Team"))])
async def test_of_forty_parallel_duplicates_one_is_made(scim: Scim, path: str, body: Json) -> None:
    answers = await together(*(scim.post(path, body) for _ in range(MANY)))
    assert statuses(answers) == {201: 1, 409: MANY - 1}
    refused = [document(answer) for answer in answers if answer.status_code == 409]
    assert {each["scimType"] for each in refused} == {"uniqueness"}
    assert (await scim.read(path))["totalResults"] == 1


async def test_parallel_duplicates_of_a_person_make_one_member(scim: Scim) -> None:
    body = user("ann", emails=[{"value": "ann@example.com"}], externalId="1")
    await together(*(scim.post("/Users", body) for _ in range(MANY)))
    assert len(await members.page(scim.access.organization_id, after=None, limit=10)) == 1


async def test_forty_different_people_at_once_are_all_counted(scim: Scim) -> None:
    await made_users(scim, MANY)
    shown = await scim.read("/Users", count=1)
    assert shown["totalResults"] == MANY


ATTRIBUTES = ["title", "nickName", "userType", "locale", "timezone", "preferredLanguage", "displayName", "externalId"]


async def test_parallel_patches_of_different_attributes_all_stay(scim: Scim) -> None:
    [id] = await made_users(scim, 1)
    changes = [{"op": "replace", "path": name, "value": f"{name}-new"} for name in ATTRIBUTES]
    changes += [{"op": "replace", "path": f"name.{part}", "value": part} for part in ("givenName", "familyName")]
    answers = await together(*(scim.patch(f"/Users/{id}", change) for change in changes))
    assert statuses(answers) == {200: len(changes)}
    shown = await scim.read(f"/Users/{id}")
    assert {name: shown[name] for name in ATTRIBUTES} == {name: f"{name}-new" for name in ATTRIBUTES}
    assert shown["name"] == {"givenName": "givenName", "familyName": "familyName"}


async def test_of_parallel_writes_from_one_version_one_wins(scim: Scim) -> None:
    [id] = await made_users(scim, 1)
    first = scim.having(if_match='W/"1"')
    change = [{"op": "replace", "path": "title", "value": f"title {number}"} for number in range(10)]
    answers = await together(*(first.patch(f"/Users/{id}", each) for each in change))
    assert statuses(answers) == {200: 1, 412: 9}
    [won] = [document(answer)["title"] for answer in answers if answer.status_code == 200]
    assert (await scim.read(f"/Users/{id}"))["title"] == won


async def test_one_person_from_two_directories_at_once_is_one_member(scim: Scim, sibling: Scim) -> None:
    people = [user(f"p{n}", emails=[{"value": f"p{n}@example.com", "primary": True}]) for n in range(10)]
    answers = await together(*(each.post("/Users", body) for body in people for each in (scim, sibling)))
    assert statuses(answers) == {201: 20}
    found = await members.page(scim.access.organization_id, after=None, limit=100)
    assert sorted(str(each["email"]) for each in found) == sorted(f"p{n}@example.com" for n in range(10))


async def test_one_person_in_two_organizations_at_once_is_no_deadlock(scim: Scim, stranger: Scim) -> None:
    people = [user(f"p{n}", emails=[{"value": f"p{n}@example.com", "primary": True}]) for n in range(10)]
    answers = await together(*(each.post("/Users", body) for body in people for each in (scim, stranger)))
    assert statuses(answers) == {201: 20}
    assert await sql.value("SELECT count(email) FROM account") == 10
    assert await sql.value("SELECT count(*) FROM member") == 20


async def test_users_deleted_while_they_join_groups_dangle_nowhere(scim: Scim) -> None:
    teams = [(await scim.make_group(f"Team {number}"))["id"] for number in range(4)]
    for round in range(ROUNDS):
        ids = await made_users(scim, 10, f"round{round}-")
        joins: Requests = [scim.patch(f"/Groups/{team}", adding(id)) for id in ids for team in teams]
        await together(*mixed(joins, [scim.delete(f"/Users/{id}") for id in ids]))
    assert [await scim.members(team) for team in teams] == [[], [], [], []]
    assert await sql.value("SELECT count(*) FROM group_member") == 0


async def test_a_group_deleted_while_it_is_nested_dangles_nowhere(scim: Scim) -> None:
    children = [(await scim.make_group(f"Child {number}"))["id"] for number in range(8)]
    parent = (await scim.make_group("Parent"))["id"]
    await together(
        *(scim.patch(f"/Groups/{parent}", adding(id)) for id in children),
        *(scim.delete(f"/Groups/{id}") for id in children),
    )
    assert await scim.members(parent) == []


async def test_a_group_deleted_while_members_join_leaves_nothing_behind(scim: Scim) -> None:
    ids, team = await made_users(scim, 10), (await scim.make_group("Team"))["id"]
    answers = await together(*(scim.patch(f"/Groups/{team}", adding(id)) for id in ids), scim.delete(f"/Groups/{team}"))
    assert set(statuses(answers)) <= {200, 204, 404}
    assert await sql.value("SELECT count(*) FROM group_member") == 0
    assert not [each for each in (await scim.read("/Users"))["Resources"] if "groups" in each]


async def test_members_named_while_they_arrive_all_join(scim: Scim) -> None:
    team = (await scim.make_group("Team"))["id"]
    for round in range(ROUNDS):
        named = [f"ext-{round}-{number}" for number in range(20)]
        naming: Requests = [scim.patch(f"/Groups/{team}", adding(name)) for name in named]
        await together(*mixed(naming, [scim.post("/Users", user(f"u-{name}", externalId=name)) for name in named]))
    assert len(await scim.members(team)) == 20 * ROUNDS
    assert await sql.value("SELECT count(*) FROM parked_member") == 0


async def test_whole_groups_put_at_once_end_as_one_of_them(scim: Scim) -> None:
    ids = await made_users(scim, 10)
    team = (await scim.make_group("Team"))["id"]
    wanted = [sorted(ids[start : start + 5]) for start in range(6)]
    answers = await together(*(scim.put(f"/Groups/{team}", group("Team", each)) for each in wanted))
    assert statuses(answers) == {200: len(wanted)}
    assert sorted(await scim.members(team)) in wanted


async def test_groups_that_share_members_in_every_order_do_not_block_each_other(scim: Scim) -> None:
    ids = await made_users(scim, 6)
    teams = [(await scim.make_group(f"Team {number}"))["id"] for number in range(6)]
    await together(
        *(scim.put(f"/Groups/{team}", group(f"Team {n}", ids[n:] + ids[:n])) for n, team in enumerate(teams)),
        *(scim.patch(f"/Users/{id}", {"op": "replace", "path": "userName", "value": f"new-{id}"}) for id in ids),
        *(scim.delete(f"/Groups/{team}") for team in teams[:2]),
    )
    for team in teams[2:]:
        assert sorted(await scim.members(team)) == sorted(ids)


async def test_a_user_deleted_and_made_again_at_once_stays_one_member(scim: Scim) -> None:
    body = user("ann", emails=[{"value": "ann@example.com"}])
    made = document(await scim.post("/Users", body))
    for _ in range(5):
        answers = await together(
            scim.delete(f"/Users/{made['id']}"), *(scim.post("/Users", body) for _ in range(5)), scim.get("/Users")
        )
        left = (await scim.read("/Users"))["Resources"]
        assert len(left) + statuses(answers)[201] <= 2
        made = left[0] if left else document(await scim.post("/Users", body))
    assert len(await members.page(scim.access.organization_id, after=None, limit=10)) == 1


async def test_bulk_requests_at_once_lose_nothing(scim: Scim) -> None:
    def made(number: int) -> Json:
        names = [f"b{number}-{each}" for each in range(10)]
        return bulk(*({"method": "POST", "path": "/Users", "bulkId": name, "data": user(name)} for name in names))

    answers = await together(*(scim.post("/Bulk", made(number)) for number in range(4)))
    assert [each["status"] for answer in answers for each in document(answer)["Operations"]] == ["201"] * 40
    assert (await scim.read("/Users"))["totalResults"] == 40


async def test_keys_rotated_at_once_leave_exactly_one_that_lets_in(scim: Scim) -> None:
    actor = operator(OrganizationId(scim.access.organization_id))
    made = await asyncio.gather(*(keys.rotate(actor, scim.access.directory_id, overlap=timedelta(0)) for _ in range(8)))
    answers = await together(*(scim.using(key).get("/Users") for key in (*made, scim.access.key)))
    assert statuses(answers) == {200: 1, 401: 8}


async def test_everything_acknowledged_is_recorded(scim: Scim) -> None:
    answers = await together(
        *(scim.post("/Users", user(f"u{number % 5}")) for number in range(20)),
        *(scim.delete(f"/Users/{number}") for number in range(10)),
    )
    wanted = Counter((answer.headers["x-trace-id"], answer.status_code) for answer in answers)
    await request_log.flush()
    rows = await sql.rows("SELECT id, status FROM request WHERE organization_id = $1", scim.access.organization_id)
    assert Counter((str(row["id"]), row["status"]) for row in rows) == wanted
