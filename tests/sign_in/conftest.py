"""An organization where signing in makes members, and the application in front of it."""

from __future__ import annotations

import pytest

from tests.members.conftest import seats_add_up
from tests.scim.conftest import ann, live, scim, sibling, stranger
from tests.scim.conversation import Scim
from tests.scim.governing import choose, own

from .telling import Host, host

__all__ = ["ann", "live", "scim", "seats_add_up", "sibling", "stranger"]


@pytest.fixture
async def jit(scim: Scim) -> Scim:
    """An organization with a verified domain where signing in makes members."""
    await own(scim, "example.com")
    await choose(scim, domain_rule="VERIFIED", jit_enabled=True)
    return scim


@pytest.fixture
async def app(jit: Scim) -> Host:
    """The application of that organization."""
    return await host(jit)
