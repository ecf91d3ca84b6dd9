"""An organization whose people sign in by SAML."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.scim.conftest import scim
from tests.scim.conversation import Scim
from tests.scim.governing import choose, governor, own

from ..browsers import browser_of
from .signing_in import Browser, connect

__all__ = ["scim"]


@pytest.fixture
async def acme(scim: Scim) -> Scim:
    """An organization with a verified domain where signing in makes members."""
    await own(scim, "example.com")
    await choose(scim, domain_rule="VERIFIED", jit_enabled=True)
    return scim


@pytest.fixture
async def mallory(acme: Scim, _application: object) -> AsyncIterator[Browser]:
    """A browser in front of a connection of Acme's."""
    connection = await connect(governor(acme))
    async with browser_of(_application) as http, browser_of(_application) as elsewhere:
        yield Browser(http, elsewhere, connection)


@pytest.fixture
async def victim(mallory: Browser, _application: object) -> AsyncIterator[Browser]:
    """Another one in front of the same connection."""
    async with browser_of(_application) as http, browser_of(_application) as elsewhere:
        yield Browser(http, elsewhere, mallory.connection)
