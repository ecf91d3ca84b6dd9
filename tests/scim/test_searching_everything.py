"""One list over users and groups: `GET /` and `POST /.search` (RFC 7644 §3.4.2.1, §3.4.3)."""

from __future__ import annotations

import pytest

from .conversation import Scim, assert_error, document, search

pytestmark = pytest.mark.usefixtures("neighbours")


@pytest.fixture
async def world(scim: Scim) -> list[str]:
    """The ids of two users and two groups."""
    users = [(await scim.make_user(name, displayName=f"The {name}"))["id"] for name in ("ann", "bob")]
    groups = [(await scim.make_group(f"The {name}", users))["id"] for name in ("cats", "dogs")]
    return [*users, *groups]


async def test_users_and_groups_are_one_list(scim: Scim, world: list[str]) -> None:
    page = await scim.read("/")
    assert (page["totalResults"], [each["id"] for each in page["Resources"]]) == (4, world)
    assert {each["meta"]["resourceType"] for each in page["Resources"]} == {"User", "Group"}
    assert document(await scim.post("/.search", search())) == page


async def test_pages_reach_over_the_border(scim: Scim, world: list[str]) -> None:
    seen = []
    for start in range(1, 6):
        page = await scim.read("/", startIndex=start, count=1)
        assert page["totalResults"] == 4
        seen += [each["id"] for each in page["Resources"]]
    assert seen == world
    page = await scim.read("/", startIndex=2, count=2)
    assert [each["id"] for each in page["Resources"]] == world[1:3]


async def test_a_filter_on_a_shared_attribute_finds_both_kinds(scim: Scim, world: list[str]) -> None:
    page = document(await scim.post("/.search", search(filter='displayName sw "the "')))
    assert [each["id"] for each in page["Resources"]] == world
    page = document(await scim.post("/.search", search(filter=f'id eq "{world[3]}"')))
    assert [each["id"] for each in page["Resources"]] == world[3:]


async def test_a_filter_on_one_kinds_attribute_finds_that_kind(scim: Scim, world: list[str]) -> None:
    page = document(await scim.post("/.search", search(filter='userName eq "bob"')))
    assert (page["totalResults"], [each["id"] for each in page["Resources"]]) == (1, world[1:2])
    page = document(await scim.post("/.search", search(filter=f'members.value eq "{world[0]}"')))
    assert [each["id"] for each in page["Resources"]] == world[2:]


async def test_the_kind_can_be_filtered_for(scim: Scim, world: list[str]) -> None:
    page = document(await scim.post("/.search", search(filter='meta.resourceType eq "Group"')))
    assert [each["id"] for each in page["Resources"]] == world[2:]


async def test_only_asked_for_attributes_are_shown_of_both_kinds(scim: Scim, world: list[str]) -> None:
    page = document(await scim.post("/.search", search(attributes=["userName", "displayName"])))
    for each in page["Resources"]:
        assert set(each) <= {"schemas", "id", "userName", "displayName"}
        assert each["displayName"].startswith("The ")


@pytest.mark.parametrize("filter", ["nonsense pr", "userName eq", 'colour eq "red"'])
async def test_a_filter_that_no_kind_understands_is_refused(scim: Scim, world: list[str], filter: str) -> None:
    assert_error(await scim.post("/.search", search(filter=filter)), 400, "invalidFilter")


async def test_a_search_for_nothing_is_empty(scim: Scim) -> None:
    assert (await scim.read("/"))["Resources"] == []


@pytest.mark.parametrize(
    "asked", [{"filter": 1}, {"count": True}, {"attributes": [1]}, {"startIndex": {}}, {"sortOrder": "sideways"}]
)
async def test_searches_of_the_wrong_shape_are_refused(scim: Scim, asked: dict[str, object]) -> None:
    for path in ("/.search", "/Users/.search", "/Groups/.search"):
        answer = await scim.post(path, search(**asked))
        assert_error(answer, 400, document(answer)["scimType"])
