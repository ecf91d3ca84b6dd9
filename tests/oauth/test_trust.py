"""Which keys a client may be given, and what is kept of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from api.oauth import clients
from api.oauth.trust import Trust
from api.provisioning.errors import BadSetting
from db import sql
from tests.scim.conversation import Scim
from tests.scim.governing import governor

from .signing import EC, RSA, SHORT, STRANGE, WIDE, encoded, jwks, known_by_keys

EXPENSIVE = encoded(b"\x7f" + b"\xff" * 255)
"""An exponent by which looking at a signature takes as long as making one."""


@pytest.mark.parametrize(
    ("trust", "told"),
    [
        ({}, "Give the public keys"),
        ({"jwks": jwks(RSA), "jwks_uri": "https://idp.example.com/keys"}, "not both"),
        ({"jwks": jwks(RSA), "issuer": "https://idp.example.com"}, "issuer and subject together"),
        ({"jwks": jwks(RSA), "subject": "x"}, "issuer and subject together"),
        ({"jwks": jwks(RSA), "audience": "x" * 501}, "audience is a text"),
        ({"jwks": jwks(RSA), "audience": "a\nb"}, "audience is a text"),
        ({"jwks": "{"}, "no JSON"),
        ({"jwks": "[]"}, "no JWK Set"),
        ({"jwks": '{"keys": [1]}'}, "no JWK Set"),
        ({"jwks": '{"keys": []}'}, "from 1 to 20 keys"),
        ({"jwks": jwks(*[{**RSA.jwk, "kid": str(number)} for number in range(21)])}, "from 1 to 20 keys"),
        ({"jwks": jwks(RSA, STRANGE)}, "the same kid"),
        ({"jwks": jwks(RSA.private_jwk)}, "private key"),
        ({"jwks": jwks({"kty": "oct", "kid": "a", "k": "c2VjcmV0"})}, "RSA or EC"),
        ({"jwks": jwks({**RSA.jwk, "kid": None})}, "needs a kid"),
        ({"jwks": jwks({**RSA.jwk, "use": "enc"})}, "for signatures"),
        ({"jwks": jwks({**RSA.jwk, "alg": "RS512"})}, "for signatures"),
        ({"jwks": jwks({**EC.jwk, "alg": "RS256"})}, "for signatures"),
        ({"jwks": jwks({**RSA.jwk, "n": "!"})}, "cannot be read"),
        ({"jwks": jwks({**RSA.jwk, "n": 7})}, "cannot be read"),
        ({"jwks": jwks({"kty": "RSA", "kid": "a"})}, "cannot be read"),
        ({"jwks": jwks({**EC.jwk, "x": EC.jwk["y"]})}, "cannot be read"),
        ({"jwks": jwks({**EC.jwk, "crv": "P-1"})}, "cannot be read"),
        ({"jwks": jwks(SHORT)}, "from 2048 to 8192 bits"),
        ({"jwks": jwks({**RSA.jwk, "e": "AQ"})}, "exponent"),
        ({"jwks": jwks({**RSA.jwk, "e": EXPENSIVE})}, "exponent"),
        ({"jwks": jwks(WIDE)}, "P-256"),
        ({"jwks_uri": "ftp://idp.example.com/keys"}, "jwks_uri cannot be used"),
        ({"jwks_uri": "https://user:password@idp.example.com/keys"}, "jwks_uri cannot be used"),
        ({"jwks_uri": "keys"}, "jwks_uri cannot be used"),
    ],
)
async def test_keys_that_make_no_sense_are_not_kept(scim: Scim, trust: dict[str, Any], told: str) -> None:
    with pytest.raises(BadSetting, match=told):
        await clients.create(governor(scim), scim.access.directory_id, name="Signer", trust=Trust(**trust))
    assert await sql.value("SELECT count(*) FROM oauth_client") == 0


async def test_of_keys_nothing_is_kept_but_what_is_needed(scim: Scim) -> None:
    await known_by_keys(scim, jwks=jwks({**RSA.jwk, "x5c": ["x"], "note": "Bob's", "use": "sig", "alg": "RS256"}))
    kept = json.loads(str(await sql.value("SELECT jwks FROM oauth_client")))
    assert kept == {"keys": [{**RSA.jwk, "alg": "RS256"}]}
