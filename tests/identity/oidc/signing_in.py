"""What tests of single sign-on do: an organization with a connection, and browsers that go and come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from api.identity import connections
from api.identity.choices import Choice, OidcSettings
from api.provisioning import clock
from api.provisioning.actor import Actor
from db import sql
from db.sso_rows import ConnectionRow

from .provider import CLIENT_ID, CLIENT_SECRET, Provider

SESSION, BROWSER = "rollcall-session", "rollcall-browser"


@dataclass(frozen=True, slots=True)
class Browser:
    """Somebody's browser, with cookies of its own, in front of one connection."""

    http: httpx.AsyncClient
    connection: ConnectionRow
    provider: Provider

    async def go(self, **query: str) -> dict[str, str]:
        """Begin to sign in; what the provider is asked for, which it will answer."""
        answer = await self.http.get(f"/sso/{self.connection.id}/start", params=query)
        assert answer.status_code == 303, answer.text
        place = urlsplit(answer.headers["location"])
        asked = dict(parse_qsl(place.query, keep_blank_values=True, strict_parsing=True))
        self.provider.nonce = asked["nonce"]
        return asked

    async def back(self, asked: dict[str, str], **changed: str | None) -> httpx.Response:
        """Come back with a code, or with what is said instead; None leaves a parameter out."""
        given = {"code": self.provider.code, "state": asked["state"], **changed}
        query = {name: value for name, value in given.items() if value is not None}
        return await self.http.get(f"/sso/{self.connection.id}/callback", params=query)

    async def sign_in(self, **changed: str | None) -> httpx.Response:
        """Go and come back."""
        return await self.back(await self.go(), **changed)


async def connect(actor: Actor, provider: Provider, **chosen: Any) -> ConnectionRow:
    """A connection to a provider by which people sign in."""
    settings = OidcSettings(client_id=CLIENT_ID, **chosen)
    choice = Choice("Okta", settings, issuer=provider.url, client_secret=CLIENT_SECRET.encode())
    made = await connections.create(actor, choice)
    return await connections.activate(actor, made.id)


def is_in(answer: httpx.Response) -> bool:
    """Whether somebody was signed in; an answer is one or the other, and nothing between."""
    has_session = SESSION in answer.cookies
    assert (answer.status_code == 303) == has_session, answer.text
    assert answer.status_code in (303, 403, 429)
    return has_session


async def known(connection: ConnectionRow) -> dict[str, str]:
    """Whom a connection knows: address by id."""
    found = await sql.rows(
        "SELECT i.subject, m.email FROM sso_identity i JOIN member m ON m.id = i.member_id WHERE i.connection_id = $1",
        connection.id,
    )
    return {row[0]: row[1] for row in found}


def go_on(monkeypatch: pytest.MonkeyPatch, **time: float) -> None:
    """Let time pass for the application."""
    now = clock.now

    def later() -> datetime:
        return now() + timedelta(**time)

    monkeypatch.setattr(clock, "now", later)
