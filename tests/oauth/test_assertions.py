"""Clients that sign an assertion instead of sending a secret, and those who would like to be one (RFC 7523)."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from api.oauth import clients
from api.oauth.trust import Trust
from db import sql
from tests.conftest import BASE_URL
from tests.scim.conversation import Scim
from tests.scim.governing import governor

from .asking import TOKEN_URL, Client, refusal
from .signing import (
    EC,
    RSA,
    STRANGE,
    asked,
    by_shared_key,
    claims,
    encoded,
    jwks,
    known_by_keys,
    signed,
    unsigned,
)


@pytest.fixture
async def signer(scim: Scim) -> Client:
    """A client of `scim` that signs."""
    return await known_by_keys(scim)


@pytest.mark.parametrize(("pair", "algorithm"), [(RSA, "RS256"), (RSA, "PS256"), (EC, "ES256")])
@pytest.mark.parametrize("audience", [TOKEN_URL, BASE_URL, [TOKEN_URL], [TOKEN_URL, BASE_URL]])
async def test_an_assertion_gets_a_token(signer: Client, pair: Any, algorithm: str, audience: Any) -> None:
    answer = await asked(signer, signed(claims(signer, aud=audience), pair, algorithm))
    assert answer.status_code == 200, answer.text
    assert (await signer.scim.using(answer.json()["access_token"]).get("/Users")).status_code == 200


async def test_the_client_may_say_again_who_it_is(signer: Client, okta: Client) -> None:
    assert (await asked(signer, signed(claims(signer)), client_id=str(signer.id))).status_code == 200
    refusal(await asked(signer, signed(claims(signer)), client_id=str(okta.id)), "invalid_client", 401)


async def test_times_need_not_be_told_but_for_the_end(signer: Client) -> None:
    assert (await asked(signer, signed(claims(signer, iat=None, nbf=None)))).status_code == 200
    assert (await asked(signer, signed(claims(signer, exp=time.time() + 30.5)))).status_code == 200


async def test_a_certificate_in_the_header_is_not_in_the_way(signer: Client) -> None:
    assertion = signed(claims(signer), typ="JWT", x5t="abc", x5c=["A" * 1800], other="x")
    assert (await asked(signer, assertion)).status_code == 200


def after(seconds: float) -> Callable[[], float]:
    """A time when the test runs."""
    return lambda: time.time() + seconds


def said_now(said: dict[str, Any]) -> dict[str, Any]:
    """What is to be said, with times of now."""
    return {name: value() if callable(value) else value for name, value in said.items()}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"iss": "somebody"}, "issued by somebody (iss)"),
        ({"iss": None}, "(iss)"),
        ({"iss": 7}, "(iss)"),
        ({"sub": None}, "no such client"),
        ({"sub": "00000000-0000-0000-0000-000000000000"}, "no such client"),
        ({"aud": None}, "(aud)"),
        ({"aud": ""}, "(aud)"),
        ({"aud": []}, "(aud)"),
        ({"aud": "https://elsewhere.example.com/token"}, "for https://elsewhere.example.com/token (aud)"),
        ({"aud": [TOKEN_URL, "https://elsewhere.example.com/token"]}, "(aud)"),
        ({"aud": TOKEN_URL + "/"}, "(aud)"),
        ({"aud": TOKEN_URL.upper()}, "(aud)"),
        ({"aud": {TOKEN_URL: 1}}, "(aud)"),
        ({"exp": None}, "when it ends (exp)"),
        ({"exp": "2099-01-01"}, "no time in seconds"),
        ({"exp": "4102444800"}, "no time in seconds"),
        ({"exp": True}, "no time in seconds"),
        ({"exp": [4102444800]}, "no time in seconds"),
        ({"exp": 1e300}, "no time in seconds"),
        ({"exp": 10**400}, "no time in seconds"),
        ({"exp": 0}, "has expired (exp)"),
        ({"exp": -1}, "has expired (exp)"),
        ({"exp": after(-3600)}, "has expired (exp)"),
        ({"exp": after(86_400)}, "lives for too long (exp)"),
        ({"nbf": after(600)}, "from the future (nbf)"),
        ({"nbf": "now"}, "nbf of the assertion is no time"),
        ({"nbf": False}, "nbf of the assertion is no time"),
        ({"iat": after(600)}, "from the future (iat)"),
        ({"iat": "now"}, "iat of the assertion is no time"),
        ({"jti": None}, "(jti)"),
        ({"jti": ""}, "(jti)"),
        ({"jti": 7}, "(jti)"),
        ({"jti": "x" * 300}, "(jti)"),
    ],
)
async def test_it_has_to_say_what_it_should(signer: Client, said: dict[str, Any], told: str) -> None:
    assert told in refusal(await asked(signer, signed(claims(signer, **said_now(said)))), "invalid_client", 401)
    assert await sql.value("SELECT count(*) FROM oauth_token") == 0


async def test_nobody_else_signs_for_a_client(signer: Client, others: list[Client]) -> None:
    said = claims(signer)
    elsewhere = await known_by_keys(others[1].scim, jwks=jwks(STRANGE))
    forged = {
        "not signed": unsigned(said),
        "not signed, in other letters": unsigned(said, "None"),
        "not signed, but it says so": unsigned(said, "RS256"),
        "a signature of zeros": unsigned(said, "ES256", "ec-1", bytes(64)),
        "a signature of noughts and ones": unsigned(said, "ES256", "ec-1", bytes(31) + b"\x01" + bytes(31) + b"\x01"),
        "HMAC with the public key as PEM": by_shared_key(said, RSA.pem),
        "HMAC with the public key as JWK": by_shared_key(said, json.dumps(RSA.jwk).encode()),
        "HMAC with an empty key": by_shared_key(said, b""),
        "another's key": signed(said, STRANGE),
        "another's key, brought along": signed(said, STRANGE, jwk=STRANGE.jwk),
        "another's key, to be fetched": signed(said, STRANGE, jku="https://evil.example.com/keys", x5u="https://x"),
        "the key of another client": signed(claims(elsewhere, sub=str(signer.id), iss=str(signer.id)), STRANGE),
        "another algorithm than the key's": signed(said, RSA, "RS256", kid="ec-1"),
        "another key than it says": signed(said, RSA, kid="nobody"),
        "no key id": signed(said, RSA, kid=None),
        "a key id that is none": signed(said, RSA, kid=7),
        "something critical": signed(said, RSA, crit=["b64"], b64=False),
        "something critical that is unknown": signed(said, RSA, crit=["exp"], exp=1),
        "an encrypted one": ".".join([*signed(said).split("."), "", ""]),
        "one with a line break": signed(said) + "\n",
        "two parts": ".".join(signed(said).split(".")[:2]),
        "another algorithm": unsigned(said, "RS512"),
        "a list of algorithms": unsigned(said, ["RS256"]),  # type: ignore[arg-type]  # what nobody should send
        "no text at all": ".",
        "a changed word": _changed(signed(claims(signer, sub="x"))),
        "no object": signed(b"[1]"),
        "no JSON": signed(b"{"),
        "not UTF-8": signed(b'{"sub": "\xff"}'),
        "deep": signed(b'{"sub":' + b"[" * 4000 + b"]" * 4000 + b"}"),
        "huge": signed({**said, "x": "y" * 100_000}),
        "a huge header": signed(said, x="y" * 5000),
        "letters that are none of base64": signed(said).replace(".", "!.", 1),
    }
    for how, assertion in forged.items():
        refusal(await asked(signer, assertion, client_id=str(signer.id)), *_how(how))
    assert await sql.value("SELECT count(*) FROM oauth_token") == 0
    assert (await asked(signer, signed(said))).status_code == 200


def _how(name: str) -> tuple[str, int]:
    return ("invalid_request", 400) if name in ("huge",) else ("invalid_client", 401)


def _changed(assertion: str) -> str:
    head, payload, signature = assertion.split(".")
    return f"{head}.{encoded(b'{}')}.{signature}" if payload else ""


async def test_an_assertion_is_used_once(signer: Client) -> None:
    assertion = signed(claims(signer))
    assert (await asked(signer, assertion)).status_code == 200
    assert "used before (jti)" in refusal(await asked(signer, assertion), "invalid_client", 401)
    again = signed(claims(signer, jti=_jti(assertion)), EC, "ES256")
    assert "used before (jti)" in refusal(await asked(signer, again), "invalid_client", 401)


def _jti(assertion: str) -> str:
    payload = assertion.split(".")[1]
    return str(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["jti"])


@pytest.mark.parametrize("round", range(3))
async def test_of_fifty_at_once_with_the_same_assertion_one_gets_a_token(signer: Client, round: int) -> None:
    assertion = signed(claims(signer))
    answers = await asyncio.gather(*(asked(signer, assertion) for _ in range(50)))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 49
    assert await sql.value("SELECT count(*) FROM oauth_token") == 1


async def test_two_clients_may_have_the_same_ids_for_their_assertions(signer: Client, sibling: Scim) -> None:
    other = await known_by_keys(sibling)
    for client in (signer, other):
        assert (await asked(client, signed(claims(client, jti="1")))).status_code == 200


async def test_a_client_with_secrets_only_signs_nothing(okta: Client) -> None:
    assert "has no keys" in refusal(await asked(okta, signed(claims(okta))), "invalid_client", 401)


async def test_a_client_with_keys_only_has_no_secret(signer: Client, okta: Client) -> None:
    form = {"grant_type": "client_credentials", "client_id": str(signer.id), "client_secret": okta.secret}
    refusal(await signer.post(form), "invalid_client", 401)


async def test_keys_are_replaced_at_once(signer: Client) -> None:
    await clients.change(governor(signer.scim), signer.id, trust=Trust(jwks=jwks(EC)))
    assert "no key with the kid rsa-1" in refusal(await asked(signer, signed(claims(signer))), "invalid_client", 401)
    assert (await asked(signer, signed(claims(signer), EC, "ES256"))).status_code == 200


async def test_tokens_end_with_the_keys_that_they_were_got_by(okta: Client) -> None:
    """Whoever had the old keys had the tokens, too."""
    actor = governor(okta.scim)
    await clients.change(actor, okta.id, trust=Trust(jwks=jwks(RSA)))
    by_secret, by_keys = await okta.using_scim(), await _using_keys(okta)
    await clients.change(actor, okta.id, name="Another name", trust=Trust(jwks=jwks(RSA)))
    assert [(await each.get("/Users")).status_code for each in (by_secret, by_keys)] == [200, 200]
    await clients.change(actor, okta.id, trust=Trust(jwks=jwks(RSA, EC)))
    refused = await by_keys.get("/Users")
    assert (refused.status_code, "Get a new one from the token endpoint" in refused.text) == (401, True)
    by_keys = await _using_keys(okta)
    assert (await by_keys.get("/Users")).status_code == 200
    await clients.change(actor, okta.id, trusts_nobody=True)
    assert [(await each.get("/Users")).status_code for each in (by_secret, by_keys)] == [200, 401]


async def _using_keys(client: Client) -> Scim:
    answer = await asked(client, signed(claims(client)))
    return client.scim.using(answer.json()["access_token"])


async def test_a_revoked_client_signs_in_vain(signer: Client) -> None:
    scim = signer.scim.using((await asked(signer, signed(claims(signer)))).json()["access_token"])
    await clients.revoke(governor(signer.scim), signer.id)
    assert "revoked" in refusal(await asked(signer, signed(claims(signer))), "invalid_client", 401)
    assert (await scim.get("/Users")).status_code == 401


ENTRA = {
    "issuer": "https://login.microsoftonline.com/ce5f061f-abe6-4e40-9615-301f87bcb7f0/v2.0",
    "subject": "0d1ba6bb-0f5e-4b2f-8d39-0c35a5d6c3a1",
    "audience": "api://b5ba7a93-4452-4522-aeb4-a2b5da870c16/.default",
}


def of_entra(**more: Any) -> dict[str, Any]:
    """What Microsoft documents of its assertions (AzureAD/SCIMReferenceCode, June 2026): there is no jti."""
    now = int(time.time())
    said = {
        "aud": "api://b5ba7a93-4452-4522-aeb4-a2b5da870c16",
        "iss": ENTRA["issuer"],
        "iat": now,
        "nbf": now,
        "exp": now + 3900,
        "appid": "b5ba7a93-4452-4522-aeb4-a2b5da870c16",
        "appidacr": "2",
        "sub": ENTRA["subject"],
        "tid": "ce5f061f-abe6-4e40-9615-301f87bcb7f0",
        "ver": "2.0",
    }
    return {name: value for name, value in {**said, **more}.items() if value is not None}


async def test_entra_gets_a_token_by_workload_identity(scim: Scim) -> None:
    entra = await known_by_keys(scim, **ENTRA)
    assertion = signed(of_entra(), x5t="abc", typ="JWT")
    for _ in range(2):  # Entra keeps its own for an hour
        answer = await asked(entra, assertion, client_id=str(entra.id), scope="scim")
        assert answer.status_code == 200, answer.text
        assert answer.json()["scope"] == "scim"
    once = signed(of_entra(jti="1"))
    assert [(await asked(entra, once, client_id=str(entra.id))).status_code for _ in range(2)] == [200, 401]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"iss": "https://login.microsoftonline.com/another/v2.0"}, "(iss)"),
        ({"sub": "another"}, "(sub)"),
        ({"aud": "api://another"}, "(aud)"),
        ({"aud": TOKEN_URL}, "(aud)"),
        ({"exp": after(90_000)}, "(exp)"),
        ({"jti": 7}, "(jti)"),
    ],
)
async def test_another_tenant_of_entra_gets_none(scim: Scim, said: dict[str, Any], told: str) -> None:
    entra = await known_by_keys(scim, **ENTRA)
    answer = await asked(entra, signed(of_entra(**said_now(said))), client_id=str(entra.id))
    assert told in refusal(answer, "invalid_client", 401)


async def test_whom_entra_speaks_for_is_said_beside_it(scim: Scim) -> None:
    entra = await known_by_keys(scim, **ENTRA)
    refusal(await asked(entra, signed(of_entra())), "invalid_client", 401)
    assert (await asked(entra, signed(of_entra()), client_id=str(entra.id))).status_code == 200
    own = claims(entra)
    refusal(await asked(entra, signed(own), client_id=str(entra.id)), "invalid_client", 401)
