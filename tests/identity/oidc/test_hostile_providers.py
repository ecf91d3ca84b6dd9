"""What a hostile or broken provider can say, and what people and admins are told then (SECURITY §1)."""

from __future__ import annotations

import logging
import uuid

import pytest

from db import sql

from ..browsers import reasons
from .provider import CLIENT_SECRET, rsa_key, signed
from .signing_in import SESSION, Browser, go_on, is_in, known


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (
            (401, {"error": "invalid_client", "error_description": "wrong\nsecret"}),
            "(invalid_client: wrongsecret)",
        ),
        ((400, {"error": "invalid_grant"}), "Compare the redirect URI"),
        ((400, {"error": ["x"]}), "answered the code with 400, and no reason"),
        ((500, b"<html>"), "answered the code with 500, and no reason"),
        ((302, {}), "answered the code with 302"),
        ((200, b"<html>"), "is not JSON"),
        ((200, {"id_token": 1, "access_token": "x", "token_type": "Bearer"}), "gave no ID token"),
        ((200, {"access_token": "x", "token_type": "Bearer"}), "gave no ID token"),
        ((200, {"id_token": "x", "access_token": "x", "token_type": "mac"}), "of the kind Bearer"),
        ((200, {"id_token": "x", "access_token": 1, "token_type": "Bearer"}), "of the kind Bearer"),
        ((200, {"id_token": "x" * 70_000, "access_token": "x", "token_type": "Bearer"}), "longer than 65536 bytes"),
    ],
)
async def test_84_whatever_is_answered_to_the_code_is_told_to_admins(
    ann: Browser, answer: tuple[int, object], why: str
) -> None:
    ann.provider.answers["/token"] = answer
    told = await ann.sign_in()
    assert not is_in(told)
    [reason] = await reasons(ann.connection)
    assert why in reason
    assert reason not in told.text
    assert "Ask an admin of your organization" in told.text


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("access_denied", "did not let you in, or you cancelled"),
        ("login_required", "wants you to do something first"),
        ("server_error", "has a problem of its own"),
        ("invalid_scope", "Tell them what your identity provider said: invalid_scope"),
        ("<script>alert(1)</script>", "<script>"),
    ],
)
async def test_85_a_refusal_by_the_provider_is_told_in_words(ann: Browser, error: str, words: str) -> None:
    asked = await ann.go()
    answer = await ann.back(asked, code=None, error=error, error_description="no\r\nway")
    assert not is_in(answer)
    assert words in answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"
    [reason] = await reasons(ann.connection)
    assert f"({error}: noway)" in reason
    assert not is_in(await ann.back(asked)), "it is used up"


async def test_86_a_provider_leads_to_no_inner_network(ann: Browser) -> None:
    ann.provider.document = {"jwks_uri": "http://169.254.169.254/latest/meta-data/"}
    assert not is_in(await ann.sign_in())
    [reason] = await reasons(ann.connection)
    assert "such as a cloud's metadata service" in reason


async def test_87_a_storm_of_unknown_keys_is_one_fetch(ann: Browser) -> None:
    assert is_in(await ann.sign_in())
    ann.provider.token = lambda claims: signed(claims, rsa_key("attacker"), kid=uuid.uuid4().hex)
    for _ in range(20):
        assert not is_in(await ann.sign_in())
    assert ann.provider.asked["/keys"] == 2


async def test_88_a_new_key_is_taken_at_once_and_an_old_one_not_for_long(
    ann: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_in(await ann.sign_in())
    ann.provider.keys = [rsa_key("second").as_dict(private=False)]
    ann.provider.token = lambda claims: signed(claims, rsa_key("second"), kid="second")
    assert is_in(await ann.sign_in())
    ann.provider.token = lambda claims: signed(claims, rsa_key())
    assert not is_in(await ann.sign_in())
    assert ann.provider.asked["/keys"] == 2


async def test_89_a_key_that_was_withdrawn_is_forgotten_after_ten_minutes(
    ann: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann.provider.claims = {"exp": 4_000_000_000}
    assert is_in(await ann.sign_in())
    ann.provider.keys = [rsa_key("second").as_dict(private=False)]
    go_on(monkeypatch, minutes=9)
    assert is_in(await ann.sign_in())
    go_on(monkeypatch, minutes=2)
    assert not is_in(await ann.sign_in())


async def test_90_a_provider_that_was_away_is_asked_again_soon(ann: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    ann.provider.answers["/.well-known/openid-configuration"] = (503, b"")
    for _ in range(3):
        answer = await ann.http.get(f"/sso/{ann.connection.id}/start")
        assert (answer.status_code, "does not work now" in answer.text) == (403, True)
    assert ann.provider.asked["/.well-known/openid-configuration"] == 1
    ann.provider.answers.clear()
    go_on(monkeypatch, seconds=11)
    await ann.go()


@pytest.mark.parametrize("verified", [False, "true", 1, "True", [True], None])
async def test_91_an_address_that_is_not_verified_is_nobodys(ann: Browser, verified: object) -> None:
    ann.provider.claims = {"email_verified": verified}
    answer = await ann.sign_in()
    assert not is_in(answer)
    assert "did not say that ann@example.com has been proved to be yours" in answer.text
    assert await known(ann.connection) == {}


@pytest.mark.parametrize(
    "email",
    [
        "ann@attacker.example",
        "ann@example.com.attacker.example",
        "ann@notexample.com",
        "ann@sub.example.com",
        "ann@attacker.example@example.com@attacker.example",
        "ann@example.com\0@attacker.example",
        "ann@еxample.com",
        "@example.com",
        "ann@",
        "example.com",
    ],
)
async def test_92_an_address_of_a_domain_that_is_not_verified_lets_nobody_in(ann: Browser, email: str) -> None:
    ann.provider.claims = {"email": email}
    assert not is_in(await ann.sign_in())
    assert await sql.value("SELECT count(*) FROM member") == 0


async def test_93_what_is_said_about_the_person_is_about_that_person(ann: Browser) -> None:
    ann.provider.claims = {"email": None, "email_verified": None}
    ann.provider.userinfo = {"sub": "boss-1", "email": "boss@example.com", "email_verified": True}
    assert not is_in(await ann.sign_in())
    ann.provider.userinfo["sub"] = "ann-1"
    assert is_in(await ann.sign_in())
    assert await known(ann.connection) == {"ann-1": "boss@example.com"}


async def test_94_whether_an_address_is_verified_is_said_where_the_address_is(ann: Browser) -> None:
    ann.provider.claims = {"email": None}
    ann.provider.userinfo = {"sub": "ann-1", "email": "boss@example.com"}
    assert not is_in(await ann.sign_in())


async def test_95_a_session_is_always_new(ann: Browser) -> None:
    """Fixation, and whoever signs in again has left the session before."""
    ann.http.cookies.set(SESSION, "chosen-by-an-attacker")
    first = (await ann.sign_in()).cookies[SESSION]
    assert first != "chosen-by-an-attacker"
    second = (await ann.sign_in()).cookies[SESSION]
    assert second != first
    assert await sql.value("SELECT count(*) FROM session") == 1


@pytest.mark.parametrize(
    "place",
    [
        "https://attacker.example",
        "//attacker.example",
        "/\\attacker.example",
        "\\/x",
        "/a\r\nlocation: x",
        "x",
        "/\t/x",
    ],
)
async def test_96_nobody_is_led_elsewhere(ann: Browser, place: str) -> None:
    answer = await ann.back(await ann.go(return_to=place))
    assert is_in(answer)
    assert answer.headers["location"] == "/"


async def test_97_whoever_comes_too_often_waits(ann: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.sign_in.arriving.BURST", 2)
    monkeypatch.setattr("api.sign_in.arriving.PER_MINUTE", 0.001)
    answers = [await ann.http.get(f"/sso/{ann.connection.id}/start") for _ in range(4)]
    assert [each.status_code for each in answers] == [303, 303, 429, 429]
    assert int(answers[-1].headers["retry-after"]) >= 1


async def test_98_the_log_has_no_code_no_state_and_no_secret(ann: Browser, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        asked = await ann.go()
        tokens: list[str] = []

        def token(claims: dict[str, object]) -> str:
            tokens.append(signed(claims, rsa_key()))
            return tokens[0]

        ann.provider.token = token
        ann.provider.code = "a-code-that-nobody-may-see"
        answer = await ann.back(asked)
        assert is_in(answer)
        assert not is_in(await ann.back(asked))
    # The client of this test logs its own addresses; it is no part of the application.
    ours = [record for record in caplog.records if record.name != "httpx"]
    text = "\n".join(f"{record.name} {record.getMessage()}" for record in ours)
    secrets = [ann.provider.code, asked["state"], asked["nonce"], tokens[0], CLIENT_SECRET, answer.cookies[SESSION]]
    assert "Sign-in refused" in text
    assert [secret for secret in secrets if secret in text] == []


async def test_99_anybody_can_cause_only_so_many_refusals(ann: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.identity.landing.KEPT_AT_ONCE", 3)
    monkeypatch.setattr("api.identity.landing.KEPT_A_MINUTE", 0.001)
    for _ in range(5):
        answer = await ann.sign_in(code=None, error="access_denied")
        assert not is_in(answer)
        assert "Trace: " in answer.text
    assert len(await reasons(ann.connection)) == 3
