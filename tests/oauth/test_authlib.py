"""The token endpoint over a real socket, used by a client that nobody here wrote: Authlib's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from cryptography.hazmat.primitives import serialization
from joserfc.jwk import ECKey, RSAKey

from tests.scim.conversation import MEDIA_TYPE, Scim
from tests.scim.governing import person

from .asking import Client, known_by_a_secret
from .signing import EC, RSA, Pair, known_by_keys


async def uses_scim(client: AsyncOAuth2Client, url: str) -> None:
    """Get a token, and do with it what an identity provider does."""
    token = await client.fetch_token(f"{url}/oauth2/token", grant_type="client_credentials", scope="scim")
    assert (token["token_type"], token["expires_in"], token["scope"]) == ("Bearer", 3600, "scim")
    made = await client.post(
        f"{url}/scim/v2/Users", content=json.dumps(person()).encode(), headers={"content-type": MEDIA_TYPE}
    )
    assert made.status_code == 201, made.text
    assert (await client.get(f"{url}/scim/v2/Users/{made.json()['id']}")).status_code == 200


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
async def test_a_secret(live: str, okta: Client, method: str) -> None:
    async with AsyncOAuth2Client(str(okta.id), okta.secret, token_endpoint_auth_method=method) as client:
        await uses_scim(client, live)


@pytest.mark.parametrize(("pair", "algorithm"), [(RSA, "RS256"), (RSA, "PS256"), (EC, "ES256")])
async def test_keys(live: str, scim: Scim, pair: Pair, algorithm: str) -> None:
    signer = await known_by_keys(scim)
    pem = pair.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key = ECKey.import_key(pem) if pair is EC else RSAKey.import_key(pem)
    client: Any
    async with AsyncOAuth2Client(str(signer.id), key, token_endpoint_auth_method="private_key_jwt") as client:
        client.register_client_auth_method(
            PrivateKeyJWT(f"{live}/oauth2/token", alg=algorithm, headers={"kid": pair.kid})
        )
        await uses_scim(client, live)


async def test_it_gets_another_when_one_has_ended(live: str, okta: Client) -> None:
    async with AsyncOAuth2Client(
        str(okta.id), okta.secret, token_endpoint=f"{live}/oauth2/token", grant_type="client_credentials"
    ) as client:
        first = (await client.fetch_token())["access_token"]
        client.token = {**client.token, "expires_at": 1}
        assert (await client.get(f"{live}/scim/v2/Users")).status_code == 200
        assert client.token["access_token"] != first


async def test_a_stranger_gets_none(live: str, scim: Scim) -> None:
    okta = await known_by_a_secret(scim)
    async with AsyncOAuth2Client(str(okta.id), okta.secret[:-1]) as client:
        with pytest.raises(Exception, match="invalid_client"):
            await client.fetch_token(f"{live}/oauth2/token", grant_type="client_credentials")
