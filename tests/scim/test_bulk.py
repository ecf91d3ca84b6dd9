"""`/Bulk`: references between operations, failures, limits and the record (RFC 7644 §3.7)."""

from __future__ import annotations

import pytest

from db.queries import log

from .conversation import MESSAGES, Json, Scim, assert_error, bulk, document, group, patch, user


def _post(name: str, **data: object) -> Json:
    return {"method": "POST", "path": "/Users", "bulkId": name, "data": user(name, **data)}


def _group(bulk_id: str, *members: str) -> Json:
    return {"method": "POST", "path": "/Groups", "bulkId": bulk_id, "data": group(bulk_id, members)}


async def _run(scim: Scim, *operations: Json, **more: object) -> list[Json]:
    answer = await scim.post("/Bulk", bulk(*operations, **more))
    assert answer.status_code == 200, answer.text
    assert document(answer)["schemas"] == [MESSAGES + "BulkResponse"]
    results = document(answer)["Operations"]
    assert isinstance(results, list)
    return results


async def test_every_method_works_and_says_what_came_of_it(scim: Scim) -> None:
    old = await scim.make_user("old")
    gone = await scim.make_user("gone")
    path = f"/Users/{old['id']}"
    made, put, patched, deleted = await _run(
        scim,
        _post("ann"),
        {"method": "PUT", "path": path, "data": user("new")},
        {"method": "PATCH", "path": path, "data": patch({"op": "add", "path": "title", "value": "Major"})},
        {"method": "DELETE", "path": f"/Users/{gone['id']}"},
    )
    assert (made["method"], made["bulkId"], made["status"], made["version"]) == ("POST", "ann", "201", 'W/"1"')
    assert (await scim.read(made["location"].removeprefix("http://rollcall.test/scim/v2")))["userName"] == "ann"
    assert (put["status"], patched["status"], deleted["status"]) == ("200", "200", "204")
    assert put["location"] == patched["location"] == old["meta"]["location"]
    assert (put["version"], patched["version"]) == ('W/"2"', 'W/"3"')
    shown = await scim.read(path)
    assert (shown["userName"], shown["title"]) == ("new", "Major")
    assert_error(await scim.get(f"/Users/{gone['id']}"), 404)


async def test_operations_refer_to_what_was_made_before(scim: Scim) -> None:
    ann, team = await _run(scim, _post("ann"), _group("Team", "bulkId:ann"))
    team_id, ann_id = (each["location"].rsplit("/", 1)[1] for each in (team, ann))
    assert await scim.members(team_id) == [ann_id]


async def test_operations_refer_to_what_is_made_later(scim: Scim) -> None:
    outer, inner, ann = await _run(scim, _group("Outer", "bulkId:Inner"), _group("Inner", "bulkId:ann"), _post("ann"))
    assert [each["status"] for each in (outer, inner, ann)] == ["201"] * 3
    ids = [each["location"].rsplit("/", 1)[1] for each in (outer, inner, ann)]
    assert await scim.members(ids[0]) == [ids[1]]
    assert await scim.members(ids[1]) == [ids[2]]


async def test_references_work_in_paths_and_in_patches(scim: Scim) -> None:
    team = await scim.make_group("Team")
    change = patch({"op": "add", "path": "members", "value": [{"value": "bulkId:ann"}]})
    results = await _run(
        scim,
        _post("ann"),
        {"method": "PATCH", "path": f"/Groups/{team['id']}", "data": change},
        {"method": "PATCH", "path": "/Users/bulkId:ann", "data": patch({"op": "add", "path": "title", "value": "T"})},
    )
    assert [each["status"] for each in results] == ["201", "200", "200"]
    [member] = await scim.members(team["id"])
    assert (await scim.read(f"/Users/{member}"))["title"] == "T"


async def test_a_circle_of_references_is_refused_and_the_rest_is_done(scim: Scim) -> None:
    one, two, ann = await _run(scim, _group("One", "bulkId:Two"), _group("Two", "bulkId:One"), _post("ann"))
    assert ann["status"] == "201"
    statuses = {one["status"], two["status"]}
    assert statuses in ({"409"}, {"201"})
    if statuses == {"201"}:
        ids = [each["location"].rsplit("/", 1)[1] for each in (one, two)]
        assert (await scim.members(ids[0]), await scim.members(ids[1])) == ([ids[1]], [ids[0]])


async def test_an_operation_that_refers_to_itself_is_refused(scim: Scim) -> None:
    [result] = await _run(scim, _group("Team", "bulkId:Team"))
    assert result["status"] == "409"


async def test_a_reference_to_nothing_is_refused_and_makes_nothing(scim: Scim) -> None:
    [result] = await _run(scim, _group("Team", "bulkId:nobody"))
    assert result["status"] == "409"
    assert (await scim.read("/Groups"))["totalResults"] == 0


async def test_what_refers_to_a_failure_fails_too(scim: Scim) -> None:
    await scim.make_user("ann")
    ann, team = await _run(scim, _post("ann"), _group("Team", "bulkId:ann"))
    assert (ann["status"], team["status"]) == ("409", "409")
    assert ann["response"]["scimType"] == "uniqueness"


async def test_errors_are_nested_whole_and_do_not_stop_the_others(scim: Scim) -> None:
    results = await _run(
        scim,
        {"method": "POST", "path": "/Users", "bulkId": "a", "data": {"schemas": []}},
        {"method": "DELETE", "path": "/Users/nobody"},
        {"method": "POST", "path": "/Nothing", "bulkId": "b", "data": {}},
        {"method": "PUT", "path": "/Users", "data": {}},
        {"method": "DELETE", "path": "/Schemas/x"},
        _post("ann"),
    )
    assert [each["status"] for each in results] == ["400", "404", "404", "405", "405", "201"]
    for result in results[:-1]:
        error = result["response"]
        assert error["schemas"] == [MESSAGES + "Error"]
        assert error["status"] == result["status"]
        assert "(trace " in error["detail"]
        assert "version" not in result


async def test_after_so_many_errors_the_rest_is_left_undone(scim: Scim) -> None:
    wrong = {"method": "DELETE", "path": "/Users/nobody"}
    results = await _run(scim, wrong, _post("ann"), wrong, _post("bob"), failOnErrors=2)
    assert [each["status"] for each in results] == ["404", "201", "404"]
    assert [each["userName"] for each in (await scim.read("/Users"))["Resources"]] == ["ann"]


@pytest.mark.parametrize("limit", [0, -1, "two", 1.5, True, []])
async def test_a_limit_of_errors_that_is_none_is_refused(scim: Scim, limit: object) -> None:
    assert_error(await scim.post("/Bulk", bulk(_post("ann"), failOnErrors=limit)), 400, "invalidValue")
    assert (await scim.read("/Users"))["totalResults"] == 0


async def test_versions_are_preconditions(scim: Scim) -> None:
    old = await scim.make_user("old")
    path = f"/Users/{old['id']}"
    stale, current = await _run(
        scim,
        {"method": "DELETE", "path": path, "version": 'W/"0"'},
        {"method": "DELETE", "path": path, "version": old["meta"]["version"]},
    )
    assert (stale["status"], current["status"]) == ("412", "204")


async def test_the_advertised_number_of_operations_is_the_limit(scim: Scim) -> None:
    limit = (await scim.read("/ServiceProviderConfig"))["bulk"]["maxOperations"]
    wrong = {"method": "DELETE", "path": "/Users/nobody"}
    assert_error(await scim.post("/Bulk", bulk(*[wrong] * (limit + 1))), 413)
    results = await _run(scim, *[wrong] * limit, failOnErrors=1)
    assert len(results) == 1


async def test_the_advertised_payload_is_the_limit(scim: Scim) -> None:
    limit = (await scim.read("/ServiceProviderConfig"))["bulk"]["maxPayloadSize"]
    assert_error(await scim.send("POST", "/Bulk", content=b" " * (limit + 1)), 413)


@pytest.mark.parametrize(
    "operation",
    [
        {},
        {"method": "GET", "path": "/Users"},
        {"method": "POST", "path": "/Users", "data": {}},
        {"method": "POST", "path": 1, "bulkId": "a"},
        {"method": "POST", "path": "Users", "bulkId": "a"},
        {"method": 1, "path": "/Users"},
        "POST",
        None,
        [],
    ],
)
async def test_operations_of_the_wrong_shape_are_refused_before_any_is_done(scim: Scim, operation: Json) -> None:
    assert_error(await scim.post("/Bulk", bulk(_post("ann"), operation)), 400, "invalidSyntax")
    assert (await scim.read("/Users"))["totalResults"] == 0


async def test_repeated_bulk_ids_and_bulks_in_bulks_are_refused(scim: Scim) -> None:
    assert_error(await scim.post("/Bulk", bulk(_post("ann"), _post("ann"))), 400, "invalidValue")
    for path in ("/Bulk", "/Bulk/", "/bulk", "//Bulk", "/Bulk?x=y"):
        inner = {"method": "POST", "path": path, "bulkId": "b", "data": bulk(_post("ann"))}
        answer = await scim.post("/Bulk", bulk(inner))
        statuses = [each["status"] for each in document(answer).get("Operations", [])]
        assert answer.status_code == 400 or statuses[0] in ("400", "404")
    assert (await scim.read("/Users"))["totalResults"] == 0


@pytest.mark.parametrize(
    "body", [{}, {"Operations": []}, {"Operations": {}}, {"Operations": None}, {"Operations": "x"}]
)
async def test_bulks_of_the_wrong_shape_are_refused(scim: Scim, body: Json) -> None:
    assert_error(await scim.post("/Bulk", bulk() | body if body else {}), 400, "invalidSyntax")


async def test_searches_inside_of_a_bulk_are_refused(scim: Scim) -> None:
    [result] = await _run(scim, {"method": "POST", "path": "/Users/.search", "bulkId": "a", "data": {}})
    assert result["status"] in ("400", "404", "405")


async def test_every_operation_is_recorded_under_the_bulk_request(scim: Scim) -> None:
    wrong = {"method": "DELETE", "path": "/Users/nobody"}
    answer = await scim.having(user_agent="Tester/1").post("/Bulk", bulk(_post("ann", password="s3cret"), wrong))
    rows = await log.requests(scim.access.organization_id, limit=10)
    inner = [row for row in rows if str(row["bulk_request_id"]) == answer.headers["x-trace-id"]]
    assert sorted((row["method"], row["path"], row["status"]) for row in inner) == [
        ("DELETE", "/scim/v2/Users/nobody", 404),
        ("POST", "/scim/v2/Users", 201),
    ]
    assert {row["user_agent"] for row in inner} == {"Tester/1"}
    assert {row["directory_id"] for row in inner} == {scim.access.directory_id}
    assert "s3cret" not in "".join(str(row) for row in rows)


async def test_ids_of_another_organization_are_those_of_nobody(scim: Scim, stranger: Scim) -> None:
    theirs = await stranger.make_user("ann")
    path = f"/Users/{theirs['id']}"
    results = await _run(
        scim, {"method": "DELETE", "path": path}, {"method": "PUT", "path": path, "data": user("evil")}
    )
    assert [each["status"] for each in results] == ["404", "404"]
    assert await stranger.read(path) == theirs
