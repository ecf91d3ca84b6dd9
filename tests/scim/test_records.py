"""The record of requests (R149–R156): everything that was asked, answered, decided and altered, and nothing secret."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.provisioning import keys, organizations, request_log
from api.provisioning.actor import operator
from api.provisioning.errors import BadSetting
from db import sql
from db.queries import directories, log

from .conversation import USER, Json, Scim, document, group, search, user

Row = dict[str, Any]  # a row in a test is read with free hands


async def _record(scim: Scim, answer: httpx.Response) -> Row:
    """The record of a request, by the trace id that the client was given."""
    await request_log.flush()
    found = await log.request(scim.access.organization_id, uuid.UUID(answer.headers["x-trace-id"]))
    assert found is not None, "the request was not recorded"
    return found


def _codes(record: Row) -> list[str]:
    return [decision["code"] for decision in json.loads(record["decisions"])]


async def test_a_write_is_recorded_with_everything_about_it(scim: Scim) -> None:
    answer = await scim.having(user_agent="Okta SCIM Client 1.0.0").post("/Users?x=y", user("Ann"))
    record = await _record(scim, answer)
    made = document(answer)
    [key] = await directories.keys(scim.access.organization_id, scim.access.directory_id)
    wanted = {
        "directory_id": scim.access.directory_id,
        "key_id": key["id"],
        "key_last_four": scim.access.key[-4:],
        "user_agent": "Okta SCIM Client 1.0.0",
        "method": "POST",
        "path": "/scim/v2/Users",
        "query": "x=y",
        "status": 201,
        "resource_type": "User",
        "resource_id": uuid.UUID(made["id"]),
        "subject_key": "ann",
        "scim_type": None,
        "detail": None,
        "bulk_request_id": None,
    }
    assert {name: record[name] for name in wanted} == wanted
    assert json.loads(record["request_body"]) == user("Ann")
    assert json.loads(record["response_body"]) == made
    assert 0 < record["duration_us"] < 10_000_000
    assert {"CREATED", "STATUS", "SEAT_TYPE"} <= set(_codes(record))


async def test_what_a_request_altered_hangs_on_its_trace_id(scim: Scim) -> None:
    made = await scim.make_user("ann", title="Captain")
    answer = await scim.patch(f"/Users/{made['id']}", {"op": "replace", "path": "title", "value": "Major"})
    changes = await log.changes_of(scim.access.organization_id, uuid.UUID(made["id"]))
    [change] = [each for each in changes if str(each["request_id"]) == answer.headers["x-trace-id"]]
    assert (change["action"], change["subject_type"], change["actor_kind"]) == (
        "updated",
        "directory_user",
        "DIRECTORY",
    )
    assert change["actor_id"] == scim.access.directory_id
    assert json.loads(str(change["before"])) == {"title": "Captain"}
    assert json.loads(str(change["after"])) == {"title": "Major"}


async def test_changes_of_members_of_groups_name_who_came_and_who_left(scim: Scim) -> None:
    ids = [(await scim.make_user(name))["id"] for name in ("ann", "bob")]
    team = await scim.make_group("Team", ids[:1])
    await scim.put(f"/Groups/{team['id']}", group("Team", ids[1:]))
    changes = await log.changes_of(scim.access.organization_id, uuid.UUID(team["id"]))
    told = [(each["action"], json.loads(str(each["after"])).get("members")) for each in changes]
    assert told[:2] == [("created", None), ("members_added", ids[:1])]
    assert sorted(told[2:]) == [("members_added", ids[1:]), ("members_removed", ids[:1])]


async def test_a_request_that_changes_nothing_says_so_and_alters_nothing(scim: Scim) -> None:
    made = await scim.make_user("ann", title="Captain")
    answer = await scim.patch(f"/Users/{made['id']}", {"op": "replace", "path": "title", "value": "Captain"})
    assert "UNCHANGED" in _codes(await _record(scim, answer))
    changes = await log.changes_of(scim.access.organization_id, uuid.UUID(made["id"]))
    assert answer.headers["x-trace-id"] not in [str(each["request_id"]) for each in changes]


REFUSED: list[tuple[str, str, Json | None, int, str | None]] = [
    ("POST", "/Users", user("taken"), 409, "uniqueness"),
    ("POST", "/Users", {"schemas": [USER]}, 400, "invalidValue"),
    ("GET", "/Users?filter=nonsense", None, 400, "invalidFilter"),
    ("GET", "/Users/nobody", None, 404, None),
    ("GET", "/Nothing", None, 404, None),
    ("DELETE", "/Users", None, 405, None),
    ("GET", "/Schemas?filter=x", None, 403, None),
    ("GET", "/Me", None, 501, None),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "scim_type"), REFUSED)
async def test_refused_requests_are_recorded_with_the_reason(
    scim: Scim, method: str, path: str, body: Json | None, status: int, scim_type: str | None
) -> None:
    await scim.make_user("taken")
    answer = await scim.send(method, path, body)
    record = await _record(scim, answer)
    assert (answer.status_code, record["status"], record["scim_type"]) == (status, status, scim_type)
    assert record["detail"] == document(answer)["detail"].split(" (trace ")[0]
    assert json.loads(record["response_body"]) == document(answer)
    assert "REFUSED" in _codes(record)
    assert record["path"] == "/scim/v2" + path.partition("?")[0]


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"\x00\x00", b"[" * 5000, b"{}" * 40_000])
async def test_unreadable_bodies_are_recorded_as_refused(scim: Scim, content: bytes) -> None:
    record = await _record(scim, await scim.send("POST", "/Users", content=content))
    assert (record["status"], record["scim_type"]) == (400, "invalidSyntax")
    assert len(record["request_body"]) <= 65_536


async def test_a_body_too_large_and_a_wrong_media_type_are_recorded(scim: Scim) -> None:
    limit = (await scim.read("/ServiceProviderConfig"))["bulk"]["maxPayloadSize"]
    assert (await _record(scim, await scim.send("POST", "/Users", content=b" " * (limit + 1))))["status"] == 413
    assert (await _record(scim, await scim.having(content_type="text/plain").post("/Users", {})))["status"] == 415
    assert (await _record(scim, await scim.having(accept="text/html").get("/Users")))["status"] == 406


async def test_refusals_are_recorded_before_they_are_answered(scim: Scim) -> None:
    answer = await scim.get("/Users/nobody")
    assert await log.request(scim.access.organization_id, uuid.UUID(answer.headers["x-trace-id"]))


async def test_a_key_that_is_known_but_ended_is_recorded(scim: Scim) -> None:
    await keys.rotate(operator(scim.access.organization_id), scim.access.directory_id, overlap=timedelta(0))
    answer = await scim.get("/Users")
    record = await _record(scim, answer)
    assert (answer.status_code, record["status"]) == (401, 401)
    assert record["key_last_four"] == scim.access.key[-4:]
    assert "revoked" in record["detail"]


async def test_reads_are_recorded_with_what_they_found(scim: Scim) -> None:
    await scim.make_user("ann")
    record = await _record(scim, await scim.get("/Users", filter='userName eq "ANN"'))
    assert (record["status"], record["results"], record["subject_key"]) == (200, 1, "ann")
    assert record["query"] == "filter=userName+eq+%22ANN%22"
    assert record["response_body"] is None
    record = await _record(scim, await scim.post("/Users/.search", search(filter='userName eq "bob"')))
    assert (record["results"], record["subject_key"]) == (0, "bob")
    assert (await _record(scim, await scim.get("/Schemas")))["status"] == 200


async def test_not_modified_and_head_are_recorded(scim: Scim) -> None:
    made = await scim.make_user("ann")
    answer = await scim.having(if_none_match="*").get(f"/Users/{made['id']}")
    assert (await _record(scim, answer))["status"] == 304
    assert (await _record(scim, await scim.send("HEAD", "/Users")))["method"] == "HEAD"


@pytest.mark.parametrize("value", ["x" * 2000, "\u00ff\u00fe", "tab\there"])
async def test_user_agents_of_any_kind_are_kept(scim: Scim, value: str) -> None:
    headers = [(b"authorization", f"Bearer {scim.access.key}".encode()), (b"user-agent", value.encode("latin-1"))]
    answer = await scim.http.send(httpx.Request("GET", "http://rollcall.test/scim/v2/Users", headers=headers))
    assert (await _record(scim, answer))["user_agent"] == value[:500]


async def test_unknown_keys_are_recorded_for_nobody(scim: Scim) -> None:
    before = await sql.value("SELECT count(*) FROM request")
    await scim.using("rc_scim_" + "0" * 38).get("/Users")
    await request_log.flush()
    assert await sql.value("SELECT count(*) FROM request") == before


async def test_requests_of_two_organizations_stay_apart(scim: Scim, stranger: Scim) -> None:
    for each in (scim, stranger):
        await each.make_user("ann")
    for each in (scim, stranger):
        rows = await log.requests(each.access.organization_id, limit=10)
        assert {row["directory_id"] for row in rows} == {each.access.directory_id}
        assert len(rows) == 1


async def _aged(scim: Scim, answer: httpx.Response, days: int) -> None:
    await request_log.flush()
    await sql.rows(
        "UPDATE request SET received_at = now() - make_interval(days => $2) WHERE id = $1",
        answer.headers["x-trace-id"],
        days,
    )


async def test_old_bodies_go_first_and_old_headlines_later(scim: Scim, stranger: Scim) -> None:
    await organizations.keep_requests_for(operator(scim.access.organization_id), headline_days=20, body_days=5)
    answers = [await scim.post("/Users", user(f"u{days}")) for days in (4, 6, 21)]
    theirs = await stranger.post("/Users", user("u21"))
    for answer, days in zip(answers, (4, 6, 21), strict=True):
        await _aged(scim, answer, days)
    await _aged(stranger, theirs, 21)
    assert await organizations.forget_old_requests() == 2
    kept = {str(row["id"]): row["request_body"] for row in await log.requests(scim.access.organization_id, limit=10)}
    ids = [answer.headers["x-trace-id"] for answer in answers]
    assert set(kept) == set(ids[:2])
    assert (kept[ids[0]] is None, kept[ids[1]] is None) == (False, True)
    [row] = await log.requests(stranger.access.organization_id, limit=10)
    assert row["request_body"] is not None
    assert await organizations.forget_old_requests() == 0


async def test_forgetting_requests_leaves_the_history_of_people(scim: Scim) -> None:
    await organizations.keep_requests_for(operator(scim.access.organization_id), headline_days=0, body_days=0)
    answer = await scim.post("/Users", user("ann"))
    await _aged(scim, answer, 1)
    assert await organizations.forget_old_requests() == 1
    made = uuid.UUID(document(answer)["id"])
    assert len(await log.changes_of(scim.access.organization_id, made)) == 1


@pytest.mark.parametrize(("headline", "body"), [(1, 2), (-1, -1), (4000, 1)])
async def test_retention_that_makes_no_sense_is_refused(scim: Scim, headline: int, body: int) -> None:
    with pytest.raises(BadSetting):
        await organizations.keep_requests_for(
            operator(scim.access.organization_id), headline_days=headline, body_days=body
        )
