"""An organization whose people sign in at an identity provider on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from ipaddress import ip_network
from typing import Any

import httpx
import pytest

from api.identity.oidc.providers import Providers
from api.net.client import Client
from api.provisioning import clock
from tests.scim.conftest import scim
from tests.scim.conversation import Scim
from tests.scim.governing import choose, governor, own

from ..browsers import browser_of
from .provider import Provider, serving
from .signing_in import Browser, connect

__all__ = ["scim"]


@pytest.fixture
def provider() -> Iterator[Provider]:
    """An honest provider."""
    with serving() as honest:
        yield honest


@pytest.fixture
def other_provider() -> Iterator[Provider]:
    """Another one, for whom the first is a stranger."""
    with serving() as honest:
        yield honest


@pytest.fixture
async def loopback(_application: Any) -> AsyncIterator[None]:
    """The application may talk to providers on this machine, and remembers nothing of others."""
    before = _application.state["providers"]
    async with Client([ip_network("127.0.0.0/8"), ip_network("::1")]) as client:
        _application.state["providers"] = Providers(client)
        yield
    _application.state["providers"] = before


@pytest.fixture
async def acme(scim: Scim, loopback: None) -> Scim:
    """An organization with a verified domain where signing in makes members."""
    await own(scim, "example.com")
    await choose(scim, domain_rule="VERIFIED", jit_enabled=True)
    return scim


@pytest.fixture
async def ann(
    acme: Scim, provider: Provider, _application: object, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Browser]:
    """Ann's browser in front of a connection of Acme's; time stands still, for her provider as well."""
    at = clock.now()
    monkeypatch.setattr(clock, "now", lambda: at)
    connection = await connect(governor(acme), provider)
    async with browser_of(_application) as http:
        yield Browser(http, connection, provider)


@pytest.fixture
async def another(_application: object, database: None) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody else's browser."""
    async with browser_of(_application) as http:
        yield http
