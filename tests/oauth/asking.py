"""What a client of the token endpoint does, by hand: nothing of the application is used to make a request."""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote_plus, urlencode

import httpx

from api.oauth import clients
from tests.conftest import BASE_URL
from tests.scim.conversation import Scim
from tests.scim.governing import governor

TOKEN_URL = f"{BASE_URL}/oauth2/token"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Client:
    """A client of a directory, and its secret if it has one."""

    scim: Scim
    id: uuid.UUID
    secret: str = ""
    secret_id: uuid.UUID | None = None

    @property
    def http(self) -> httpx.AsyncClient:
        """By what it talks."""
        return self.scim.http

    async def post(self, form: dict[str, str] | str, **headers: str) -> httpx.Response:
        """The answer to a token request."""
        content = form if isinstance(form, str) else urlencode(form)
        sent = {"content-type": FORM, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return await self.http.post(TOKEN_URL, content=content, headers=sent)

    async def by_basic(self, **more: str) -> httpx.Response:
        """The same with the secret in the header, encoded as RFC 6749 §2.3.1 wants it."""
        return await self.post({"grant_type": "client_credentials", **more}, authorization=self.basic)

    async def by_form(self, **more: str) -> httpx.Response:
        """The same with the secret in the form."""
        asked = {"grant_type": "client_credentials", "client_id": str(self.id), "client_secret": self.secret}
        return await self.post({**asked, **more})

    @property
    def basic(self) -> str:
        """The Authorization header."""
        return basic(str(self.id), self.secret)

    async def token(self) -> str:
        """An access token."""
        answer = await self.by_basic()
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    async def using_scim(self) -> Scim:
        """The directory by an access token."""
        return self.scim.using(await self.token())


def basic(client: str, secret: str) -> str:
    """An Authorization header with what is form-encoded."""
    return "Basic " + base64.b64encode(f"{quote_plus(client)}:{quote_plus(secret)}".encode()).decode()


async def known_by_a_secret(scim: Scim, **more: Any) -> Client:
    """A new client of a directory with a secret."""
    made = await clients.create(governor(scim), scim.access.directory_id, name="Okta", **more)
    assert made.text is not None
    assert made.secret is not None
    return Client(scim, made.client.id, made.text, made.secret.id)


async def with_another_secret(client: Client, **more: Any) -> Client:
    """The client by another secret."""
    made = await clients.add_secret(governor(client.scim), client.id, **more)
    assert made.text is not None
    assert made.secret is not None
    return replace(client, secret=made.text, secret_id=made.secret.id)


def refusal(answer: httpx.Response, error: str, status: int) -> str:
    """What a refusal says, after a look whether it is one as RFC 6749 §5.2 has it."""
    assert (answer.status_code, answer.json()["error"]) == (status, error), answer.text
    assert set(answer.json()) == {"error", "error_description"}
    assert_headers(answer)
    text = str(answer.json()["error_description"])
    assert all(" " <= letter <= "~" and letter not in '"\\' for letter in text)
    if status == 401:
        assert answer.headers["www-authenticate"].startswith("Basic ")
    return text


def assert_headers(answer: httpx.Response) -> None:
    """Nobody on the way may keep an answer (RFC 6749 §5.1)."""
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["pragma"] == "no-cache"
    assert uuid.UUID(answer.headers["x-trace-id"])
