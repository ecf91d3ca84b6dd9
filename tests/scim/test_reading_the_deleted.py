"""What a directory reads of a user that it deleted (C1, afterDeleteRead)."""

from __future__ import annotations

import pytest

from .conversation import Json, Scim, assert_error, document
from .governing import active, choose, person


@pytest.fixture
async def deleted(scim: Scim) -> Json:
    """A user, deleted while such can still be read."""
    await choose(scim, after_delete_read="INACTIVE_RESOURCE")
    made = document(await scim.post("/Users", person(title="Major", externalId="1")))
    await scim.make_group("Team", [made["id"]])
    await scim.delete(f"/Users/{made['id']}")
    return made


async def test_a_deleted_user_is_gone_by_default(scim: Scim, ann: Json) -> None:
    await scim.delete(f"/Users/{ann['id']}")
    assert_error(await scim.get(f"/Users/{ann['id']}"), 404)
    await choose(scim, after_delete_read="INACTIVE_RESOURCE")
    assert_error(await scim.get(f"/Users/{ann['id']}"), 404)


async def test_a_deleted_user_can_be_read_as_inactive_where_that_was_chosen(scim: Scim, deleted: Json) -> None:
    """C1: with what it was, in no group, and with a version of its own."""
    answer = await scim.get(f"/Users/{deleted['id']}")
    found = document(answer)
    assert answer.status_code == 200
    assert {**found, "meta": None} == {**deleted, "active": False, "meta": None}
    assert found["meta"]["created"] == deleted["meta"]["created"]
    assert answer.headers["etag"] == found["meta"]["version"] == 'W/"2"'
    assert (await scim.having(if_none_match='W/"2"').get(f"/Users/{deleted['id']}")).status_code == 304
    assert await scim.read(f"/Users/{deleted['id']}", attributes="userName,active") == {
        "schemas": found["schemas"],
        "id": deleted["id"],
        "userName": "ann",
        "active": False,
    }


async def test_a_deleted_user_is_in_no_list_and_cannot_be_changed(scim: Scim, deleted: Json) -> None:
    path = f"/Users/{deleted['id']}"
    for query in ({}, {"filter": 'userName eq "ann"'}, {"filter": 'externalId eq "1"'}):
        assert (await scim.read("/Users", **query))["totalResults"] == 0
    for answer in (await scim.patch(path, active(True)), await scim.put(path, person()), await scim.delete(path)):
        assert_error(answer, 404)


async def test_the_name_of_a_deleted_user_is_free_although_it_can_be_read(scim: Scim, deleted: Json) -> None:
    made = document(await scim.post("/Users", person()))
    assert made["id"] != deleted["id"]
    assert (await scim.read(f"/Users/{deleted['id']}"))["active"] is False


async def test_a_deleted_user_cannot_be_read_any_more_when_that_is_chosen_again(scim: Scim, deleted: Json) -> None:
    await choose(scim, after_delete_read="NOT_FOUND")
    assert_error(await scim.get(f"/Users/{deleted['id']}"), 404)


async def test_nobody_else_reads_a_deleted_user(scim: Scim, deleted: Json, sibling: Scim, stranger: Scim) -> None:
    for other in (sibling, stranger):
        await choose(other, after_delete_read="INACTIVE_RESOURCE")
        assert_error(await other.get(f"/Users/{deleted['id']}"), 404)
