"""Calls that are not by the application, or not from now, or no calls at all: nobody comes in by them."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from api.provisioning import clock, tokens
from api.provisioning.actor import Right
from api.provisioning.caller import the_operator
from api.sign_in import jit as endpoint
from db import sql
from tests.scim.conversation import Json, Scim
from tests.scim.deleting import later
from tests.scim.governing import everybody, team

from .telling import EMAIL, Host, ago, host, refused, told

BODY = json.dumps({"outcome": "success", "email": EMAIL}).encode()


async def test_whoever_has_the_token_and_not_the_secret_gets_nowhere(jit: Scim, app: Host, stranger: Scim) -> None:
    others = [await host(jit), await host(stranger)]
    for other in others:
        refused(await app.having(secret=other.secret).send(BODY), 401, "BAD_SIGNATURE")
        refused(await app.having(token=other.token).send(BODY), 401, "BAD_SIGNATURE")
    key = hashlib.sha256(app.token.encode()).digest()
    for guess in (base64.b64encode(key).decode(), base64.b64encode(app.token.encode()).decode()):
        refused(await app.having(secret=f"whsec_{guess}").send(BODY), 401, "BAD_SIGNATURE")
    assert await everybody(jit) == []


async def test_what_was_signed_is_what_counts(jit: Scim, app: Host) -> None:
    other = json.dumps({"outcome": "success", "email": "eve@example.com"}).encode()
    refused(await app.send(other, signed=BODY), 401, "BAD_SIGNATURE")
    refused(await app.send(BODY + b" ", signed=BODY), 401, "BAD_SIGNATURE")
    now = str(int(clock.now().timestamp()) + 1)
    altered: dict[str, str | None] = {"webhook-id": "other", "webhook-timestamp": now}
    for name, value in altered.items():
        refused(await app.send(BODY, headers={name: value}), 401, "BAD_SIGNATURE")
    assert await everybody(jit) == []


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "v1,",
        "v1",
        "v1,AAAA",
        "v2,{good}",
        "v1a,{good}",
        "{good}",
        "V1,{good}",
        "v1,{good}x",
        "v1,{bad} v1,",
        "v1,é",
        "v1,AAAA " * 2000 + "v1,{good}",
    ],
)
async def test_signatures_that_are_none(jit: Scim, app: Host, signature: str | None) -> None:
    at = str(int(clock.now().timestamp()))
    key = base64.b64decode(app.secret.removeprefix("whsec_"))
    good = base64.b64encode(hmac.digest(key, b"login-1." + at.encode() + b"." + BODY, hashlib.sha256)).decode()
    bad = base64.b64encode(bytes(32)).decode()
    sent = None if signature is None else signature.format(good=good, bad=bad)
    headers = {"webhook-signature": sent, "webhook-timestamp": at}
    refused(await app.send(BODY, id="login-1", headers=headers), 401, "BAD_SIGNATURE")
    assert await everybody(jit) == []


async def test_one_good_signature_of_several_is_enough(jit: Scim, app: Host) -> None:
    """While an application changes its secret, it may sign by both."""
    at = clock.now()
    key = base64.b64decode(app.secret.removeprefix("whsec_"))
    good = hmac.digest(key, f"login-1.{int(at.timestamp())}.".encode() + BODY, hashlib.sha256)
    listed = f"v1,AAAA v1a,AAAA v1,{base64.b64encode(good).decode()}"
    assert told(await app.send(BODY, id="login-1", at=at, headers={"webhook-signature": listed}))["isNew"]


@pytest.mark.parametrize("id", ["", " ", "a.b", "a b", "é", "x" * 129, "../x", "a\tb"])
async def test_ids_that_are_none(jit: Scim, app: Host, id: str) -> None:
    refused(await app.send(BODY, headers={"webhook-id": id or None}), 401, "BAD_SIGNATURE")


@pytest.mark.parametrize("seconds", [301, 3600, 10**8, -301, -3600])
async def test_calls_of_another_time_are_refused(jit: Scim, app: Host, seconds: float) -> None:
    refused(await app.send(BODY, at=ago(seconds=seconds)), 401, "STALE_TIMESTAMP")
    assert await everybody(jit) == []


@pytest.mark.parametrize("seconds", [290, -290])
async def test_clocks_may_differ_a_little(jit: Scim, app: Host, seconds: float) -> None:
    assert told(await app.send(BODY, at=ago(seconds=seconds)))["isNew"]


@pytest.mark.parametrize("at", ["", "now", "1e9", "-1", "٣", "9" * 30, "0", "1.5"])
async def test_times_that_are_none(jit: Scim, app: Host, at: str) -> None:
    refused(await app.send(BODY, headers={"webhook-timestamp": at}), 401, "BAD_SIGNATURE")


async def test_a_call_that_somebody_overheard_is_answered_alike_and_later_not_at_all(
    jit: Scim, app: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifty at once, and again after the five minutes."""
    at, id = later(monkeypatch, hours=0), "login-1"
    answers = await asyncio.gather(*(app.send(BODY, id=id, at=at) for _ in range(50)))
    assert len({answer.content for answer in answers}) == 1
    await sql.rows("UPDATE member SET display_name = 'Ann Lee'")
    later(monkeypatch, minutes=4)
    assert (await app.send(BODY, id=id, at=at)).content == answers[0].content
    later(monkeypatch, minutes=2)
    refused(await app.send(BODY, id=id, at=at), 401, "STALE_TIMESTAMP")
    assert [each["display_name"] for each in await everybody(jit)] == ["Ann Lee"]


async def test_who_calls_without_a_token_that_lives_is_nobody(jit: Scim, app: Host) -> None:
    for header in (None, "", "Bearer", "Basic x", f"Bearer {app.token[:-1]}", f"Bearer {jit.access.key}"):
        refused(await app.send(BODY, headers={"authorization": header}), 401, "UNAUTHENTICATED")
    found = await tokens.all_of(the_operator(), jit.access.organization_id)
    await tokens.revoke(the_operator(), found[0].id)
    assert "revoked" in refused(await app.tell(), 401, "UNAUTHENTICATED")
    assert await everybody(jit) == []


async def test_the_operators_token_is_in_no_organization(jit: Scim, app: Host) -> None:
    made = await tokens.create(the_operator(), None, name="All", rights=[Right.SIGN_IN], expires_in_days=1)
    assert made.signing is None
    assert "operator" in refused(await app.having(token=made.text).tell(), 403, "FORBIDDEN")


async def test_a_token_without_a_signing_secret_gets_nowhere(jit: Scim, app: Host) -> None:
    await sql.rows("UPDATE api_token SET signing_secret = NULL")
    assert "no signing secret" in refused(await app.tell(), 401, "BAD_SIGNATURE")


async def test_a_secret_that_was_moved_to_another_token_does_not_open_there(jit: Scim, app: Host) -> None:
    other = await host(jit)
    await sql.rows(
        """UPDATE api_token t SET signing_secret = o.signing_secret FROM api_token o
           WHERE o.id <> t.id AND t.last_four = $1""",
        other.token[-4:],
    )
    refused(await other.having(secret=app.secret).tell(), 503, "UNAVAILABLE")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "BAD_REQUEST"),
        (b"{", 400, "BAD_REQUEST"),
        (b"[]", 400, "BAD_REQUEST"),
        (b"null", 400, "BAD_REQUEST"),
        (b"\xff", 400, "BAD_REQUEST"),
        (b"[" * 60_000, 400, "BAD_REQUEST"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 400, "BAD_REQUEST"),
        (b"{}", 400, "BAD_REQUEST"),
        (b'{"email": "ann@example.com"}', 400, "BAD_REQUEST"),
        (b'{"outcome": "maybe", "email": "ann@example.com"}', 400, "BAD_REQUEST"),
        (b'{"outcome": true, "email": "ann@example.com"}', 400, "BAD_REQUEST"),
        (b'{"outcome": "success", "email": ["ann@example.com"]}', 400, "BAD_REQUEST"),
        (b'{"outcome": "success", "email": "ann@example.com", "name": 7}', 400, "BAD_REQUEST"),
        (b'{"outcome": "success", "email": "ann@example.com", "email_verified": "true"}', 400, "BAD_REQUEST"),
        (b'{"outcome": "success", "email": "ann@example.com", "email_verified": 1}', 400, "BAD_REQUEST"),
        (b'{"outcome": "success", "email": "ann@example.com", "email_verified": false}', 422, "ADDRESS_NOT_VERIFIED"),
        (b'{"outcome": "success"}', 422, "INVALID"),
        (b'{"outcome": "success", "email": null}', 422, "INVALID"),
        (b'{"outcome": "success", "email": "  "}', 422, "INVALID"),
        (b'{"outcome": "success", "email": "ann"}', 422, "INVALID"),
        (b'{"outcome": "success", "email": "a\\u0000nn@example.com"}', 422, "INVALID"),
        (b'{"outcome": "success", "email": "ann@example.com", "name": "A\\u0000"}', 422, "INVALID"),
        (b'{"outcome": "success", "email": "ann@example.com", "name": "a\\nb"}', 422, "INVALID"),
        (b'{"outcome": "success", "email": "ann@example.com", "sub": "' + b"x" * 501 + b'"}', 422, "INVALID"),
        (b'{"outcome": "success", "email": "ann@example.com", "x": "' + b"y" * 70_000 + b'"}', 413, "TOO_LARGE"),
    ],
)
async def test_bodies_that_make_no_sense(jit: Scim, app: Host, body: bytes, status: int, code: str) -> None:
    refused(await app.send(body), status, code)
    assert await everybody(jit) == []


@pytest.mark.parametrize("media_type", [None, "text/plain", "application/x-www-form-urlencoded", "application/jsonx"])
async def test_other_media_types(jit: Scim, app: Host, media_type: str | None) -> None:
    refused(await app.send(BODY, headers={"content-type": media_type}), 415, "BAD_REQUEST")


async def test_who_calls_too_often_is_told_when_to_come_again(
    jit: Scim, app: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "BURST", 3)
    monkeypatch.setattr(endpoint, "PER_MINUTE", 1 / 60)
    answers = [await app.tell() for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "too many tries" in refused(answers[-1], 429, "TOO_OFTEN")
    assert 3500 < int(answers[-1].headers["retry-after"]) <= 3600
    assert told(await (await host(jit)).tell())


async def test_nothing_secret_is_logged_or_kept(jit: Scim, app: Host, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    await app.tell(name="Ann Lee")
    await app.having(secret=(await host(jit)).secret).tell()
    kept = str([dict(row) for row in (*await sql.rows("SELECT * FROM api_token"), *await sql.rows("TABLE change"))])
    for secret in (app.token, app.secret, app.secret.removeprefix("whsec_")):
        assert secret not in caplog.text
        assert secret not in kept


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
_EMAILS = st.sampled_from([EMAIL, "bob@example.com", "ANN@EXAMPLE.COM", "cleo@elsewhere.example.org", "", "x"])
_CALLS = st.fixed_dictionaries(
    {"outcome": st.sampled_from(["success", "success", "success", "failure"]) | _JSON, "email": _EMAILS | _JSON},
    optional={
        name: _JSON | st.text(max_size=20)
        for name in ("name", "sub", "given_name", "email_verified", "active", "status", "groups", "seat_type", "delete")
    },
)


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(said=_CALLS | st.dictionaries(st.text(), _JSON, max_size=5) | _JSON)
async def test_whatever_is_said_nobody_is_lost(jit: Scim, app: Host, ann: Json, said: Any) -> None:
    """R013: no call ever takes a member, their access, their seat or their role away, and none ends in a 5xx."""
    await team(jit, "admin", ann["id"], name=f"Admins {clock.now().timestamp()}")
    before = {each["id"]: (each["status"], each["seat"], each["role"]) for each in await everybody(jit)}
    answer = await app.send(json.dumps(said).encode())
    assert answer.status_code < 500, answer.text
    after = {each["id"]: (each["status"], each["seat"], each["role"]) for each in await everybody(jit)}
    assert {id: after[id] for id in before} == before
    assert len(after) >= len(before)
