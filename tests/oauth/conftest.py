"""A directory with OAuth clients, among others."""

from __future__ import annotations

import pytest

from tests.scim.conftest import ann, live, scim, sibling, stranger
from tests.scim.conversation import Scim

from .asking import Client, known_by_a_secret

__all__ = ["ann", "live", "scim", "sibling", "stranger"]


@pytest.fixture
async def okta(scim: Scim) -> Client:
    """A client of `scim` with a secret."""
    return await known_by_a_secret(scim)


@pytest.fixture
async def others(sibling: Scim, stranger: Scim) -> list[Client]:
    """Clients of a sibling directory and of another organization."""
    return [await known_by_a_secret(each) for each in (sibling, stranger)]
