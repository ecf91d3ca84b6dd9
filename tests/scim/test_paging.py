"""Pages by index (RFC 7644 §3.4.2.4) and by cursor (RFC 9865), among neighbours whose users must never show."""

from __future__ import annotations

import asyncio

import pytest

from .conversation import Json, Scim, assert_error, document, search

pytestmark = pytest.mark.usefixtures("neighbours")


@pytest.fixture
async def seven(scim: Scim) -> list[str]:
    """The ids of seven users, oldest first; their userNames run the other way round."""
    return [(await scim.make_user(f"user{9 - number:02}", title=f"T{number % 3}"))["id"] for number in range(7)]


def _ids(page: Json) -> list[str]:
    return [each["id"] for each in page["Resources"]]


async def test_a_list_says_how_many_there_are_and_where_it_starts(scim: Scim, seven: list[str]) -> None:
    page = await scim.read("/Users")
    assert page["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]
    assert (page["totalResults"], page["itemsPerPage"], page["startIndex"]) == (7, 7, 1)
    assert _ids(page) == seven


async def test_an_empty_list_has_empty_resources(stranger: Scim, scim: Scim) -> None:
    page = await scim.read("/Users")
    assert (page["totalResults"], page["itemsPerPage"], page["startIndex"], page["Resources"]) == (0, 0, 1, [])


@pytest.mark.parametrize(
    ("query", "first", "shown", "start"),
    [
        ({"startIndex": 1, "count": 3}, 0, 3, 1),
        ({"startIndex": 4, "count": 3}, 3, 3, 4),
        ({"startIndex": 7, "count": 3}, 6, 1, 7),
        ({"startIndex": 8, "count": 3}, 7, 0, 8),
        ({"startIndex": 999_999_999, "count": 3}, 7, 0, 999_999_999),
        ({"startIndex": 0}, 0, 7, 1),
        ({"startIndex": -5, "count": 2}, 0, 2, 1),
        ({"count": 0}, 0, 0, 1),
        ({"count": -3}, 0, 0, 1),
        ({"count": 5000}, 0, 7, 1),
        ({"startIndex": "", "count": ""}, 0, 7, 1),
    ],
)
async def test_pages_by_index(
    scim: Scim, seven: list[str], query: dict[str, object], first: int, shown: int, start: int
) -> None:
    page = await scim.read("/Users", **query)
    assert (page["totalResults"], page["itemsPerPage"], page["startIndex"]) == (7, shown, start)
    assert _ids(page) == seven[first : first + shown]


@pytest.mark.parametrize("query", [{"startIndex": "one"}, {"count": "ten"}, {"count": "1.5"}, {"startIndex": "1e3"}])
async def test_numbers_that_are_none_are_refused(scim: Scim, query: dict[str, object]) -> None:
    assert_error(await scim.get("/Users", **query), 400, "invalidValue")


async def test_a_page_is_never_larger_than_advertised(scim: Scim) -> None:
    config = await scim.read("/ServiceProviderConfig")
    assert config["filter"]["maxResults"] == config["pagination"]["maxPageSize"] == 1000
    assert config["pagination"]["defaultPageSize"] == 100


async def test_the_total_counts_what_the_filter_lets_through(scim: Scim, seven: list[str]) -> None:
    page = await scim.read("/Users", filter='title eq "t0"', count=2)
    assert (page["totalResults"], page["itemsPerPage"]) == (3, 2)
    assert _ids(page) == [seven[0], seven[3]]
    page = await scim.read("/Users", filter='title eq "nobody\'s"')
    assert (page["totalResults"], page["Resources"]) == (0, [])


async def test_count_zero_tells_the_total_of_a_filter_only(scim: Scim, seven: list[str]) -> None:
    page = await scim.read("/Users", filter='title eq "t1"', count=0)
    assert (page["totalResults"], page["itemsPerPage"], page["Resources"]) == (2, 0, [])


async def _walk(scim: Scim, path: str = "/Users", **query: object) -> list[Json]:
    """All pages by cursor."""
    pages = [await scim.read(path, cursor="", **query)]
    while cursor := pages[-1].get("nextCursor"):
        pages.append(await scim.read(path, cursor=cursor, **query))
        assert len(pages) < 50
    return pages


@pytest.mark.parametrize("count", [1, 2, 3, 6, 7, 8])
async def test_cursors_lead_through_everything_once(scim: Scim, seven: list[str], count: int) -> None:
    pages = await _walk(scim, count=count)
    assert [id for page in pages for id in _ids(page)] == seven
    assert len(pages) == -(-7 // count)
    for page in pages:
        assert page["totalResults"] == 7
        assert page["itemsPerPage"] == len(page["Resources"])
        assert "startIndex" not in page
    assert "nextCursor" not in pages[-1]


@pytest.mark.parametrize("order", ["ascending", "descending"])
@pytest.mark.parametrize("by", ["userName", "title", "nickName", "meta.created", "meta.lastModified", "id", "active"])
async def test_cursors_keep_any_order(scim: Scim, seven: list[str], by: str, order: str) -> None:
    await scim.patch(f"/Users/{seven[2]}", {"op": "add", "path": "nickName", "value": "Two"})
    await scim.patch(f"/Users/{seven[5]}", {"op": "add", "path": "nickName", "value": "Five"})
    whole = _ids(await scim.read("/Users", sortBy=by, sortOrder=order))
    walked = [id for page in await _walk(scim, count=2, sortBy=by, sortOrder=order) for id in _ids(page)]
    assert walked == whole
    assert sorted(whole) == sorted(seven)


async def test_cursors_and_filters_go_together(scim: Scim, seven: list[str]) -> None:
    pages = await _walk(scim, count=1, filter='title ne "T0"', sortBy="userName")
    assert [id for page in pages for id in _ids(page)] == [seven[5], seven[4], seven[2], seven[1]]


async def test_groups_have_cursors_too(scim: Scim) -> None:
    made = [(await scim.make_group(f"g{number}"))["id"] for number in range(5)]
    pages = await _walk(scim, "/Groups", count=2, excludedAttributes="members")
    assert [id for page in pages for id in _ids(page)] == made


async def test_without_cursor_in_the_request_there_is_none_in_the_answer(scim: Scim, seven: list[str]) -> None:
    assert "nextCursor" not in await scim.read("/Users", count=2)


async def test_a_search_by_body_is_the_same_search(scim: Scim, seven: list[str]) -> None:
    asked = {"filter": 'title eq "T0"', "sortBy": "userName", "startIndex": 2, "count": 2}
    answer = await scim.post("/Users/.search", search(attributes=["userName"], **asked))
    assert answer.status_code == 200
    assert document(answer) == await scim.read("/Users", attributes="userName", **asked)
    cursor: Json = {"count": 3, "cursor": ""}
    first = document(await scim.post("/Users/.search", search(**cursor)))
    second = document(await scim.post("/Users/.search", search(**cursor | {"cursor": first["nextCursor"]})))
    assert _ids(first) + _ids(second) == seven[:6]


CURSORS = ["x", "AAAA", "%", "eyJhIjoxfQ", "WyJhIiwiYiJd", "é", "A" * 5000, "bnVsbA", "W10", "==="]


@pytest.mark.parametrize("cursor", CURSORS)
async def test_a_cursor_from_elsewhere_is_invalid(scim: Scim, seven: list[str], cursor: str) -> None:
    assert_error(await scim.get("/Users", cursor=cursor), 400, "invalidCursor")
    assert_error(await scim.post("/Users/.search", search(cursor=cursor)), 400, "invalidCursor")


async def test_a_cursor_belongs_to_its_query(scim: Scim, seven: list[str]) -> None:
    cursor = (await scim.read("/Users", cursor="", count=2, filter="userName pr"))["nextCursor"]
    assert_error(await scim.get("/Users", cursor=cursor, count=2), 400, "invalidCursor")
    assert_error(await scim.get("/Users", cursor=cursor, filter="title pr"), 400, "invalidCursor")
    assert_error(await scim.get("/Users", cursor=cursor, filter="userName pr", sortBy="title"), 400, "invalidCursor")
    assert_error(await scim.get("/Groups", cursor=cursor, filter="userName pr"), 400, "invalidFilter")


async def test_a_cursor_of_users_is_none_of_groups(scim: Scim, seven: list[str]) -> None:
    cursor = (await scim.read("/Users", cursor="", count=2))["nextCursor"]
    assert_error(await scim.get("/Groups", cursor=cursor), 400, "invalidCursor")


async def test_a_cursor_of_another_directory_shows_nothing_of_it(scim: Scim, stranger: Scim, seven: list[str]) -> None:
    cursor = (await scim.read("/Users", cursor="", count=2))["nextCursor"]
    answer = await stranger.get("/Users", cursor=cursor)
    assert answer.status_code in (200, 400)
    assert not set(seven) & {each["id"] for each in document(answer).get("Resources", [])}


async def test_index_and_cursor_exclude_each_other(scim: Scim) -> None:
    assert_error(await scim.get("/Users", cursor="", startIndex=1), 400, "invalidValue")
    assert_error(await scim.post("/Users/.search", search(cursor="", startIndex=1)), 400, "invalidValue")


async def test_a_count_that_is_none_is_an_invalid_count_by_cursor(scim: Scim) -> None:
    assert_error(await scim.get("/Users", cursor="", count="ten"), 400, "invalidCount")


async def test_count_zero_by_cursor_tells_the_total(scim: Scim, seven: list[str]) -> None:
    page = await scim.read("/Users", cursor="", count=0)
    assert (page["totalResults"], page["Resources"]) == (7, [])


async def test_nobody_is_missed_or_shown_twice_while_others_come_and_go(scim: Scim, seven: list[str]) -> None:
    page = await scim.read("/Users", cursor="", count=2)
    seen = _ids(page)
    passing = seen[0]
    await scim.delete(f"/Users/{passing}")
    await scim.delete(f"/Users/{seven[4]}")
    new = (await scim.make_user("aaa"))["id"]
    while cursor := page.get("nextCursor"):
        page = await scim.read("/Users", cursor=cursor, count=2)
        seen += _ids(page)
    assert len(seen) == len(set(seen))
    assert seen == [*seven[:4], *seven[5:], new]


async def test_a_cursor_survives_the_row_that_it_points_at(scim: Scim, seven: list[str]) -> None:
    page = await scim.read("/Users", cursor="", count=3, sortBy="userName")
    await scim.delete(f"/Users/{_ids(page)[-1]}")
    rest = await scim.read("/Users", cursor=page["nextCursor"], count=10, sortBy="userName")
    assert _ids(rest) == [seven[3], seven[2], seven[1], seven[0]]


async def test_a_walk_among_many_writers_sees_everybody_who_was_there(scim: Scim) -> None:
    there = [(await scim.make_user(f"there{number:02}"))["id"] for number in range(20)]
    seen: list[str] = []

    async def walk() -> None:
        for page in await _walk(scim, count=3, sortBy="userName"):
            seen.extend(_ids(page))

    async def churn() -> None:
        for number in range(15):
            made = await scim.make_user(f"passing{number:02}")
            await scim.delete(f"/Users/{made['id']}")

    await asyncio.gather(walk(), churn(), churn_titles(scim, there))
    assert [id for id in seen if id in set(there)] == there


async def churn_titles(scim: Scim, ids: list[str]) -> None:
    """Change what is not sorted by."""
    for number, id in enumerate(ids):
        await scim.patch(f"/Users/{id}", {"op": "replace", "path": "title", "value": f"t{number}"})
