"""Client credentials with a secret, over HTTP (RFC 6749 §2.3.1, §4.4, §5; REQUIREMENTS D6)."""

from __future__ import annotations

import asyncio
import base64
import uuid
from datetime import timedelta

import pytest

from api.auth.keys import KeyProblem
from api.oauth import clients
from api.provisioning.errors import InTheWay
from api.provisioning.key_text import SECRET_PREFIX, digest, new_key
from db import sql
from tests.scim.conversation import Scim
from tests.scim.deleting import later
from tests.scim.governing import governor, person

from .asking import Client, assert_headers, basic, known_by_a_secret, refusal, with_another_secret

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


async def test_a_secret_gets_a_token_for_an_hour_by_basic_and_by_the_form(okta: Client) -> None:
    for answer in (await okta.by_basic(), await okta.by_form(), await okta.by_basic(scope="scim")):
        assert answer.status_code == 200
        assert_headers(answer)
        told = answer.json()
        assert told.pop("access_token").startswith("rc_at_")
        assert told == {"token_type": "Bearer", "expires_in": 3600, "scope": "scim"}


async def test_the_token_opens_its_directory_as_a_key_does(okta: Client, others: list[Client]) -> None:
    scim = await okta.using_scim()
    assert (await scim.post("/Users", person())).status_code == 201
    for other in (okta.scim, *[each.scim for each in others], *[await each.using_scim() for each in others]):
        found = (await other.read("/Users"))["totalResults"]
        assert found == (1 if other is okta.scim else 0)


async def test_only_hashes_are_kept(okta: Client) -> None:
    token = await okta.token()
    [secret] = await sql.rows("SELECT * FROM oauth_secret")
    [kept] = await sql.rows("SELECT * FROM oauth_token")
    assert (secret["hash"], secret["last_four"], kept["hash"]) == (digest(okta.secret), okta.secret[-4:], digest(token))
    everything = str([dict(row) for row in (secret, kept, *await sql.rows("SELECT * FROM change"))])
    assert okta.secret not in everything
    assert token not in everything


async def test_basic_is_decoded_as_a_form_is(okta: Client) -> None:
    """RFC 6749 §2.3.1: id and secret are form-encoded before they are joined."""
    encoded = "".join(f"%{ord(letter):02X}" for letter in str(okta.id))
    header = "Basic " + base64.b64encode(f"{encoded}:{okta.secret}".encode()).decode()
    answer = await okta.post("grant_type=client_credentials", authorization=header)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("form", "error", "status"),
    [
        ("", "invalid_request", 400),
        ("grant_type=", "invalid_request", 400),
        ("grant_type=authorization_code&code=x", "unsupported_grant_type", 400),
        ("grant_type=password&username=a&password=b", "unsupported_grant_type", 400),
        ("grant_type=refresh_token", "unsupported_grant_type", 400),
        ("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer", "unsupported_grant_type", 400),
        ("grant_type=client_credentials", "invalid_client", 401),
        ("grant_type=client_credentials&client_id={id}", "invalid_client", 401),
        ("grant_type=client_credentials&client_secret={secret}", "invalid_client", 401),
        ("grant_type=client_credentials&client_id={id}&client_secret=", "invalid_client", 401),
        ("grant_type=client_credentials&client_id={id}&client_id={id}&client_secret={secret}", "invalid_request", 400),
        ("grant_type=client_credentials&client_id=x&client_secret={secret}", "invalid_client", 401),
        ("grant_type=client_credentials&client_id={id}&client_secret={secret}&scope=admin", "invalid_scope", 400),
        ("grant_type=client_credentials&client_id={id}&client_secret={secret}&scope=scim+admin", "invalid_scope", 400),
        (
            "grant_type=client_credentials&client_id={id}&client_secret={secret}&client_assertion=x"
            f"&client_assertion_type={ASSERTION_TYPE}",
            "invalid_request",
            400,
        ),
        ("grant_type=client_credentials&client_assertion=x", "invalid_request", 400),
        ("grant_type=client_credentials&client_assertion=x&client_assertion_type=saml2-bearer", "invalid_client", 401),
        ("grant_type=client_credentials&client_id=%FF", "invalid_request", 400),
        ("&".join(f"a{number}=1" for number in range(60)), "invalid_request", 400),
        ("grant_type=client_credentials&x=" + "y" * 40_000, "invalid_request", 400),
    ],
)
async def test_what_is_wrong_is_told_in_the_words_of_the_standard(
    okta: Client, form: str, error: str, status: int
) -> None:
    text = refusal(await okta.post(form.format(id=okta.id, secret=okta.secret)), error, status)
    assert okta.secret not in text
    assert await sql.value("SELECT count(*) FROM oauth_token") == 0


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data; boundary=x", ""])
async def test_only_forms_are_read(okta: Client, content_type: str) -> None:
    answer = await okta.post('{"grant_type": "client_credentials"}', content_type=content_type)
    assert "x-www-form-urlencoded" in refusal(answer, "invalid_request", 400)


async def test_a_form_may_say_its_charset(okta: Client) -> None:
    form = f"grant_type=client_credentials&client_id={okta.id}&client_secret={okta.secret}&foo=bar"
    answer = await okta.post(form, content_type="application/x-www-form-urlencoded; charset=UTF-8")
    assert answer.status_code == 200


async def test_secrets_in_the_url_are_not_looked_at(okta: Client) -> None:
    """RFC 6749 §2.3.1: they must not be there."""
    url = f"/oauth2/token?grant_type=client_credentials&client_id={okta.id}&client_secret={okta.secret}"
    refusal(
        await okta.http.post(url, headers={"content-type": "application/x-www-form-urlencoded"}), "invalid_request", 400
    )
    assert (await okta.http.get(url)).status_code == 405


async def test_what_is_no_basic_is_refused(okta: Client, others: list[Client]) -> None:
    wrong = {
        "Bearer x": "Basic",
        "Basic": "Basic",
        "Basic ###": "cannot be read",
        "Basic /////w==": "cannot be read",
        basic(str(okta.id), ""): "Basic",
        "Basic " + base64.b64encode(str(okta.id).encode()).decode(): "Basic",
        basic(str(uuid.uuid4()), okta.secret): "no such client",
        basic("admin", okta.secret): "no such client",
        basic(str(okta.id), okta.secret[:-1]): "no such client",
        basic(str(okta.id), new_key(SECRET_PREFIX)): "no such client",
        basic(str(okta.id), okta.scim.access.key): "no such client",
        basic(str(okta.id), "é\x00"): "no such client",
        **{basic(str(okta.id), other.secret): "no such client" for other in others},
        **{basic(str(other.id), okta.secret): "no such client" for other in others},
    }
    for header, told in wrong.items():
        answer = await okta.post("grant_type=client_credentials", authorization=header)
        assert told in refusal(answer, "invalid_client", 401), header
    answer = await okta.post("grant_type=client_credentials&client_id=other", authorization=okta.basic)
    refusal(answer, "invalid_request", 400)
    assert (await okta.by_basic(client_id=str(okta.id))).status_code == 200


async def test_a_wrong_id_and_a_wrong_secret_are_told_alike(okta: Client) -> None:
    """Nobody finds out which clients there are."""
    texts = {
        refusal(await okta.post("grant_type=client_credentials", authorization=header), "invalid_client", 401).split(
            " (trace"
        )[0]
        for header in (basic(str(uuid.uuid4()), okta.secret), basic(str(okta.id), new_key(SECRET_PREFIX)))
    }
    assert len(texts) == 1


async def test_a_token_ends_after_an_hour(okta: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    scim = await okta.using_scim()
    later(monkeypatch, minutes=59)
    assert (await scim.get("/Users")).status_code == 200
    later(monkeypatch, minutes=2)
    answer = await scim.get("/Users")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (
        401,
        'Bearer realm="Rollcall SCIM", error="invalid_token"',
    )
    assert answer.json()["detail"].startswith(KeyProblem.EXPIRED_TOKEN)


async def test_a_token_never_outlives_its_secret(okta: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    later(monkeypatch, hours=0)
    short = await with_another_secret(okta, expires_in_days=1)
    later(monkeypatch, hours=23, minutes=50)
    answer = await short.by_basic()
    assert answer.json()["expires_in"] == 600
    scim = okta.scim.using(answer.json()["access_token"])
    assert (await scim.get("/Users")).status_code == 200
    later(monkeypatch, minutes=11)
    assert (await scim.get("/Users")).status_code == 401
    assert "has expired" in refusal(await short.by_basic(), "invalid_client", 401)
    assert (await okta.by_basic()).status_code == 200


async def test_a_token_ends_with_its_secret_that_was_shortened_later(
    okta: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, hours=0)
    scim = await okta.using_scim()
    await with_another_secret(okta, overlap=timedelta(minutes=5))
    assert (await scim.get("/Users")).status_code == 200
    later(monkeypatch, minutes=6)
    assert (await scim.get("/Users")).status_code == 401


async def test_two_secrets_live_at_once_and_no_third(okta: Client) -> None:
    second = await with_another_secret(okta)
    assert [(await each.by_basic()).status_code for each in (okta, second)] == [200, 200]
    with pytest.raises(InTheWay, match="2 secrets that live"):
        await with_another_secret(okta)
    with pytest.raises(InTheWay, match="2 secrets that live"):
        await with_another_secret(okta, overlap=timedelta(hours=1))
    third = await with_another_secret(okta, overlap=timedelta(0))
    assert [(await each.by_basic()).status_code for each in (okta, second, third)] == [401, 401, 200]


async def test_the_old_secret_lives_for_as_long_as_was_said(okta: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = await with_another_secret(okta, overlap=timedelta(days=1))
    later(monkeypatch, hours=23)
    assert [(await each.by_basic()).status_code for each in (okta, fresh)] == [200, 200]
    later(monkeypatch, hours=2)
    assert [(await each.by_basic()).status_code for each in (okta, fresh)] == [401, 200]


async def test_a_revoked_secret_takes_its_tokens_with_it_and_no_others(okta: Client) -> None:
    second = await with_another_secret(okta)
    by_first, by_second = await okta.using_scim(), await second.using_scim()
    assert okta.secret_id is not None
    await clients.revoke_secret(governor(okta.scim), okta.secret_id)
    assert [(await each.get("/Users")).status_code for each in (by_first, by_second)] == [401, 200]
    assert "revoked" in refusal(await okta.by_basic(), "invalid_client", 401)
    assert (await second.by_basic()).status_code == 200


async def test_a_revoked_client_is_over_at_once(okta: Client) -> None:
    another = await known_by_a_secret(okta.scim)
    scim, beside = await okta.using_scim(), await another.using_scim()
    await clients.revoke(governor(okta.scim), okta.id)
    assert [(await each.get("/Users")).status_code for each in (scim, beside, okta.scim)] == [401, 200, 200]
    told = (await scim.get("/Users")).json()["detail"]
    assert told.startswith(KeyProblem.REVOKED_TOKEN)
    assert "revoked" in refusal(await okta.by_basic(), "invalid_client", 401)


async def test_what_is_no_access_token_is_refused_with_the_right_words(okta: Client) -> None:
    token = await okta.token()
    wrong = {
        token[:-1]: KeyProblem.CUT_TOKEN,
        token.upper(): KeyProblem.UNREADABLE,
        f"{token}x": KeyProblem.CUT_TOKEN,
        new_key("rc_at_"): KeyProblem.UNKNOWN_TOKEN,
        okta.secret: KeyProblem.UNREADABLE,
    }
    for key, problem in wrong.items():
        answer = await okta.scim.using(key).get("/Users")
        assert (answer.status_code, answer.json()["detail"].split(" (trace ")[0]) == (401, problem.value), key


async def test_many_at_once_get_tokens_of_their_own(okta: Client) -> None:
    tokens = await asyncio.gather(*(okta.token() for _ in range(20)))
    assert len(set(tokens)) == 20


async def test_secrets_and_tokens_stand_nowhere_in_the_log(okta: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    token = await okta.token()
    await okta.scim.using(token[:-1]).get("/Users")
    await okta.post("grant_type=client_credentials", authorization=basic(str(okta.id), new_key(SECRET_PREFIX)))
    assert "invalid_client" in caplog.text
    assert token not in caplog.text
    assert okta.secret not in caplog.text


async def test_a_directory_without_oauth_is_as_it_was(scim: Scim) -> None:
    assert (await scim.get("/Users")).status_code == 200
