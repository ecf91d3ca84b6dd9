"""GraphQL over HTTP: what is sent, what is answered, and what is not told."""

from __future__ import annotations

import httpx
import pytest

from api.graphql import organizations
from api.graphql.context import Info
from db import sql
from db.errors import TooSlow

from .conftest import Api

ME = "{ viewer { name } }"
RESPONSE = "application/graphql-response+json"


async def sent(api: Api, body: bytes, **headers: str) -> httpx.Response:
    """The answer to bytes."""
    head = {"Authorization": f"Bearer {api.token}", "Content-Type": "application/json", **headers}
    return await api.http.post("/graphql", content=body, headers=head)


async def test_an_answer_has_a_trace_id_and_is_kept_by_nobody(api: Api) -> None:
    answer = await api.post(ME)
    assert answer.json()["data"] == {"viewer": {"name": "Backstage"}}
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(answer.headers["Rollcall-Trace-Id"]) == 36


@pytest.mark.parametrize(("accept", "status"), [(RESPONSE, 400), ("application/json", 200), ("*/*", 200)])
async def test_what_is_no_good_query_has_the_status_that_its_media_type_wants(
    api: Api, accept: str, status: int
) -> None:
    """GraphQL over HTTP §6.4: 400 for the new media type, 200 for clients that know only JSON."""
    for text in ("{ viewer {", "{ viewer { nonsense } }", "{ viewer { name } } fragment F on Viewer { name }"):
        answer = await api.post(text, Accept=accept)
        assert answer.status_code == status, answer.text
        assert answer.headers["Content-Type"] == (RESPONSE if accept == RESPONSE else "application/json")
        assert "data" not in answer.json()
        assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "BAD_REQUEST"),
        (b"{", 400, "BAD_REQUEST"),
        (b"\xff\xfe", 400, "BAD_REQUEST"),
        (b'{"query": 1}', 400, "BAD_REQUEST"),
        (b'{"variables": {}}', 400, "BAD_REQUEST"),
        (b'[{"query": "{ viewer { name } }"}]', 400, "BAD_REQUEST"),
        (b"[" * 100_000, 400, "BAD_REQUEST"),
        (b'{"query": "' + b" " * 1_000_001 + b'"}', 413, "TOO_LARGE"),
    ],
)
async def test_bodies_that_cannot_be_read(api: Api, body: bytes, status: int, code: str) -> None:
    answer = await sent(api, body, Accept=RESPONSE)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (status, code)


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_other_media_types_are_refused(api: Api, media_type: str) -> None:
    """A form of another site can send these without asking."""
    answer = await sent(api, b'{"query": "{ viewer { name } }"}', **{"Content-Type": media_type})
    assert answer.status_code == 415


async def test_nothing_is_asked_by_get(api: Api) -> None:
    answer = await api.http.get("/graphql", params={"query": ME}, headers={"Authorization": f"Bearer {api.token}"})
    assert answer.status_code == 405


async def test_there_are_no_subscriptions(api: Api) -> None:
    assert (await api.refused("subscription { viewer { name } }"))["extensions"]["code"] == "BAD_REQUEST"


async def test_one_of_several_operations_is_run_by_its_name(api: Api) -> None:
    both = "query A { viewer { name } } query B { rateLimit { limit } }"
    body = {"query": both, "operationName": "B"}
    answer = await api.http.post("/graphql", json=body, headers={"Authorization": f"Bearer {api.token}"})
    assert set(answer.json()["data"]) == {"rateLimit"}
    assert (await api.refused(both))["message"] == "Name the operation to run."


async def test_introspection_needs_a_token(api: Api) -> None:
    assert (await api.ask("{ __schema { queryType { name } } }"))["__schema"]["queryType"]["name"] == "Query"
    answer = await api.http.post("/graphql", json={"query": "{ __schema { queryType { name } } }"})
    assert answer.status_code == 401


async def test_misspelt_fields_get_no_suggestions(api: Api) -> None:
    assert "Did you mean" not in (await api.refused("{ viewr { name } }"))["message"]


async def test_what_nobody_expected_is_told_by_its_trace_id_only(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(info: Info, organization: object, id: object) -> None:
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr(organizations, "find", broken)
    answer = await api.post("{ viewer { name organization { name } } }")
    [error] = answer.json()["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["extensions"]["trace"] == answer.headers["Rollcall-Trace-Id"]
    assert "hunter2" not in answer.text
    assert answer.json()["data"]["viewer"] == {"name": "Backstage", "organization": None}
    assert error["extensions"]["trace"] in caplog.text


async def test_a_database_that_is_away_is_no_bug(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(statement: str, *args: object) -> None:
        raise TooSlow

    monkeypatch.setattr(sql, "rows", away)
    answer = await api.post(ME)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"


async def test_a_text_that_no_database_keeps_is_no_bug(api: Api) -> None:
    assert api.organization is not None
    organization = api.id("Organization", api.organization)
    ref = {"email": {"organizationId": organization, "email": "ann\0@example.com"}}
    refused = await api.refused("query ($ref: MemberRef!) { member(ref: $ref) { id } }", ref=ref)
    assert refused["extensions"]["code"] == "BAD_REQUEST"
    assert "U+0000" in refused["message"]
