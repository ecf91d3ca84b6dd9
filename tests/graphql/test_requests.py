"""The record of requests over GraphQL."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.provisioning import organizations
from api.provisioning.actor import NARROW, Right
from db import sql
from db.ids import first_id, new_id
from tests.factories import ChangeFactory, MemberFactory, RequestFactory
from tests.scim.conversation import Scim, bulk, document
from tests.scim.governing import member_of, person

from .conftest import Api, NewApi

LIST = """query ($id: ID, $filter: RequestFilter, $first: Int, $after: String, $last: Int, $before: String) {
  organization(id: $id) { requests(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    nodes { id traceId method path outcome subject } pageInfo { hasNextPage endCursor } } } }"""
ONE = """query ($trace: ID!, $id: ID) { scimRequest(traceId: $trace, organizationId: $id) {
  id traceId at directoryId directoryName keyLastFour method path query userAgent status outcome scimType detail
  resourceType resourceId subject results durationMs bulkRequestId decisions { code text } } }"""
BODIES = "query ($trace: ID!) { scimRequest(traceId: $trace) { status requestBody responseBody } }"
CHANGES = "query ($trace: ID!) { scimRequest(traceId: $trace) { changes { id action requestId } } }"
OF_MEMBER = """query ($id: ID!, $first: Int) { member(ref: {id: $id}) { requests(first: $first) {
  nodes { traceId changes { action } } } } }"""
DEEP = """query ($first: Int) { organization { requests(first: $first) {
  nodes { requestBody responseBody changes { action } directoryName } } } }"""


async def paths(api: Api, **filter: Any) -> list[str]:
    """The paths of what was found, newest first."""
    page = await api.ask(LIST, filter=filter, first=100)
    return [each["path"] for each in page["organization"]["requests"]["nodes"]]


@pytest.fixture
async def made(scim: Scim, api: Api) -> dict[str, Any]:
    """Requests of several kinds, each with its name as the path, and one of another organization."""
    organization, directory = scim.access.organization_id, scim.access.directory_id
    member = await MemberFactory.make(organization=organization)
    await sql.rows("DELETE FROM change WHERE organization_id = $1", organization)
    old = datetime.now(UTC) - timedelta(days=40)
    kinds: dict[str, dict[str, Any]] = {
        "old": {"id": first_id(old), "received_at": old, "status": 409, "method": "POST"},
        "read": {},
        "Users/.search": {"method": "POST"},
        "write": {"method": "POST", "status": 201, "subject_key": "ann@example.com", "resource_type": "User"},
        "refused": {"method": "PATCH", "status": 400},
        "left": {"method": "DELETE", "status": 204},
    }
    traces = {}
    for path, values in kinds.items():
        traces[path] = values.setdefault("id", new_id())
        await RequestFactory.make(organization=organization, directory=directory, path=f"/{path}", **values)
    for request, values in (
        ("write", {"subject_id": member.id}),
        ("left", {"subject_type": "directory_user", "member_id": member.id}),
    ):
        await ChangeFactory.make(organization=organization, request_id=traces[request], **values)
    await RequestFactory.make(path="/elsewhere")
    return {"member": member.id, "directory": directory, "traces": traces}


NEW = ["/left", "/refused", "/write", "/Users/.search", "/read"]
LONG_AGO = (datetime.now(UTC) - timedelta(days=60)).isoformat()
BEFORE = (datetime.now(UTC) - timedelta(days=35)).isoformat()


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ({}, [*NEW, "/old"]),
        ({"outcome": "READ"}, ["/Users/.search", "/read"]),
        ({"resourceType": "User"}, ["/write"]),
        ({"resourceType": "Group"}, []),
        ({"outcome": "WRITE"}, ["/left", "/write"]),
        ({"outcome": "REFUSED"}, ["/refused"]),
        ({"outcome": "REFUSED", "from": LONG_AGO, "to": BEFORE}, ["/old"]),
        ({"outcome": "REFUSED", "to": BEFORE}, ["/old"]),
        ({"status": 409}, []),
        ({"status": 201}, ["/write"]),
        ({"methods": ["PATCH", "DELETE"]}, ["/left", "/refused"]),
        ({"methods": []}, []),
        ({"directoryId": "directory"}, [*NEW, "/old"]),
        ({"directoryId": "directory", "status": 204}, ["/left"]),
        ({"memberId": "member"}, ["/left", "/write"]),
        ({"memberId": "member", "methods": ["POST"]}, ["/write"]),
        ({"subject": "Ann@Example.com"}, ["/write"]),
        ({"subject": "ann"}, []),
        ({"from": LONG_AGO}, [*NEW, "/old"]),
        ({"from": BEFORE}, NEW),
        ({"to": BEFORE}, ["/old"]),
    ],
)
async def test_filters(api: Api, made: dict[str, Any], filter: dict[str, Any], expected: list[str]) -> None:
    ids = {"member": api.id("Member", made["member"]), "directory": api.id("Directory", made["directory"])}
    chosen = {name: ids.get(value, value) if isinstance(value, str) else value for name, value in filter.items()}
    assert await paths(api, **chosen) == expected


@pytest.mark.parametrize(
    ("filter", "code"),
    [
        ({"outcome": "READ", "from": LONG_AGO}, "INVALID"),
        ({"methods": ["GET"], "from": LONG_AGO, "to": datetime.now(UTC).isoformat()}, "INVALID"),
        ({"from": BEFORE, "to": LONG_AGO}, "INVALID"),
        ({"status": 40}, "INVALID"),
        ({"status": 99999}, "INVALID"),
        ({"methods": ["TRACE"]}, "BAD_REQUEST"),
        ({"subject": "a\u0000"}, "BAD_REQUEST"),
        ({"memberId": "nonsense"}, "NOT_FOUND"),
        ({"directoryId": "nonsense"}, "NOT_FOUND"),
        ({"memberId": ""}, "NOT_FOUND"),
    ],
)
async def test_a_filter_that_makes_no_sense_is_refused(api: Api, filter: dict[str, Any], code: str) -> None:
    assert (await api.refused(LIST, first=1, filter=filter))["extensions"]["code"] == code


async def test_times_far_away_are_no_trouble(api: Api, made: dict[str, Any]) -> None:
    assert await paths(api, **{"from": "0001-01-01T00:00:00+14:00"}) == [*NEW, "/old"]
    assert await paths(api, to="0001-01-01T00:00:00Z", outcome="READ") == []
    assert await paths(api, to="9999-12-31T23:59:59Z", outcome="READ") == []


async def test_pages_have_each_once_and_cursors_fit_their_filter_only(api: Api, made: dict[str, Any]) -> None:
    seen, after = list[str](), None
    while True:
        page = (await api.ask(LIST, first=2, after=after))["organization"]["requests"]
        seen += [each["path"] for each in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == [*NEW, "/old"]
    error = await api.refused(LIST, first=2, after=after, filter={"outcome": "READ"})
    assert error["extensions"]["code"] == "BAD_REQUEST"


async def test_a_request_with_its_decisions(scim: Scim, api: Api) -> None:
    answer = await scim.post("/Users", person("ann"))
    trace = answer.headers["X-Trace-Id"]
    found = (await api.ask(ONE, trace=trace))["scimRequest"]
    assert (found["traceId"], found["method"], found["status"], found["outcome"]) == (trace, "POST", 201, "WRITE")
    assert found["directoryId"] == api.id("Directory", scim.access.directory_id)
    assert found["keyLastFour"] == scim.access.key[-4:]
    assert (found["resourceType"], found["resourceId"], found["subject"]) == ("User", document(answer)["id"], "ann")
    assert "CREATED" in [each["code"] for each in found["decisions"]]
    node = "query ($id: ID!) { node(id: $id) { ... on ScimRequest { traceId } } }"
    assert (await api.ask(node, id=found["id"]))["node"] == {"traceId": trace}


async def test_a_refused_request_says_why(scim: Scim, api: Api) -> None:
    document(await scim.post("/Users", person("ann")))
    trace = (await scim.post("/Users", person("ann"))).headers["X-Trace-Id"]
    found = (await api.ask(ONE, trace=trace))["scimRequest"]
    assert (found["status"], found["scimType"], found["outcome"]) == (409, "uniqueness", "REFUSED")
    assert found["detail"]


async def test_operations_of_a_bulk_request_point_to_it(scim: Scim, api: Api) -> None:
    operation = {"method": "POST", "path": "/Users", "bulkId": "a", "data": person("ann")}
    trace = (await scim.post("/Bulk", bulk(operation))).headers["X-Trace-Id"]
    nodes = (await api.ask(LIST.replace("subject }", "subject bulkRequestId }"), first=5))["organization"]["requests"]
    assert [each["bulkRequestId"] for each in nodes["nodes"] if each["traceId"] != trace] == [trace]


async def test_bodies_are_for_whoever_manages_members(scim: Scim, api: Api, new_api: NewApi) -> None:
    trace = (await scim.post("/Users", person("ann"))).headers["X-Trace-Id"]
    found = (await api.ask(BODIES, trace=trace))["scimRequest"]
    assert '"ann"' in found["requestBody"]
    assert '"ann"' in found["responseBody"]
    others = [
        right for right in Right if right not in (*NARROW, Right.PROVISION, Right.PLATFORM_MANAGE, Right.MEMBERS_MANAGE)
    ]
    answer = (await (await new_api(api.organization, others)).post(BODIES, {"trace": trace})).json()
    assert answer["data"]["scimRequest"] == {"status": 201, "requestBody": None, "responseBody": None}
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"FORBIDDEN"}


async def test_changes_are_for_whoever_reads_the_audit(scim: Scim, api: Api, new_api: NewApi) -> None:
    trace = (await scim.post("/Users", person("ann"))).headers["X-Trace-Id"]
    changes = (await api.ask(CHANGES, trace=trace))["scimRequest"]["changes"]
    assert "created" in [each["action"] for each in changes]
    assert {each["requestId"] for each in changes} == {trace}
    reader = await new_api(api.organization, [Right.ORGANIZATION_READ, Right.MEMBERS_MANAGE])
    assert (await reader.refused(CHANGES, trace=trace))["extensions"]["code"] == "FORBIDDEN"


async def test_of_a_request_that_changed_much_the_first_fifty_are_shown(api: Api, made: dict[str, Any]) -> None:
    for number in range(51):
        action = f"a{number:02}"
        await ChangeFactory.make(organization=api.organization, request_id=made["traces"]["read"], action=action)
    changes = (await api.ask(CHANGES, trace=str(made["traces"]["read"])))["scimRequest"]["changes"]
    assert [each["action"] for each in changes] == [f"a{number:02}" for number in range(50)]


async def test_what_changed_a_member(scim: Scim, api: Api) -> None:
    traces = [(await scim.post("/Users", person(name))).headers["X-Trace-Id"] for name in ("ann", "bob")]
    member = api.id("Member", (await member_of(scim, "ann@example.com"))["id"])
    [found] = (await api.ask(OF_MEMBER, id=member, first=5))["member"]["requests"]["nodes"]
    assert found["traceId"] == traces[0]
    assert found["changes"]


async def test_a_list_takes_as_many_statements_however_long_it_is(
    scim: Scim, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, rows = list[str](), sql.rows

    async def counting(text: str, *args: object) -> Any:
        if "FROM request" in text or "FROM change" in text:
            asked.append(text)
        return await rows(text, *args)

    for name in ("ann", "bob", "cat"):
        document(await scim.post("/Users", person(name)))
    monkeypatch.setattr(sql, "rows", counting)
    counts = []
    for number in (1, 3):
        asked.clear()
        found = (await api.ask(DEEP, first=number))["organization"]["requests"]["nodes"]
        assert len(found) == number
        assert all(each["changes"] and each["requestBody"] for each in found)
        counts.append(len(asked))
    assert counts == [3, 3]


async def test_it_needs_its_right(api: Api, new_api: NewApi, made: dict[str, Any]) -> None:
    stranger = await new_api(api.organization, [Right.AUDIT_READ])
    assert (await stranger.refused(LIST, first=1))["extensions"]["code"] == "FORBIDDEN"
    assert (await stranger.refused(ONE, trace=str(new_id())))["extensions"]["code"] == "FORBIDDEN"


async def test_another_organizations_requests_are_not_there(
    scim: Scim, api: Api, new_api: NewApi, made: dict[str, Any]
) -> None:
    other = await new_api(await organizations.create("Other"))
    theirs, trace = api.id("Organization", api.organization), str(made["traces"]["write"])
    for asked in ({"trace": trace}, {"trace": trace, "id": theirs}, {"trace": trace, "id": "nonsense"}):
        assert (await other.ask(ONE, **asked))["scimRequest"] is None
    for filter in ({"memberId": api.id("Member", made["member"])}, {"directoryId": api.id("Directory", uuid.uuid4())}):
        assert await paths(other, **filter) == []
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert (await other.ask(node, id=api.id("ScimRequest", made["traces"]["write"])))["node"] is None


async def test_the_operator_says_which_organization(api: Api, new_api: NewApi, made: dict[str, Any]) -> None:
    operator, trace = await new_api(None), str(made["traces"]["write"])
    theirs = api.id("Organization", api.organization)
    assert (await operator.ask(ONE, trace=trace, id=theirs))["scimRequest"]["path"] == "/write"
    assert (await operator.refused(ONE, trace=trace))["extensions"]["code"] == "BAD_REQUEST"
    assert (await operator.refused(ONE, trace="nonsense", id=theirs))["extensions"]["code"] == "BAD_REQUEST"
