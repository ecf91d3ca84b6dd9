"""What the token endpoint says of itself, read by the code of somebody else (RFC 8414)."""

from __future__ import annotations

import httpx
import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata

from api import settings
from api.oauth import endpoint
from tests.conftest import BASE_URL

from .asking import Client


async def test_clients_find_the_endpoint_and_how_to_use_it(client: httpx.AsyncClient) -> None:
    answer = await client.get("/.well-known/oauth-authorization-server")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json() == {
        "issuer": BASE_URL,
        "token_endpoint": f"{BASE_URL}/oauth2/token",
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256", "PS256", "ES256"],
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": ["none"],
        "scopes_supported": ["scim"],
    }


async def test_authlib_finds_nothing_wrong(client: httpx.AsyncClient) -> None:
    """It insists on TLS for the issuer and the endpoint, as the standard does."""
    told = (await client.get("/.well-known/oauth-authorization-server")).json()
    over_tls = {
        name: value.replace("http://", "https://") if isinstance(value, str) else value for name, value in told.items()
    }
    AuthorizationServerMetadata(over_tls).validate()


async def test_the_host_header_changes_nothing(client: httpx.AsyncClient) -> None:
    answer = await client.get("/.well-known/oauth-authorization-server", headers={"host": "evil.example.com"})
    assert answer.json()["issuer"] == BASE_URL


def test_the_issuer_is_the_public_url() -> None:
    chosen = settings.read({"ROLLCALL_PUBLIC_URL": "https://rollcall.example.com/here/"})
    assert endpoint.token_url(chosen) == "https://rollcall.example.com/here/oauth2/token"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_tokens_are_got_by_post_only(okta: Client, method: str) -> None:
    assert (await okta.http.request(method, "/oauth2/token")).status_code == 405
