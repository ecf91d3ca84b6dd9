"""Clients belong to a directory: what becomes of them with it, what is recorded, and what is told when they fail."""

from __future__ import annotations

import json
import uuid
from typing import Any

import httpx
import pytest

from api.oauth import client_views, clients, work
from api.provisioning import connections, deletions, directories, key_warnings, request_log
from api.provisioning.deletion_choices import Choice
from db import sql
from db.ids import new_id
from db.queries import log
from tests.mail.carrying import told
from tests.scim.conversation import Json, Scim, document
from tests.scim.deleting import delete, later, restored
from tests.scim.governing import governor, person

from .asking import Client, basic, known_by_a_secret, refusal, with_another_secret
from .signing import known_by_keys


async def record_of(scim: Scim, answer: httpx.Response) -> dict[str, Any]:
    """The record of a request, by the trace id that the client was given."""
    await request_log.flush()
    found = await log.request(scim.access.organization_id, uuid.UUID(answer.headers["x-trace-id"]))
    assert found is not None, "the request was not recorded"
    return found


async def hints(scim: Scim) -> tuple[str, ...]:
    """What is told of a directory's requests that went astray."""
    await request_log.flush()
    return (await connections.conditions(governor(scim)))[scim.access.directory_id].hints


async def test_requests_are_recorded_with_the_client_that_sent_them(okta: Client) -> None:
    scim = await okta.using_scim()
    for answer in (await scim.post("/Users", person()), await scim.get("/Users"), await scim.get("/Users/nobody")):
        record = await record_of(scim, answer)
        assert (record["oauth_client_id"], record["oauth_client_name"]) == (okta.id, "Okta")
        assert (record["key_id"], record["key_last_four"]) == (None, None)
    assert (await record_of(scim, await okta.scim.get("/Users")))["oauth_client_id"] is None


async def test_no_token_or_secret_is_kept_with_a_request(okta: Client) -> None:
    scim = await okta.using_scim()
    await scim.post("/Users", person(title=f"{scim.access.key} {okta.secret}"))
    await request_log.flush()
    kept = str([dict(row) for row in await sql.rows("SELECT * FROM request")])
    assert scim.access.key not in kept
    assert okta.secret not in kept


async def test_what_a_client_changes_is_changed_by_its_directory(okta: Client) -> None:
    made = document(await (await okta.using_scim()).post("/Users", person()))
    changes = await log.changes_of(okta.scim.access.organization_id, uuid.UUID(made["id"]))
    assert {(each["actor_kind"], each["actor_id"]) for each in changes} == {
        ("DIRECTORY", okta.scim.access.directory_id)
    }


async def test_a_refused_token_request_is_recorded_without_what_was_sent(okta: Client) -> None:
    answer = await okta.post(
        f"grant_type=client_credentials&client_id={okta.id}&client_secret={okta.secret[:-1]}", user_agent="Okta\x00"
    )
    refusal(answer, "invalid_client", 401)
    record = await record_of(okta.scim, answer)
    assert (record["method"], record["path"], record["status"]) == ("POST", "/oauth2/token", 401)
    assert (record["oauth_client_id"], record["directory_id"]) == (okta.id, okta.scim.access.directory_id)
    assert "no such client" in record["detail"]
    assert [each["code"] for each in json.loads(record["decisions"])] == ["REFUSED"]
    assert okta.secret[:-1] not in str(record)
    assert (record["request_body"], record["response_body"], record["query"]) == (None, None, None)


async def test_requests_of_nobody_are_not_recorded(okta: Client) -> None:
    await okta.post("grant_type=client_credentials", authorization=basic(str(new_id()), okta.secret))
    await okta.post("grant_type=client_credentials", authorization=okta.basic + "x")
    await request_log.flush()
    assert await sql.value("SELECT count(*) FROM request") == 0


async def test_a_client_whose_secret_has_ended_is_a_hint(okta: Client) -> None:
    assert okta.secret_id is not None
    await clients.revoke_secret(governor(okta.scim), okta.secret_id)
    for _ in range(2):
        await okta.by_basic()
    [hint] = await hints(okta.scim)
    assert "asked for an access token 2 times in the last day and got none" in hint
    assert (await connections.conditions(governor(okta.scim)))[okta.scim.access.directory_id].health == "HEALTHY"
    await okta.by_basic()
    assert (await connections.conditions(governor(okta.scim)))[okta.scim.access.directory_id].health == "FAILING"


async def test_an_expired_access_token_is_nobodys_concern(okta: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some clients find out so that they need another; and a wrong path is a hint as ever."""
    scim = await okta.using_scim()
    later(monkeypatch, minutes=61)
    for _ in range(5):
        assert (await scim.get("/Users")).status_code == 401
    assert await hints(scim) == ()
    assert (await connections.conditions(governor(scim)))[scim.access.directory_id].health == "HEALTHY"
    await (await okta.using_scim()).get("/Userz")
    assert "/scim/v2/Userz" in (await hints(scim))[0]


async def test_a_paused_directory_answers_as_it_does_to_keys(okta: Client) -> None:
    scim = await okta.using_scim()
    await directories.change(governor(scim), scim.access.directory_id, {"state": "PAUSED"})
    assert [(await each.get("/Users")).status_code for each in (scim, okta.scim)] == [503, 503]
    assert (await okta.by_basic()).status_code == 200
    await directories.change(governor(scim), scim.access.directory_id, {"state": "LIVE"})
    assert (await scim.get("/Users")).status_code == 200


async def test_a_deleted_directory_takes_its_clients_with_it(okta: Client, others: list[Client]) -> None:
    signer = await known_by_keys(okta.scim)
    scim, beside = await okta.using_scim(), await others[0].using_scim()
    await delete(okta.scim)
    assert [(await each.get("/Users")).status_code for each in (scim, okta.scim, beside)] == [401, 401, 200]
    assert "revoked" in refusal(await okta.by_basic(), "invalid_client", 401)
    back = await restored(okta.scim)
    assert [(await each.get("/Users")).status_code for each in (scim, back)] == [401, 200]
    refusal(await okta.by_basic(), "invalid_client", 401)
    found = await client_views.many(governor(okta.scim), [okta.id, signer.id])
    assert all(row.revoked_at is not None for row in found.values())
    assert (await (await known_by_a_secret(back)).by_basic()).status_code == 200


async def test_at_its_end_nothing_of_them_is_left(okta: Client, monkeypatch: pytest.MonkeyPatch, sibling: Scim) -> None:
    beside = await known_by_a_secret(sibling)
    for each in (okta, beside):
        await each.token()
    await deletions.delete(governor(okta.scim), okta.scim.access.directory_id, Choice.KEEP_LOCAL)
    later(monkeypatch, days=31)
    assert await deletions.purge_due(okta.scim.access.organization_id) == 1
    for table, column in (("oauth_client", "id"), ("oauth_secret", "client_id"), ("oauth_token", "client_id")):
        assert [row[0] for row in await sql.rows(f"SELECT {column} FROM {table}")] == [beside.id]


async def test_uses_are_noted(okta: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    row = "SELECT last_used_at FROM oauth_client WHERE id = $1"
    assert await sql.value(row, okta.id) is None
    began = later(monkeypatch, hours=0)
    scim = await okta.using_scim()
    assert await sql.value(row, okta.id) == began
    assert await sql.value("SELECT last_used_at FROM oauth_secret WHERE client_id = $1", okta.id) == began
    later(monkeypatch, minutes=2)
    await scim.get("/Users")
    await request_log.flush()
    assert await sql.value(row, okta.id) == began
    used = later(monkeypatch, minutes=4)
    await scim.get("/Users")
    await request_log.flush()
    assert await sql.value(row, okta.id) == used


async def test_people_are_told_of_secrets_that_end(okta: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    await sql.rows("UPDATE directory_key SET revoked_at = now()")
    later(monkeypatch, days=335, hours=1)
    assert await key_warnings.tell() == 1
    assert await key_warnings.tell() == 0
    [(_, found)] = await told()
    shown = {name: found[name] for name in ("days", "name", "is_token", "is_secret", "last_four", "newer")}
    assert shown == {
        "days": 30,
        "name": "GENERIC",
        "is_token": False,
        "is_secret": True,
        "last_four": okta.secret[-4:],
        "newer": None,
    }
    await clients.revoke(governor(okta.scim), okta.id)
    later(monkeypatch, days=16)
    assert await key_warnings.tell() == 0


async def test_whoever_has_a_newer_secret_is_told_on_the_last_day_only(
    okta: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, days=335, hours=1)
    fresh = await with_another_secret(okta)
    assert await key_warnings.tell() == 0
    later(monkeypatch, days=29)
    assert await key_warnings.tell() == 1
    assert (await told())[-1][1]["newer"] == fresh.secret[-4:]


async def test_what_ended_long_ago_is_forgotten(okta: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    old = await okta.using_scim()
    later(monkeypatch, hours=24)
    await okta.token()
    await work.forget()
    assert "expired" in document_text(await old.get("/Users"))
    later(monkeypatch, hours=2)
    await work.forget()
    assert "not known" in document_text(await old.get("/Users"))
    assert await sql.value("SELECT count(*) FROM oauth_token") == 1


def document_text(answer: httpx.Response) -> str:
    """What a SCIM error says."""
    shown: Json = answer.json()
    return str(shown["detail"])


async def test_discovery_names_oauth_where_there_is_a_client(okta: Client, sibling: Scim) -> None:
    async def schemes(scim: Scim) -> list[str]:
        shown = await scim.read("/ServiceProviderConfig")
        return [each["type"] for each in shown["authenticationSchemes"]]

    assert [await schemes(each) for each in (okta.scim, sibling)] == [
        ["oauthbearertoken", "oauth2"],
        ["oauthbearertoken"],
    ]
    await clients.revoke(governor(okta.scim), okta.id)
    assert await schemes(okta.scim) == ["oauthbearertoken"]
